package io.redrill.rdb.convert;

/// Bytes of a file that were read and found sound, to be copied later: from `start` to `end`, with
/// their CRC-64.
record CheckedBytes(long start, long end, long crc) {

  long length() {
    return end - start;
  }
}
