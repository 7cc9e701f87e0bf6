package io.redrill.server.type;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A consumer group of a stream: how far it has read, and what was delivered and not acknowledged.
///
/// Invariant: each pending entry of the group belongs to exactly one consumer, whose set of pending
/// ids holds its id.
public final class ConsumerGroup {

  /// Stands for a number of entries read that is not known.
  public static final long UNKNOWN = -1;

  /// A consumer and the ids that are pending for it.
  public static final class Consumer {
    private final byte[] name;
    private final NavigableSet<StreamId> pending = new TreeSet<>();
    private long seenAtMillis;
    private final long activeAtMillis;

    Consumer(byte[] name, long seenAtMillis, long activeAtMillis) {
      this.name = name;
      this.seenAtMillis = seenAtMillis;
      this.activeAtMillis = activeAtMillis;
    }

    /// Its name.
    public byte[] name() {
      return name;
    }

    /// When it was last heard of, Unix milliseconds.
    public long seenAtMillis() {
      return seenAtMillis;
    }

    /// Notes that it was heard of.
    public void seenAt(long millis) {
      seenAtMillis = millis;
    }

    /// When it last got something, as a newer server stored it; -1 if unknown.
    public long activeAtMillis() {
      return activeAtMillis;
    }

    /// The ids delivered to it and not acknowledged.
    public NavigableSet<StreamId> pending() {
      return pending;
    }
  }

  /// An entry that was delivered and not acknowledged.
  public static final class Pending {
    private Consumer consumer;
    private long deliveredAtMillis;
    private long deliveries;

    Pending(Consumer consumer, long deliveredAtMillis, long deliveries) {
      this.consumer = consumer;
      this.deliveredAtMillis = deliveredAtMillis;
      this.deliveries = deliveries;
    }

    /// Whose it is.
    public Consumer consumer() {
      return consumer;
    }

    /// When it was last delivered, Unix milliseconds.
    public long deliveredAtMillis() {
      return deliveredAtMillis;
    }

    /// How often it was delivered.
    public long deliveries() {
      return deliveries;
    }
  }

  private final byte[] name;
  private final NavigableMap<StreamId, Pending> pending = new TreeMap<>();
  private final NavigableMap<byte[], Consumer> consumers = new TreeMap<>(Arrays::compareUnsigned);
  private StreamId lastId;
  private long entriesRead;

  ConsumerGroup(byte[] name, StreamId lastId, long entriesRead) {
    this.name = name;
    this.lastId = lastId;
    this.entriesRead = entriesRead;
  }

  /// Its name.
  public byte[] name() {
    return name;
  }

  /// The last id delivered to any consumer.
  public StreamId lastId() {
    return lastId;
  }

  /// How many entries it has read of all ever added, or [#UNKNOWN].
  public long entriesRead() {
    return entriesRead;
  }

  /// Sets how far it has read.
  public void position(StreamId id, long read) {
    lastId = id;
    entriesRead = read;
  }

  /// The pending entries by id.
  public NavigableMap<StreamId, Pending> pending() {
    return pending;
  }

  /// The consumers by name.
  public NavigableMap<byte[], Consumer> consumers() {
    return consumers;
  }

  /// Adds a consumer that is not there.
  public Consumer addConsumer(byte[] consumerName, long seenAtMillis) {
    return addConsumer(consumerName, seenAtMillis, -1);
  }

  Consumer addConsumer(byte[] consumerName, long seenAtMillis, long activeAtMillis) {
    Consumer consumer = new Consumer(consumerName, seenAtMillis, activeAtMillis);
    consumers.put(consumerName, consumer);
    return consumer;
  }

  /// Removes a consumer with what is pending for it; says how many entries that were, or -1 if
  /// there is no such consumer.
  public long removeConsumer(byte[] consumerName) {
    Consumer consumer = consumers.remove(consumerName);
    if (consumer == null) {
      return -1;
    }
    consumer.pending.forEach(pending::remove);
    return consumer.pending.size();
  }

  /// Makes an entry pending for a consumer, in place of who had it.
  public void deliver(StreamId id, Consumer consumer, long atMillis, long deliveries) {
    Pending known = pending.get(id);
    if (known == null) {
      pending.put(id, new Pending(consumer, atMillis, deliveries));
    } else {
      known.consumer.pending.remove(id);
      known.consumer = consumer;
      known.deliveredAtMillis = atMillis;
      known.deliveries = deliveries;
    }
    consumer.pending.add(id);
  }

  /// Takes an entry off the pending ones; says whether it was there.
  public boolean acknowledge(StreamId id) {
    @Nullable Pending known = pending.remove(id);
    if (known == null) {
      return false;
    }
    known.consumer.pending.remove(id);
    return true;
  }
}
