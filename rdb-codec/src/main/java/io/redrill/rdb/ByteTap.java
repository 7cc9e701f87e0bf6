package io.redrill.rdb;

import java.io.IOException;

/// Sees each byte that a reader consumes, once and in order.
///
/// A tap lets one pass over the bytes serve two ends: the codec checks what the compressor stores.
@FunctionalInterface
public interface ByteTap {

  /// Receives `length` consumed bytes of `buffer` from `offset` on. The buffer is lent: it is
  /// reused when this method returns, and must not be changed.
  void accept(byte[] buffer, int offset, int length) throws IOException;
}
