package io.redrill.rdb;

import java.util.List;

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
  record StreamValue(
      List<Entry> entries,
      long length,
      Id lastId,
      Id firstId,
      Id maxDeletedId,
      long entriesAdded,
      List<Group> groups)
      implements RdbValue {

    @Override
    public RdbKind kind() {
      return RdbKind.STREAM;
    }

    /// An entry id; both parts are unsigned.
    public record Id(long millis, long sequence) {}

    /// A live entry: its field names and values in turn.
    public record Entry(Id id, List<byte[]> fieldsAndValues) {}

    /// A consumer group.
    ///
    /// @param entriesRead -1 where it is unknown
    public record Group(
        byte[] name,
        Id lastDeliveredId,
        long entriesRead,
        List<Pending> pending,
        List<Consumer> consumers) {}

    /// A delivered and not yet acknowledged entry.
    public record Pending(Id id, long deliveredAtMillis, long deliveryCount) {}

    /// A consumer and the ids that are pending for it.
    ///
    /// @param activeAtMillis -1 where it is unknown
    public record Consumer(byte[] name, long seenAtMillis, long activeAtMillis, List<Id> pending) {}
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
