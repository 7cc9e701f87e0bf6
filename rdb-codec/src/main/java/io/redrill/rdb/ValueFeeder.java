package io.redrill.rdb;

import io.redrill.rdb.ElementHandler.StreamState;
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
import java.util.List;

/// Hands the pieces of a decoded value to a handler, as [ValueWalker] does with a stored one.
final class ValueFeeder {

  private final ElementHandler handler;
  private final ByteSlice first = new ByteSlice();
  private final ByteSlice second = new ByteSlice();
  private final ByteSlice third = new ByteSlice();

  ValueFeeder(ElementHandler handler) {
    this.handler = handler;
  }

  void feed(RdbValue value) {
    switch (value) {
      case StringValue(byte[] bytes) -> handler.string(show(first, bytes));
      case ListValue(List<byte[]> elements) -> elements(elements);
      case SetValue(List<byte[]> members) -> elements(members);
      case SortedSetValue(List<SortedSetValue.Member> members) ->
          members.forEach(member -> handler.member(show(first, member.member()), member.score()));
      case HashValue(List<HashValue.Field> fields) ->
          fields.forEach(field ->
              handler.field(
                  show(first, field.field()), show(second, field.value()), field.expireAtMillis()));
      case StreamValue stream -> stream(stream);
      case ArrayValue array -> array(array);
      case VectorSetValue(
              ElementHandler.VectorSetShape shape,
              List<VectorSetValue.Vector> vectors,
              byte[] payload) -> {
        handler.vectorSet(shape, show(first, payload));
        for (VectorSetValue.Vector vector : vectors) {
          handler.vector(
              show(first, vector.element()),
              show(second, vector.attributes()),
              show(third, vector.vector()),
              vector.range(),
              vector.norm());
        }
      }
      case ModuleValue(String name, byte[] payload) -> handler.opaque(name, show(first, payload));
      case OpaqueValue(String name, byte[] payload) -> handler.opaque(name, show(first, payload));
    }
  }

  private void elements(List<byte[]> elements) {
    elements.forEach(element -> handler.element(show(first, element)));
  }

  private void array(ArrayValue array) {
    array.insertIndex().ifPresent(handler::arrayInsertIndex);
    for (ArrayValue.Element element : array.elements()) {
      switch (element) {
        case ArrayValue.Text(long index, byte[] text) ->
            handler.arrayText(index, show(first, text));
        case ArrayValue.Whole(long index, long number) -> handler.arrayInteger(index, number);
        case ArrayValue.Fraction(long index, double number) -> handler.arrayDouble(index, number);
      }
    }
  }

  private void stream(StreamValue stream) {
    for (StreamValue.Entry entry : stream.entries()) {
      handler.streamEntry(entry.id().millis(), entry.id().sequence());
      List<byte[]> pairs = entry.fieldsAndValues();
      for (int i = 0; i < pairs.size(); i += 2) {
        handler.streamField(show(first, pairs.get(i)), show(second, pairs.get(i + 1)));
      }
    }
    handler.streamState(
        new StreamState(
            stream.length(),
            stream.lastId().millis(),
            stream.lastId().sequence(),
            stream.firstId().millis(),
            stream.firstId().sequence(),
            stream.maxDeletedId().millis(),
            stream.maxDeletedId().sequence(),
            stream.entriesAdded()));
    stream.groups().forEach(this::group);
    stream.idempotence().ifPresent(this::idempotence);
  }

  private void group(StreamValue.Group group) {
    StreamValue.Id last = group.lastDeliveredId();
    handler.group(show(first, group.name()), last.millis(), last.sequence(), group.entriesRead());
    for (StreamValue.Pending pending : group.pending()) {
      handler.pending(
          pending.id().millis(),
          pending.id().sequence(),
          pending.deliveredAtMillis(),
          pending.deliveryCount());
    }
    for (StreamValue.Consumer consumer : group.consumers()) {
      handler.consumer(
          show(first, consumer.name()), consumer.seenAtMillis(), consumer.activeAtMillis());
      consumer.pending().forEach(id -> handler.consumerPending(id.millis(), id.sequence()));
    }
    group.unowned().forEach(id -> handler.unownedPending(id.millis(), id.sequence()));
  }

  private void idempotence(StreamValue.Idempotence remembered) {
    handler.idempotence(remembered.seconds(), remembered.maxEntries());
    for (StreamValue.Producer producer : remembered.producers()) {
      handler.producer(show(first, producer.name()));
      for (StreamValue.Message message : producer.messages()) {
        handler.producerMessage(
            show(first, message.messageId()), message.id().millis(), message.id().sequence());
      }
    }
    handler.idempotenceCounts(remembered.added(), remembered.duplicates());
  }

  private static ByteSlice show(ByteSlice slice, byte[] bytes) {
    slice.set(bytes, 0, bytes.length);
    return slice;
  }
}
