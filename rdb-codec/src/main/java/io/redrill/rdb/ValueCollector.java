package io.redrill.rdb;

import io.redrill.rdb.RdbValue.ArrayValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.OpaqueValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValue.VectorSetValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Keeps all of a value that is walked, to give it as one.
class ValueCollector implements ElementHandler {

  private final RdbType type;
  private final List<byte[]> elements = new ArrayList<>();
  private final List<SortedSetValue.Member> members = new ArrayList<>();
  private final List<HashValue.Field> fields = new ArrayList<>();
  private final List<ArrayValue.Element> arrayElements = new ArrayList<>();
  private final List<VectorSetValue.Vector> vectors = new ArrayList<>();
  private final StreamCollector stream = new StreamCollector();
  private OptionalLong insertIndex = OptionalLong.empty();
  private byte[] vectorPayload = {};
  private Optional<VectorSetShape> shape = Optional.empty();
  private Optional<RdbValue> opaque = Optional.empty();

  ValueCollector(RdbType type) {
    this.type = type;
  }

  RdbValue value() {
    return switch (type.kind()) {
      case STRING -> new StringValue(elements.getFirst());
      case LIST -> new ListValue(elements);
      case SET -> new SetValue(elements);
      case SORTED_SET -> new SortedSetValue(members);
      case HASH -> new HashValue(fields);
      case STREAM -> stream.value();
      case ARRAY -> new ArrayValue(arrayElements, insertIndex);
      case MODULE, VECTOR_SET, OTHER ->
          shape.isPresent()
              ? new VectorSetValue(shape.get(), vectors, vectorPayload)
              : opaque.orElseThrow();
    };
  }

  @Override
  public void string(ByteSlice string) {
    elements.add(string.toByteArray());
  }

  @Override
  public void element(ByteSlice element) {
    elements.add(element.toByteArray());
  }

  @Override
  public void member(ByteSlice member, double score) {
    members.add(new SortedSetValue.Member(member.toByteArray(), score));
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    fields.add(new HashValue.Field(field.toByteArray(), value.toByteArray(), expireAtMillis));
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    stream.entry(new StreamValue.Id(millis, sequence));
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    stream.field(field.toByteArray(), value.toByteArray());
  }

  @Override
  public void streamState(StreamState state) {
    stream.state(state);
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    stream.group(name.toByteArray(), new StreamValue.Id(millis, sequence), entriesRead);
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    stream.pending(
        new StreamValue.Pending(
            new StreamValue.Id(millis, sequence), deliveredAtMillis, deliveryCount));
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    stream.consumer(
        new StreamValue.Consumer(
            name.toByteArray(), seenAtMillis, activeAtMillis, new ArrayList<>()));
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    stream.consumerPending(new StreamValue.Id(millis, sequence));
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    stream.unowned(new StreamValue.Id(millis, sequence));
  }

  @Override
  public void idempotence(long seconds, long maxEntries) {
    stream.idempotence(seconds, maxEntries);
  }

  @Override
  public void producer(ByteSlice name) {
    stream.producer(name.toByteArray());
  }

  @Override
  public void producerMessage(ByteSlice messageId, long millis, long sequence) {
    stream.producerMessage(messageId.toByteArray(), new StreamValue.Id(millis, sequence));
  }

  @Override
  public void idempotenceCounts(long added, long duplicates) {
    stream.idempotenceCounts(added, duplicates);
  }

  @Override
  public void arrayInsertIndex(long index) {
    insertIndex = OptionalLong.of(index);
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    arrayElements.add(new ArrayValue.Text(index, text.toByteArray()));
  }

  @Override
  public void arrayInteger(long index, long value) {
    arrayElements.add(new ArrayValue.Whole(index, value));
  }

  @Override
  public void arrayDouble(long index, double value) {
    arrayElements.add(new ArrayValue.Fraction(index, value));
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    this.shape = Optional.of(shape);
    vectorPayload = payload.toByteArray();
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    vectors.add(
        new VectorSetValue.Vector(
            element.toByteArray(), attributes.toByteArray(), vector.toByteArray(), range, norm));
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    byte[] kept = payload.toByteArray();
    opaque =
        Optional.of(
            type.kind() == RdbKind.MODULE
                ? new ModuleValue(typeName, kept)
                : new OpaqueValue(typeName, kept));
  }
}
