package io.redrill.rdb.salvage;

import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.salvage.RecordWalk.Head;
import io.redrill.rdb.salvage.RecordWalk.Step;
import java.io.IOException;
import java.util.Optional;

/// A record that was read and is not yet counted.
///
/// @param db selected in front of it
/// @param likely whether it can be what it seems to be
/// @param selfChecking whether its encoding would hardly decode if its end were wrong
/// @param isLookedInto whether it is not a key whose value is too large for a look inside
record Seen(
    Step step,
    long start,
    long end,
    int db,
    boolean dbAssumed,
    RdbRecord record,
    boolean likely,
    boolean selfChecking,
    boolean isLookedInto,
    String problem) {

  Seen {
    // The value has served its purpose; only one is held at a time.
    record = withoutValue(record);
  }

  /// What `walk` read last, which is not weighed yet.
  ///
  /// @param db selected in front of it
  static Seen of(Step step, RecordWalk walk, Evidence evidence, int db, boolean dbAssumed)
      throws IOException {
    RdbRecord record = walk.record().orElseThrow();
    boolean selfChecking =
        switch (record) {
          case RdbRecord.Entry entry ->
              step == Step.KEY && walk.isLookedInto() && Evidence.checksItself(entry);
          case RdbRecord.HashTemplate template -> Evidence.areNames(template.fields());
          default -> false;
        };
    return new Seen(
        step,
        walk.start(),
        walk.end(),
        db,
        dbAssumed,
        record,
        evidence.isLikely(record, walk.start(), walk.end()),
        selfChecking,
        step != Step.KEY || walk.isLookedInto(),
        walk.problem());
  }

  private static RdbRecord withoutValue(RdbRecord record) {
    return switch (record) {
      case RdbRecord.Entry e ->
          new RdbRecord.Entry(
              e.db(),
              e.key(),
              e.expireAtMillis(),
              e.idleSeconds(),
              e.frequency(),
              e.type(),
              new byte[0]);
      case RdbRecord.FunctionLibrary _ -> new RdbRecord.FunctionLibrary(new byte[0]);
      case RdbRecord.Verbatim verbatim -> new RdbRecord.Verbatim(verbatim.opcode(), new byte[0]);
      default -> record;
    };
  }

  Optional<byte[]> key() {
    return record instanceof RdbRecord.Entry entry ? Optional.of(entry.key()) : Optional.empty();
  }

  /// The key with all of its record, if it is one.
  Optional<Head> head() {
    return key().map(_ -> new Head(start, end, false));
  }

  /// The key as findings show it.
  Optional<String> text() {
    return key().map(KeyText::of);
  }
}
