package io.redrill.rdb;

import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.StreamValue;

/// Which RDB version holds what.
///
/// The rule for everything that Redrill writes: the oldest version that holds the content exactly,
/// and never one before [#BASELINE], so that as many servers as possible can load it.
public final class RdbVersions {

  /// The version of Redis 7.0: what is written unless the content needs more.
  public static final int BASELINE = 10;

  /// The version of Redis 2.6, where `DUMP` began.
  private static final int FIRST_WITH_PAYLOADS = 6;

  /// The version that brought the active time of a stream's consumers, and listpack sets.
  private static final int ACTIVE_TIMES = 11;

  /// The version that brought expiring hash fields to Redis.
  private static final int FIELD_EXPIRY = 12;

  /// The version of the first servers with vector sets.
  private static final int VECTOR_SETS = 12;

  /// The version that brought what modules keep about a key.
  private static final int KEY_METADATA = 13;

  private RdbVersions() {}

  /// Whether a file of `version` may hold values of `type`.
  public static boolean holds(int version, RdbType type) {
    return type.isIn(RdbDialect.ofVersion(version)) && version >= type.minimumVersion();
  }

  /// The oldest version from [#BASELINE] on that holds values of `type` as they are stored.
  public static int oldestHolding(RdbType type) {
    return Math.max(BASELINE, type.minimumVersion());
  }

  /// The oldest version that the footer of a `DUMP` payload may have with this value: servers
  /// refuse newer ones than their own. Of a vector set that matters: Redis before 6.2 does not
  /// refuse a value of a module that it lacks, it ends.
  public static int oldestOfPayload(RdbType type, ByteSlice value, boolean hasMetadata) {
    int oldest = Math.max(hasMetadata ? KEY_METADATA : FIRST_WITH_PAYLOADS, type.minimumVersion());
    boolean isVectorSet = type == RdbType.MODULE_2 && ModuleName.isVectorSet(value);
    return isVectorSet ? Math.max(oldest, VECTOR_SETS) : oldest;
  }

  /// The oldest version from [#BASELINE] on that holds `value` without loss. (Fields that expire
  /// also fit into Valkey's version 80.)
  public static int oldestHolding(RdbValue value) {
    return switch (value) {
      case HashValue hash when hasFieldExpiry(hash) -> FIELD_EXPIRY;
      case StreamValue stream when hasUnowned(stream) ->
          RdbType.STREAM_LISTPACKS_5.minimumVersion();
      case StreamValue stream
          when stream.idempotence().filter(any -> !any.isUnused()).isPresent() ->
          RdbType.STREAM_LISTPACKS_4.minimumVersion();
      case StreamValue stream when hasActiveTimes(stream) -> ACTIVE_TIMES;
      default -> BASELINE;
    };
  }

  /// The oldest version from [#BASELINE] on that holds `record` as it is. Hints about sizes ask for
  /// none, and what a writer refuses (commands, records of Redis Enterprise and of release
  /// candidates) is not asked about.
  public static int oldestHolding(RdbRecord record) {
    return switch (record) {
      case RdbRecord.Entry entry ->
          Math.max(
              oldestHolding(entry.type()), entry.metadata().length == 0 ? BASELINE : KEY_METADATA);
      case RdbRecord.Verbatim verbatim when verbatim.opcode() == Opcode.SLOT_IMPORT_VALKEY ->
          RdbDialect.FIRST_VALKEY_VERSION;
      default -> BASELINE;
    };
  }

  static boolean hasFieldExpiry(HashValue hash) {
    return hash.fields().stream().anyMatch(field -> field.expireAtMillis() >= 0);
  }

  static boolean hasUnowned(StreamValue stream) {
    return stream.groups().stream().anyMatch(group -> !group.unowned().isEmpty());
  }

  static boolean hasActiveTimes(StreamValue stream) {
    return stream.groups().stream()
        .flatMap(group -> group.consumers().stream())
        .anyMatch(consumer -> consumer.activeAtMillis() >= 0);
  }
}
