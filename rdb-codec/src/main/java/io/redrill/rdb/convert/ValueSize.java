package io.redrill.rdb.convert;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;

/// About how much memory a collection takes that is decoded as a whole, found while it is walked.
final class ValueSize implements ElementHandler {

  /// An array, an object around it, and their places in lists.
  private static final int PIECE_BYTES = 64;

  private long bytes;

  /// So many bytes.
  long bytes() {
    return bytes;
  }

  private void add(int length) {
    bytes += PIECE_BYTES + length;
  }

  @Override
  public void element(ByteSlice element) {
    add(element.length());
  }

  @Override
  public void member(ByteSlice member, double score) {
    add(member.length());
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    add(field.length());
    add(value.length());
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    add(0);
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    add(field.length());
    add(value.length());
  }
}
