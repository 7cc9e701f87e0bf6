package io.redrill.rdb;

/// Two handlers that see the same walk, one after the other.
final class BothHandlers implements ElementHandler {

  private final ElementHandler first;
  private final ElementHandler second;

  BothHandlers(ElementHandler first, ElementHandler second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public void string(ByteSlice string) {
    first.string(string);
    second.string(string);
  }

  @Override
  public void node(int sizeBytes) {
    first.node(sizeBytes);
    second.node(sizeBytes);
  }

  @Override
  public void element(ByteSlice element) {
    first.element(element);
    second.element(element);
  }

  @Override
  public void member(ByteSlice member, double score) {
    first.member(member, score);
    second.member(member, score);
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    first.field(field, value, expireAtMillis);
    second.field(field, value, expireAtMillis);
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    first.streamEntry(millis, sequence);
    second.streamEntry(millis, sequence);
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    first.streamField(field, value);
    second.streamField(field, value);
  }

  @Override
  public void streamState(StreamState state) {
    first.streamState(state);
    second.streamState(state);
  }

  @Override
  public void group(
      ByteSlice name, long lastDeliveredMillis, long lastDeliveredSequence, long entriesRead) {
    first.group(name, lastDeliveredMillis, lastDeliveredSequence, entriesRead);
    second.group(name, lastDeliveredMillis, lastDeliveredSequence, entriesRead);
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    first.pending(millis, sequence, deliveredAtMillis, deliveryCount);
    second.pending(millis, sequence, deliveredAtMillis, deliveryCount);
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    first.consumer(name, seenAtMillis, activeAtMillis);
    second.consumer(name, seenAtMillis, activeAtMillis);
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    first.consumerPending(millis, sequence);
    second.consumerPending(millis, sequence);
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    first.unownedPending(millis, sequence);
    second.unownedPending(millis, sequence);
  }

  @Override
  public void idempotence(long seconds, long maxEntries) {
    first.idempotence(seconds, maxEntries);
    second.idempotence(seconds, maxEntries);
  }

  @Override
  public void producer(ByteSlice name) {
    first.producer(name);
    second.producer(name);
  }

  @Override
  public void producerMessage(ByteSlice messageId, long millis, long sequence) {
    first.producerMessage(messageId, millis, sequence);
    second.producerMessage(messageId, millis, sequence);
  }

  @Override
  public void idempotenceCounts(long added, long duplicates) {
    first.idempotenceCounts(added, duplicates);
    second.idempotenceCounts(added, duplicates);
  }

  @Override
  public void arrayInsertIndex(long index) {
    first.arrayInsertIndex(index);
    second.arrayInsertIndex(index);
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    first.arrayText(index, text);
    second.arrayText(index, text);
  }

  @Override
  public void arrayInteger(long index, long value) {
    first.arrayInteger(index, value);
    second.arrayInteger(index, value);
  }

  @Override
  public void arrayDouble(long index, double value) {
    first.arrayDouble(index, value);
    second.arrayDouble(index, value);
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    first.vectorSet(shape, payload);
    second.vectorSet(shape, payload);
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    first.vector(element, attributes, vector, range, norm);
    second.vector(element, attributes, vector, range, norm);
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    first.opaque(typeName, payload);
    second.opaque(typeName, payload);
  }
}
