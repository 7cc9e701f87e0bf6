package io.redrill.aof.stream;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/// The RDB at the beginning of a full synchronisation, in one of two frames:
///
/// ```
/// $<length>\r\n     <length bytes of RDB>
/// $EOF:<mark>\r\n   <RDB> <mark>            the mark is 40 random characters
/// ```
///
/// Nothing else separates the RDB from the commands after it. Since an RDB reader takes exactly the
/// bytes of the RDB, the frame is not needed to find the end, and serves to prove it.
public final class SnapshotPayload {

  private final ByteInput in;
  private final OptionalLong lengthBytes;
  private final byte[] mark;
  private final Runnable whenFinished;

  private SnapshotPayload(
      ByteInput in, OptionalLong lengthBytes, byte[] mark, Runnable whenFinished) {
    this.in = in;
    this.lengthBytes = lengthBytes;
    this.mark = mark;
    this.whenFinished = whenFinished;
  }

  static SnapshotPayload ofLength(ByteInput in, long lengthBytes, Runnable whenFinished) {
    return new SnapshotPayload(in, OptionalLong.of(lengthBytes), new byte[0], whenFinished);
  }

  static SnapshotPayload untilMark(ByteInput in, byte[] mark, Runnable whenFinished) {
    return new SnapshotPayload(in, OptionalLong.empty(), mark, whenFinished);
  }

  /// Where the RDB is to be read from: its first byte is the next one, at offset 0. It is the input
  /// of the whole connection, so that a reader must not take a byte more than the RDB.
  public ByteInput input() {
    return in;
  }

  /// The length of the RDB in bytes, if the frame says it.
  public OptionalLong lengthBytes() {
    return lengthBytes;
  }

  /// Proves that the RDB ended where its frame says, once it has been read.
  ///
  /// @throws CorruptInputException if it did not
  /// @throws EOFException if the primary hung up before
  public void finish() throws IOException {
    long end = in.offset();
    if (lengthBytes.isPresent() && lengthBytes.getAsLong() != end) {
      throw new CorruptInputException(
          "snapshot does not end where its length says: " + lengthBytes.getAsLong(),
          in.name(),
          end);
    }
    if (!Arrays.equals(in.readBytes(mark.length), mark)) {
      throw new CorruptInputException("snapshot does not end with its mark", in.name(), end);
    }
    whenFinished.run();
  }
}
