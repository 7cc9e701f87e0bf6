package io.redrill.aof.stream;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/// The RDB at the beginning of a full synchronisation, in a [SnapshotFrame].
///
/// Nothing else separates the RDB from the commands after it. Since an RDB reader takes exactly the
/// bytes of the RDB, the frame is not needed to find the end, and serves to prove it.
public final class SnapshotPayload {

  private final ByteInput in;
  private final SnapshotFrame frame;
  private final Runnable whenFinished;

  SnapshotPayload(ByteInput in, SnapshotFrame frame, Runnable whenFinished) {
    this.in = in;
    this.frame = frame;
    this.whenFinished = whenFinished;
  }

  /// Where the RDB is to be read from: its first byte is the next one, at offset 0. It is the input
  /// of the whole connection, so that a reader must not take a byte more than the RDB.
  public ByteInput input() {
    return in;
  }

  /// The length of the RDB in bytes, if the frame says it.
  public OptionalLong lengthBytes() {
    return frame instanceof SnapshotFrame.OfLength(long lengthBytes)
        ? OptionalLong.of(lengthBytes)
        : OptionalLong.empty();
  }

  /// Proves that the RDB ended where its frame says, once it has been read.
  ///
  /// @throws CorruptInputException if it did not
  /// @throws EOFException if the primary hung up before
  public void finish() throws IOException {
    long end = in.offset();
    switch (frame) {
      case SnapshotFrame.OfLength(long lengthBytes) -> {
        if (lengthBytes != end) {
          throw new CorruptInputException(
              "snapshot does not end where its length says: " + lengthBytes, in.name(), end);
        }
      }
      case SnapshotFrame.UntilMark(byte[] mark) -> {
        if (!Arrays.equals(in.readBytes(mark.length), mark)) {
          throw new CorruptInputException("snapshot does not end with its mark", in.name(), end);
        }
      }
    }
    whenFinished.run();
  }
}
