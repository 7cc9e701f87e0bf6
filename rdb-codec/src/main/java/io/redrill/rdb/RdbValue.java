package io.redrill.rdb;

import io.redrill.rdb.ElementHandler.VectorSetShape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a key holds, decoded: independent of the encoding it was stored in.
///
/// Byte arrays are shared, not copied: treat them as constant.
public sealed interface RdbValue {

  /// The value's type as a client sees it.
  RdbKind kind();

  /// A string of any bytes.
  record StringValue(byte[] bytes) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.STRING;
    }
  }

  /// Elements from head to tail.
  record ListValue(List<byte[]> elements) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.LIST;
    }
  }

  /// Distinct members in stored order.
  record SetValue(List<byte[]> members) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.SET;
    }
  }

  /// Distinct members with their scores, in stored order.
  record SortedSetValue(List<Member> members) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.SORTED_SET;
    }

    /// A member and its score, which is never NaN.
    public record Member(byte[] member, double score) {}
  }

  /// Distinct fields in stored order.
  record HashValue(List<Field> fields) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.HASH;
    }

    /// A field, its value, and when it expires: Unix milliseconds, or -1 for never.
    public record Field(byte[] field, byte[] value, long expireAtMillis) {}
  }

  /// A stream with its consumer groups.
  ///
  /// @param length the number of live entries
  /// @param firstId,maxDeletedId,entriesAdded unknown before RDB type 19: then derived as servers
  ///   do
  /// @param idempotence what is remembered of producers; since RDB type 26
  record StreamValue(
      List<Entry> entries,
      long length,
      Id lastId,
      Id firstId,
      Id maxDeletedId,
      long entriesAdded,
      List<Group> groups,
      Optional<Idempotence> idempotence)
      implements RdbValue {

    /// As above, of a server before Redis 8.6.
    public StreamValue(
        List<Entry> entries,
        long length,
        Id lastId,
        Id firstId,
        Id maxDeletedId,
        long entriesAdded,
        List<Group> groups) {
      this(entries, length, lastId, firstId, maxDeletedId, entriesAdded, groups, Optional.empty());
    }

    @Override
    public RdbKind kind() {
      return RdbKind.STREAM;
    }

    /// An entry id; both parts are unsigned. The order is that of the entries of a stream. (Sets
    /// and maps need it too: ids whose hash codes are equal are easily made.)
    public record Id(long millis, long sequence) implements Comparable<Id> {
      @Override
      public int compareTo(Id other) {
        return compare(millis, sequence, other.millis, other.sequence);
      }

      /// The order of two ids that are not there as objects.
      public static int compare(long millis, long sequence, long otherMillis, long otherSequence) {
        int byMillis = Long.compareUnsigned(millis, otherMillis);
        return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, otherSequence);
      }
    }

    /// A live entry: its field names and values in turn.
    public record Entry(Id id, List<byte[]> fieldsAndValues) {}

    /// A consumer group.
    ///
    /// @param entriesRead -1 where it is unknown
    /// @param unowned those of the pending ids that their consumers have given back; since RDB type
    ///   27
    public record Group(
        byte[] name,
        Id lastDeliveredId,
        long entriesRead,
        List<Pending> pending,
        List<Consumer> consumers,
        List<Id> unowned) {

      /// As above, with an owner for each pending entry.
      public Group(
          byte[] name,
          Id lastDeliveredId,
          long entriesRead,
          List<Pending> pending,
          List<Consumer> consumers) {
        this(name, lastDeliveredId, entriesRead, pending, consumers, List.of());
      }
    }

    /// A delivered and not yet acknowledged entry.
    public record Pending(Id id, long deliveredAtMillis, long deliveryCount) {}

    /// A consumer and the ids that are pending for it.
    ///
    /// @param activeAtMillis -1 where it is unknown
    public record Consumer(byte[] name, long seenAtMillis, long activeAtMillis, List<Id> pending) {}

    /// How a stream knows what its producers have sent before.
    ///
    /// @param seconds,maxEntries for how long and how much is remembered of each producer
    /// @param added,duplicates how many message ids were ever added, how many repetitions dropped
    public record Idempotence(
        long seconds, long maxEntries, List<Producer> producers, long added, long duplicates) {

      /// Whether nothing was ever remembered.
      public boolean isUnused() {
        return producers.isEmpty() && added == 0 && duplicates == 0;
      }
    }

    /// A producer and what it sent, in the order of arrival.
    public record Producer(byte[] name, List<Message> messages) {}

    /// A message by its producer's id, and the entry that it became.
    public record Message(byte[] messageId, Id id) {}
  }

  /// Values by index, ascending as servers write them.
  ///
  /// @param insertIndex where the next insertion goes, where the file says so
  record ArrayValue(List<Element> elements, OptionalLong insertIndex) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.ARRAY;
    }

    /// A value at its index, which is unsigned.
    public sealed interface Element {
      /// Where in the array it stands.
      long index();
    }

    /// A text.
    public record Text(long index, byte[] text) implements Element {}

    /// An integer.
    public record Whole(long index, long value) implements Element {}

    /// A double.
    public record Fraction(long index, double value) implements Element {}
  }

  /// Vectors with their attributes.
  ///
  /// @param payload the stored bytes after the type byte, which hold the graph too
  record VectorSetValue(VectorSetShape shape, List<Vector> vectors, byte[] payload)
      implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.VECTOR_SET;
    }

    /// A vector as it is stored.
    ///
    /// @param attributes a JSON text; empty where there are none
    /// @param vector see [ElementHandler.Quantization]
    /// @param range what an 8-bit element 127 stands for
    /// @param norm the length of the vector before it was normalized
    public record Vector(
        byte[] element, byte[] attributes, byte[] vector, float range, float norm) {}
  }

  /// A value of a type that this codec carries and does not decode.
  ///
  /// @param payload the stored bytes after the type byte
  record OpaqueValue(String typeName, byte[] payload) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.OTHER;
    }
  }

  /// A module's value, kept verbatim.
  ///
  /// @param moduleName the nine characters that name the type
  /// @param payload the stored bytes after the type byte
  record ModuleValue(String moduleName, byte[] payload) implements RdbValue {
    @Override
    public RdbKind kind() {
      return RdbKind.MODULE;
    }
  }
}
