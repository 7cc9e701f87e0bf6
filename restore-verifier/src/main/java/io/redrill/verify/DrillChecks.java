package io.redrill.verify;

import io.redrill.aof.LogCutReport;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.repository.DatasetSummary;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.SegmentName;
import io.redrill.rdb.RdbKind;
import io.redrill.verify.DatasetReadback.Saved;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.KeyCount;
import io.redrill.verify.report.PageText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The checks of a drill: what each proves, and the comparison that proves it.
final class DrillChecks {

  private static final String SECOND = "second implementation";
  private static final String SAME_EFFECT =
      "The log has the same effect in two independent servers, key by key.";

  private final DrillRecord record;
  private final Manifest manifest;
  private final List<SegmentName> segments;
  private final RecoveredFiles files;

  /// Begins with what has been proved by now: the objects that were read, and the way of the log.
  DrillChecks(DrillRecord record, RecoveryPlan plan, RecoveredFiles files) {
    this.record = record;
    this.manifest = plan.snapshot();
    this.segments = plan.segments();
    this.files = files;
    objects();
  }

  private void objects() {
    // The readers of parts and segments end a drill at the first object that differs.
    record.check(
        new CheckResult(
            "stored objects",
            "Each part has the length and SHA-256 of the manifest, and each segment is whole.",
            false,
            objectCount(),
            objectCount(),
            CheckResult.Outcome.PASSED));
    record.covers(
        "Every stored part of the snapshot and every log segment that this recovery needs was read"
            + " and proved.");
    if (!segments.isEmpty()) {
      record.covers("The log leads from the snapshot to the recovery point without a gap.");
    }
  }

  private String objectCount() {
    return "parts: %s, segments: %s"
        .formatted(PageText.count(manifest.parts().size()), PageText.count(segments.size()));
  }

  /// Compares what a scratch instance holds, which has loaded the snapshot alone, with the
  /// manifest.
  void data(Saved saved) {
    DatasetReadback actual = DatasetReadback.read(saved.file(), saved.expiredAt());
    DatasetSummary expected = manifest.dataset();
    if (saved.expiredAt().isPresent()) {
      DatasetReadback stored = DatasetReadback.read(files.base(), OptionalLong.empty());
      record.check(
          CheckResult.comparing(
              "snapshot on disk",
              "The restored file holds what the manifest states, key by key.",
              false,
              digests(manifest.dataset()),
              digests(stored.summary())));
      expected = DatasetReadback.read(files.base(), saved.expiredAt()).summary();
      long leftOut = manifest.dataset().keys() - expected.keys();
      if (leftOut > 0) {
        record.doesNotCover(
            "%s keys were not compared: their time had come, and a real server removes them."
                .formatted(PageText.count(leftOut)));
      }
    }
    record.counted(counts(expected, actual.summary()));
    record.check(
        CheckResult.comparing(
            "restored data",
            "What the scratch instance loaded from the snapshot and wrote again equals what was"
                + " backed up: every key, value and expiry.",
            true,
            digests(expected),
            digests(actual.summary())));
    record.check(
        CheckResult.comparing(
            "key counts",
            "Every database holds as many keys of each type as were backed up.",
            false,
            PageText.count(expected.keys()) + " keys",
            countsAgree(expected, actual.summary())
                ? PageText.count(actual.summary().keys()) + " keys"
                : PageText.count(actual.summary().keys()) + " keys, see the table"));
    record.covers("The snapshot, read back out of a running server, equals what was backed up.");
    record.doesNotCover(
        "Whether the application works with the data, beyond the assertions given.");
  }

  /// Checks that the log ends where it has to.
  void position(long demanded) {
    record.check(
        CheckResult.comparing(
            "log position",
            "The log was read from the snapshot's position to the recovery point: exactly to the"
                + " offset that the stored log shows for it.",
            false,
            "offset " + demanded,
            "offset " + files.log().map(LogCutReport::offset).orElse(-1L)));
  }

  /// Compares the state after the log, as the scratch instance saved it, with what an independent
  /// program made of the same files.
  void replay(Saved first, Saved second) {
    OptionalLong expiredAt = later(first.expiredAt(), second.expiredAt());
    record.check(
        CheckResult.comparing(
            SECOND,
            SAME_EFFECT,
            true,
            digests(DatasetReadback.read(second.file(), expiredAt).summary()),
            digests(DatasetReadback.read(first.file(), expiredAt).summary())));
    record.covers(
        "%s commands of the log were replayed by two independent servers, and compared."
            .formatted(PageText.count(files.commands())));
  }

  /// Notes what is known of the state after the log where there is nothing to compare it with.
  void replayAlone(Saved saved, String reason) {
    DatasetReadback state = DatasetReadback.read(saved.file(), saved.expiredAt());
    record.covers(
        "%s commands of the log were replayed; the result, %s keys, saves and parses."
            .formatted(PageText.count(files.commands()), PageText.count(state.summary().keys())));
    record.check(CheckResult.skipped(SECOND, SAME_EFFECT, reason));
    record.doesNotCover(
        "The effect of the replayed commands was not compared with a second implementation: %s."
            .formatted(reason));
  }

  /// Comparisons leave out what a real server may have removed since.
  private static OptionalLong later(OptionalLong one, OptionalLong other) {
    return one.isEmpty() || (other.isPresent() && other.getAsLong() > one.getAsLong())
        ? other
        : one;
  }

  private static String digests(DatasetSummary dataset) {
    String databases =
        dataset.databases().stream()
            .map(database -> "db %d: %s".formatted(database.db(), database.digest()))
            .collect(Collectors.joining("\n"));
    String functions =
        dataset.functions().libraries() == 0 ? "" : "\nfunctions: " + dataset.functions().digest();
    return databases.isEmpty() && functions.isEmpty() ? "(no keys)" : databases + functions;
  }

  private static boolean countsAgree(DatasetSummary expected, DatasetSummary actual) {
    return counts(expected, actual).stream().allMatch(row -> row.expected() == row.actual());
  }

  private static List<KeyCount> counts(DatasetSummary expected, DatasetSummary actual) {
    Map<Integer, Map<RdbKind, long[]>> rows = new TreeMap<>();
    add(expected, 0, rows);
    add(actual, 1, rows);
    List<KeyCount> counts = new ArrayList<>();
    rows.forEach((db, kinds) ->
        kinds.forEach(
            (kind, both) -> counts.add(new KeyCount(db, kind.redisName(), both[0], both[1]))));
    return counts;
  }

  private static void add(
      DatasetSummary dataset, int side, Map<Integer, Map<RdbKind, long[]>> rows) {
    for (DatasetSummary.Database database : dataset.databases()) {
      for (DatasetSummary.Kind kind : database.kinds()) {
        rows.computeIfAbsent(database.db(), _ -> new TreeMap<>())
                .computeIfAbsent(kind.kind(), _ -> new long[2])[side] =
            kind.keys();
      }
    }
  }
}
