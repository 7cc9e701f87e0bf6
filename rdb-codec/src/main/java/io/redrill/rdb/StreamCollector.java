package io.redrill.rdb;

import io.redrill.rdb.ElementHandler.StreamState;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StreamValue.Consumer;
import io.redrill.rdb.RdbValue.StreamValue.Group;
import io.redrill.rdb.RdbValue.StreamValue.Idempotence;
import io.redrill.rdb.RdbValue.StreamValue.Message;
import io.redrill.rdb.RdbValue.StreamValue.Pending;
import io.redrill.rdb.RdbValue.StreamValue.Producer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps all of a stream that is walked.
final class StreamCollector {

  private final List<StreamValue.Entry> entries = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final List<Producer> producers = new ArrayList<>();
  private StreamState state = new StreamState(0, 0, 0, 0, 0, 0, 0, 0);
  private Optional<Idempotence> idempotence = Optional.empty();

  StreamValue value() {
    return new StreamValue(
        entries,
        state.length(),
        new StreamValue.Id(state.lastMillis(), state.lastSequence()),
        new StreamValue.Id(state.firstMillis(), state.firstSequence()),
        new StreamValue.Id(state.maxDeletedMillis(), state.maxDeletedSequence()),
        state.entriesAdded(),
        groups,
        idempotence);
  }

  void entry(StreamValue.Id id) {
    entries.add(new StreamValue.Entry(id, new ArrayList<>()));
  }

  void field(byte[] field, byte[] value) {
    List<byte[]> fields = entries.getLast().fieldsAndValues();
    fields.add(field);
    fields.add(value);
  }

  void state(StreamState state) {
    this.state = state;
  }

  void group(byte[] name, StreamValue.Id lastDelivered, long entriesRead) {
    groups.add(
        new Group(
            name,
            lastDelivered,
            entriesRead,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>()));
  }

  void pending(Pending pending) {
    groups.getLast().pending().add(pending);
  }

  void consumer(Consumer consumer) {
    groups.getLast().consumers().add(consumer);
  }

  void consumerPending(StreamValue.Id id) {
    groups.getLast().consumers().getLast().pending().add(id);
  }

  void unowned(StreamValue.Id id) {
    groups.getLast().unowned().add(id);
  }

  void idempotence(long seconds, long maxEntries) {
    idempotence = Optional.of(new Idempotence(seconds, maxEntries, producers, 0, 0));
  }

  void producer(byte[] name) {
    producers.add(new Producer(name, new ArrayList<>()));
  }

  void producerMessage(byte[] messageId, StreamValue.Id id) {
    producers.getLast().messages().add(new Message(messageId, id));
  }

  void idempotenceCounts(long added, long duplicates) {
    idempotence =
        idempotence.map(begun ->
            new Idempotence(begun.seconds(), begun.maxEntries(), producers, added, duplicates));
  }
}
