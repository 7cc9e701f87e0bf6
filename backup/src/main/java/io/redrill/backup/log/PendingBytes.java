package io.redrill.backup.log;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.io.ByteArrayOutputStream;

/// The bytes of the command or transaction that is being read.
///
/// They have to stay together, since a segment holds whole ones only; so there is a limit to what
/// one may have.
final class PendingBytes extends ByteArrayOutputStream {

  /// More than this is not kept for the next one.
  private static final int KEPT_BYTES = 1024 * 1024;

  private final long largestBytes;

  PendingBytes(long largestBytes) {
    this.largestBytes = largestBytes;
  }

  /// @throws RedrillException with [ErrorCode#DATA_TOO_LARGE]; the bytes are dropped then
  @Override
  public synchronized void write(byte[] source, int from, int length) {
    if ((long) count + length > largestBytes) {
      reset();
      throw new RedrillException(
          ErrorCode.DATA_TOO_LARGE,
          "problem",
          "a command or transaction of the log has more bytes than the heap allows",
          "allowedBytes",
          largestBytes);
    }
    super.write(source, from, length);
  }

  /// The array that holds the bytes, from 0 to [#size()]; lent until the next change.
  byte[] bytes() {
    return buf;
  }

  /// Takes back the last `length` bytes.
  void drop(long length) {
    count -= Math.toIntExact(length);
  }

  @Override
  public synchronized void reset() {
    if (buf.length > KEPT_BYTES) {
      buf = new byte[8 * 1024];
    }
    super.reset();
  }
}
