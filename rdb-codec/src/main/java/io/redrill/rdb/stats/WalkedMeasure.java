package io.redrill.rdb.stats;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbType;

/// Measures a value while it is walked: one that is too large to be held, or whose elements nothing
/// counts. What it finds is what [KeyMeasure] finds by the lengths alone, where those suffice; only
/// of a damaged value it finds that.
final class WalkedMeasure implements ElementHandler {

  private final MemoryModel memory;
  private RdbType type = RdbType.LIST;
  private long elements;
  private long bytes;
  private long nodes;
  private boolean hasGroup;
  private boolean hasConsumer;
  private boolean isVectorSet;
  private long pending;
  private long consumerName;
  private long owned;

  WalkedMeasure(MemoryModel memory) {
    this.memory = memory;
  }

  /// Begins a value stored as `of`.
  void begin(RdbType of) {
    type = of;
    elements = 0;
    bytes = 0;
    nodes = 0;
    hasGroup = false;
    hasConsumer = false;
    isVectorSet = false;
  }

  /// Ends the value, which takes `storedBytes` in the file, and gives the memory for it.
  long end(long storedBytes) {
    endGroup();
    return switch (type.kind()) {
      case LIST -> memory.list() + (type == RdbType.LIST ? memory.listNodes(bytes) : bytes);
      case SET, HASH ->
          MemoryModel.OBJECT + memory.table(elements) + elements * MemoryModel.TABLE_ENTRY + bytes;
      case SORTED_SET -> memory.sortedSet(elements) + bytes;
      case STREAM -> memory.stream(nodes) + bytes;
      case STRING, ARRAY, VECTOR_SET, MODULE, OTHER -> memory.packed(storedBytes);
    };
  }

  long elements() {
    return elements;
  }

  RdbKind kind() {
    return isVectorSet ? RdbKind.VECTOR_SET : type.kind();
  }

  @Override
  public void node(int sizeBytes) {
    nodes++;
    bytes +=
        type.kind() == RdbKind.STREAM ? memory.streamNode(sizeBytes) : memory.listNode(sizeBytes);
  }

  @Override
  public void element(ByteSlice element) {
    elements++;
    if (type == RdbType.LIST) {
      bytes += KeyMeasure.packedBytes(element.length());
    } else if (type == RdbType.SET) {
      bytes += memory.sds(element.length());
    }
  }

  @Override
  public void member(ByteSlice member, double score) {
    elements++;
    bytes += memory.sds(member.length());
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    elements++;
    bytes += memory.sds(field.length()) + memory.sds(value.length());
  }

  @Override
  public void streamState(StreamState state) {
    elements = state.length();
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    endGroup();
    hasGroup = true;
    pending = 0;
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    pending++;
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    endConsumer();
    hasConsumer = true;
    consumerName = name.length();
    owned = 0;
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    owned++;
  }

  private void endConsumer() {
    if (hasConsumer) {
      bytes += memory.consumer(consumerName, owned);
    }
    hasConsumer = false;
  }

  private void endGroup() {
    endConsumer();
    if (hasGroup) {
      bytes += memory.group(pending);
    }
    hasGroup = false;
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    elements++;
  }

  @Override
  public void arrayInteger(long index, long value) {
    elements++;
  }

  @Override
  public void arrayDouble(long index, double value) {
    elements++;
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    isVectorSet = true;
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    elements++;
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    elements++;
  }
}
