package io.redrill.backup.log;

import java.io.ByteArrayOutputStream;

/// The bytes of the command or transaction that is being read.
final class PendingBytes extends ByteArrayOutputStream {

  /// More than this is not kept for the next one.
  private static final int KEPT_BYTES = 1024 * 1024;

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
