package io.redrill.rdb.stats;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;

/// Counts the elements of a value while it is walked, where nothing in front tells their number.
final class ElementCounter implements ElementHandler {

  private long count;
  private boolean isVectorSet;

  void clear() {
    count = 0;
    isVectorSet = false;
  }

  long count() {
    return count;
  }

  boolean isVectorSet() {
    return isVectorSet;
  }

  @Override
  public void string(ByteSlice string) {
    count++;
  }

  @Override
  public void element(ByteSlice element) {
    count++;
  }

  @Override
  public void member(ByteSlice member, double score) {
    count++;
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    count++;
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    count++;
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    count++;
  }

  @Override
  public void arrayInteger(long index, long value) {
    count++;
  }

  @Override
  public void arrayDouble(long index, double value) {
    count++;
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    isVectorSet = true;
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    count++;
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    count++;
  }
}
