package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.StreamValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Entries in the order of their ids, with consumer groups.
///
/// Simple for now: a balanced tree of entries, each a list of field names and values in turn.
public final class RedisStream implements DecodedValue {

  private final NavigableMap<StreamId, List<byte[]>> entries = new TreeMap<>();
  private final NavigableMap<byte[], ConsumerGroup> groups = new TreeMap<>(Arrays::compareUnsigned);
  private StreamId lastId = StreamId.MIN;
  private StreamId maxDeletedId = StreamId.MIN;
  private long entriesAdded;
  private long payloadBytes;

  /// Makes an empty stream.
  public RedisStream() {}

  /// Holds what `value` holds.
  public RedisStream(StreamValue value) {
    for (StreamValue.Entry entry : value.entries()) {
      put(id(entry.id()), entry.fieldsAndValues());
    }
    lastId = id(value.lastId());
    maxDeletedId = id(value.maxDeletedId());
    entriesAdded = value.entriesAdded();
    for (StreamValue.Group stored : value.groups()) {
      ConsumerGroup group =
          createGroup(stored.name(), id(stored.lastDeliveredId()), stored.entriesRead());
      NavigableMap<StreamId, StreamValue.Pending> deliveries = new TreeMap<>();
      stored.pending().forEach(pending -> deliveries.put(id(pending.id()), pending));
      for (StreamValue.Consumer one : stored.consumers()) {
        ConsumerGroup.Consumer consumer =
            group.addConsumer(one.name(), one.seenAtMillis(), one.activeAtMillis());
        for (StreamValue.Id pendingId : one.pending()) {
          StreamValue.Pending pending = deliveries.get(id(pendingId));
          if (pending != null) {
            group.deliver(
                id(pendingId), consumer, pending.deliveredAtMillis(), pending.deliveryCount());
          }
        }
      }
    }
  }

  /// The entries by id; to be changed only by this class.
  public NavigableMap<StreamId, List<byte[]>> entries() {
    return Collections.unmodifiableNavigableMap(entries);
  }

  /// The number of entries.
  public int length() {
    return entries.size();
  }

  /// The highest id ever added.
  public StreamId lastId() {
    return lastId;
  }

  /// The id of the first entry, or the lowest id if there is none.
  public StreamId firstId() {
    return entries.isEmpty() ? StreamId.MIN : entries.firstKey();
  }

  /// The highest id that was deleted from the middle.
  public StreamId maxDeletedId() {
    return maxDeletedId;
  }

  /// How many entries were ever added.
  public long entriesAdded() {
    return entriesAdded;
  }

  /// Sets the counters, as `XSETID` does.
  public void counters(StreamId last, long added, StreamId maxDeleted) {
    lastId = last;
    entriesAdded = added;
    maxDeletedId = maxDeleted;
  }

  /// Adds an entry; its id must be above [#lastId()].
  public void add(StreamId id, List<byte[]> fieldsAndValues) {
    put(id, fieldsAndValues);
    lastId = id;
    entriesAdded++;
  }

  /// Deletes an entry; says whether it was there.
  public boolean delete(StreamId id) {
    if (!drop(id)) {
      return false;
    }
    if (id.compareTo(maxDeletedId) > 0) {
      maxDeletedId = id;
    }
    return true;
  }

  /// Removes up to `count` entries from the beginning.
  public void trim(long count) {
    for (long i = 0; i < count && !entries.isEmpty(); i++) {
      drop(entries.firstKey());
    }
  }

  /// The consumer groups by name.
  public NavigableMap<byte[], ConsumerGroup> groups() {
    return groups;
  }

  /// Makes a group that is not there.
  public ConsumerGroup createGroup(byte[] name, StreamId lastDelivered, long entriesRead) {
    ConsumerGroup group = new ConsumerGroup(name, lastDelivered, entriesRead);
    groups.put(name, group);
    return group;
  }

  /// Whether something from `start` on may have been deleted from the middle, so that counting
  /// forward from there does not work. What was deleted before the first entry is not in the
  /// middle.
  public boolean hasTombstonesFrom(StreamId start) {
    return length() > 0
        && !maxDeletedId.isZero()
        && firstId().compareTo(maxDeletedId) <= 0
        && start.compareTo(maxDeletedId) <= 0;
  }

  /// How many entries were ever added up to `id`, where that can be told, else
  /// [ConsumerGroup#UNKNOWN].
  public long addedUpTo(StreamId id) {
    if (entriesAdded == 0) {
      return 0;
    }
    int toLast = id.compareTo(lastId);
    if ((length() == 0 && toLast < 0) || toLast == 0) {
      return entriesAdded;
    }
    if (toLast > 0) {
      return ConsumerGroup.UNKNOWN;
    }
    if (maxDeletedId.isZero() || maxDeletedId.compareTo(firstId()) < 0) {
      int toFirst = id.compareTo(firstId());
      if (toFirst < 0) {
        return entriesAdded - length();
      }
      if (toFirst == 0) {
        return entriesAdded - length() + 1;
      }
    }
    return ConsumerGroup.UNKNOWN;
  }

  @Override
  public RdbKind kind() {
    return RdbKind.STREAM;
  }

  @Override
  public String encoding() {
    return "stream";
  }

  @Override
  public RdbValue toRdb() {
    List<StreamValue.Entry> list = new ArrayList<>(entries.size());
    entries.forEach((id, fields) -> list.add(new StreamValue.Entry(id(id), fields)));
    List<StreamValue.Group> stored = new ArrayList<>();
    groups.values().forEach(group -> stored.add(stored(group)));
    return new StreamValue(
        list, entries.size(), id(lastId), id(firstId()), id(maxDeletedId), entriesAdded, stored);
  }

  private static StreamValue.Group stored(ConsumerGroup group) {
    List<StreamValue.Pending> pending = new ArrayList<>();
    group
        .pending()
        .forEach((id, one) ->
            pending.add(
                new StreamValue.Pending(id(id), one.deliveredAtMillis(), one.deliveries())));
    List<StreamValue.Consumer> consumers = new ArrayList<>();
    for (ConsumerGroup.Consumer one : group.consumers().values()) {
      consumers.add(
          new StreamValue.Consumer(
              one.name(),
              one.seenAtMillis(),
              one.activeAtMillis(),
              one.pending().stream().map(RedisStream::id).toList()));
    }
    return new StreamValue.Group(
        group.name(), id(group.lastId()), group.entriesRead(), pending, consumers);
  }

  @Override
  public RedisStream copy() {
    return new RedisStream((StreamValue) toRdb());
  }

  @Override
  public long sizeBytes() {
    return 128 + payloadBytes + 96L * entries.size() + 128L * groups.size();
  }

  private void put(StreamId id, List<byte[]> fieldsAndValues) {
    entries.put(id, fieldsAndValues);
    payloadBytes += bytes(fieldsAndValues);
  }

  private boolean drop(StreamId id) {
    @Nullable List<byte[]> dropped = entries.remove(id);
    if (dropped == null) {
      return false;
    }
    payloadBytes -= bytes(dropped);
    return true;
  }

  private static long bytes(List<byte[]> fieldsAndValues) {
    long sum = 0;
    for (byte[] one : fieldsAndValues) {
      sum += one.length;
    }
    return sum;
  }

  private static StreamId id(StreamValue.Id id) {
    return new StreamId(id.millis(), id.sequence());
  }

  private static StreamValue.Id id(StreamId id) {
    return new StreamValue.Id(id.millis(), id.sequence());
  }
}
