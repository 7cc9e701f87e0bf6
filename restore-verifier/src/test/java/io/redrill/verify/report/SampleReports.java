package io.redrill.verify.report;

import io.redrill.verify.report.CheckResult.Outcome;
import io.redrill.verify.report.DrillReport.Fact;
import io.redrill.verify.report.PhaseTiming.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reports for tests, with every field in use.
final class SampleReports {

  static final Instant START = Instant.parse("2026-11-24T00:10:00Z");

  private SampleReports() {}

  /// A drill that passed.
  static DrillReport passed(String id) {
    return report(id, Verdict.PASSED, "shop");
  }

  /// A drill of `source` that ended with `verdict`.
  static DrillReport report(String id, Verdict verdict, String source) {
    return report(
        id,
        verdict,
        source,
        List.of(
            new CustodyEntry(
                "shop/snapshots/20261124T000000Z-5f3a9c11/manifest.json",
                "manifest",
                2_114,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                true),
            new CustodyEntry(
                "shop/snapshots/20261124T000000Z-5f3a9c11/data-00000.zst",
                "part",
                48_771_233,
                "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                verdict.recovered())));
  }

  static DrillReport report(String id, Verdict verdict, String source, List<CustodyEntry> custody) {
    return new DrillReport(
        DrillReport.VERSION,
        id,
        source,
        "file:/srv/backups/repository",
        "schedule",
        START,
        START.plusMillis(7_412),
        verdict,
        verdict.exitStatus(),
        "Recovery of " + source + " would work: 200,318 keys came back and are proven.",
        Optional.of(
            new RestoredPoint(
                "latest",
                "20261124T000000Z-5f3a9c11",
                START.minusSeconds(600),
                "one instant",
                START.minusSeconds(2),
                "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb",
                918_273_645L,
                14,
                52_110)),
        List.of("Every part of the snapshot and every log segment that recovery needs."),
        List.of("The effect of the log was not compared with a second implementation."),
        new RecoveryObjectives(
            Optional.of(Duration.ofMinutes(5)), Optional.of(Duration.ofSeconds(30))),
        new Measured(
            Optional.of(Duration.ofMillis(2_100)),
            Optional.of(14_337L),
            Optional.of(Duration.ofMillis(4_210)),
            Optional.of(Duration.ofMillis(7_100))),
        List.of(
            timing(Phase.LOCATE, 0, 41, 0, 0),
            timing(Phase.DOWNLOAD, 41, 1_610, 48_771_233, 200_318),
            timing(Phase.LOAD, 1_651, 2_540, 61_003_112, 200_318),
            timing(Phase.FIRST_READ, 4_191, 19, 0, 0),
            timing(Phase.VERIFY_DATA, 4_210, 2_400, 48_000_000, 200_318),
            timing(Phase.VERIFY_LOG, 6_610, 480, 13_000_000, 52_110),
            timing(Phase.ASSERTIONS, 7_090, 10, 0, 2),
            timing(Phase.TEARDOWN, 7_100, 312, 0, 0)),
        custody,
        List.of(
            new CheckResult(
                "snapshot digest",
                "What the scratch instance loaded equals what was backed up, key by key.",
                true,
                "5d41402abc4b2a76b9719d911017c592",
                "5d41402abc4b2a76b9719d911017c592",
                Outcome.PASSED),
            CheckResult.comparing(
                "orders <b>open</b>", "The assertion of that name holds.", false, "12", "12"),
            CheckResult.skipped(
                "second implementation",
                "The log has the same effect in two independent servers.",
                "no second program was given")),
        List.of(new KeyCount(0, "string", 120_000, 120_000), new KeyCount(3, "zset", 318, 318)),
        List.of(
            new Fact("redrill", "0.1.0"),
            new Fact("scratch instance", "bundled server 7.2.4 (pid 4711)")),
        List.of(
            new Finding(
                Finding.Severity.WARNING,
                "log-tail-open",
                "the newest segment is 40 s old",
                Optional.of("shop/log/8371/918273000-918273645.aof.zst"),
                "Check that the daemon still follows the source.")),
        Optional.empty());
  }

  private static PhaseTiming timing(
      Phase phase, long startMillis, long durationMillis, long bytes, long items) {
    return new PhaseTiming(
        phase,
        Duration.ofMillis(startMillis),
        Duration.ofMillis(durationMillis),
        bytes,
        items,
        true);
  }
}
