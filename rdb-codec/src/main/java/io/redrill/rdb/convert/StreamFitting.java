package io.redrill.rdb.convert;

import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StreamValue.Consumer;
import io.redrill.rdb.RdbValue.StreamValue.Group;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Streams in a target that knows fewer of their fields.
///
/// | from version | what came with it |
/// |---|---|
/// | 9 | entries, groups, consumers, what is pending |
/// | 10 | entries ever added, greatest deleted id; of each group how many entries it read |
/// | 11 | of each consumer when it was last active |
/// | 13 | what is remembered of producers |
/// | 14 | pending entries that no consumer owns |
final class StreamFitting {

  private static final int COUNTS = 10;
  private static final int ACTIVE_TIMES = 11;
  private static final int IDEMPOTENCE = 13;
  private static final int UNOWNED = 14;
  private static final int UNKNOWN = -1;
  private static final StreamValue.Id ZERO = new StreamValue.Id(0, 0);

  private StreamFitting() {}

  static EnumSet<Loss> losses(ValueFacts stream, RdbTarget target) {
    EnumSet<Loss> losses = RecordFitting.none();
    if (target.version() < ACTIVE_TIMES && stream.hasActiveTimes()) {
      losses.add(Loss.ACTIVE_TIMES);
    }
    if (target.version() < COUNTS && stream.hasCounts()) {
      losses.add(Loss.STREAM_COUNTS);
    }
    if (!has(target, IDEMPOTENCE) && stream.hasIdempotence()) {
      losses.add(Loss.IDEMPOTENCE);
    }
    if (!has(target, UNOWNED) && stream.hasUnownedEntries()) {
      losses.add(Loss.UNOWNED_ENTRIES);
    }
    return losses;
  }

  /// Valkey has nothing of what came to Redis after 7.2.
  private static boolean has(RdbTarget target, int version) {
    return target.dialect() == RdbDialect.REDIS && target.version() >= version;
  }

  /// `stream` without what the target cannot hold.
  static StreamValue fitted(StreamValue stream, RdbTarget target) {
    boolean hasCounts = target.version() >= COUNTS;
    List<Group> groups =
        stream.groups().stream().map(group -> fitted(group, target, hasCounts)).toList();
    return new StreamValue(
        stream.entries(),
        stream.length(),
        stream.lastId(),
        stream.firstId(),
        hasCounts ? stream.maxDeletedId() : ZERO,
        hasCounts ? stream.entriesAdded() : stream.length(),
        groups,
        has(target, IDEMPOTENCE) ? stream.idempotence() : Optional.empty());
  }

  private static Group fitted(Group group, RdbTarget target, boolean hasCounts) {
    boolean keepsUnowned = has(target, UNOWNED);
    Set<StreamValue.Id> unowned = Set.copyOf(group.unowned());
    boolean hasActiveTimes = target.version() >= ACTIVE_TIMES;
    return new Group(
        group.name(),
        group.lastDeliveredId(),
        hasCounts ? group.entriesRead() : UNKNOWN,
        group.pending().stream()
            .filter(pending -> keepsUnowned || !unowned.contains(pending.id()))
            .toList(),
        group.consumers().stream()
            .map(consumer ->
                new Consumer(
                    consumer.name(),
                    consumer.seenAtMillis(),
                    hasActiveTimes ? consumer.activeAtMillis() : UNKNOWN,
                    consumer.pending()))
            .toList(),
        keepsUnowned ? group.unowned() : List.of());
  }
}
