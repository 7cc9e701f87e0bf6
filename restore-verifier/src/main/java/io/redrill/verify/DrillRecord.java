package io.redrill.verify;

import io.redrill.backup.RedrillException;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.CustodyEntry;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.DrillReport.Fact;
import io.redrill.verify.report.Finding;
import io.redrill.verify.report.KeyCount;
import io.redrill.verify.report.Measured;
import io.redrill.verify.report.PhaseTiming;
import io.redrill.verify.report.RestoredPoint;
import io.redrill.verify.report.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one drill has found so far; at its end, the report.
final class DrillRecord {

  private final DrillOptions options;
  private final String repository;
  private final Instant startedAt;

  private final List<CheckResult> checks = new ArrayList<>();
  private final List<CheckResult> assertions = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Fact> environment = new ArrayList<>();
  private final List<String> covered = new ArrayList<>();
  private final List<String> notCovered = new ArrayList<>();
  private List<KeyCount> counts = List.of();
  private long keys;
  private Optional<RestoredPoint> point = Optional.empty();
  private Optional<Duration> recoveryPointAge = Optional.empty();
  private Optional<Long> unstoredLogBytes = Optional.empty();
  private Optional<Duration> timeToFirstRead = Optional.empty();
  private Optional<Duration> timeToVerified = Optional.empty();

  /// Begins the record of a drill that started at `startedAt`.
  DrillRecord(DrillOptions options, String repository, Instant startedAt) {
    this.options = options;
    this.repository = repository;
    this.startedAt = startedAt;
    Runtime.Version java = Runtime.version();
    fact("java", java + " (" + System.getProperty("java.vendor") + ")");
    fact("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    fact("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
  }

  Instant startedAt() {
    return startedAt;
  }

  void check(CheckResult check) {
    checks.add(check);
  }

  void assertion(CheckResult assertion) {
    assertions.add(assertion);
  }

  void finding(Finding finding) {
    findings.add(finding);
  }

  void fact(String name, String value) {
    environment.add(new Fact(name, value));
  }

  void covers(String sentence) {
    covered.add(sentence);
  }

  void doesNotCover(String sentence) {
    notCovered.add(sentence);
  }

  void restored(RestoredPoint restored) {
    point = Optional.of(restored);
  }

  void counted(List<KeyCount> byDatabaseAndKind) {
    counts = byDatabaseAndKind;
  }

  /// Notes how many keys the restored instance holds.
  void keys(long count) {
    keys = count;
  }

  void recoveryPointAge(Duration age) {
    recoveryPointAge = Optional.of(age);
  }

  void unstoredLog(long bytes) {
    unstoredLogBytes = Optional.of(bytes);
  }

  void firstReadAfter(Duration time) {
    timeToFirstRead = Optional.of(time);
  }

  void verifiedAfter(Duration time) {
    timeToVerified = Optional.of(time);
  }

  /// The report of the drill, which ended at `finishedAt`.
  ///
  /// @param failure what stopped the drill, if something did
  DrillReport report(
      String id,
      Instant finishedAt,
      Optional<RedrillException> failure,
      List<PhaseTiming> phases,
      List<CustodyEntry> custody) {
    Measured measured =
        new Measured(recoveryPointAge, unstoredLogBytes, timeToFirstRead, timeToVerified);
    Verdict verdict =
        VerdictRules.conclude(failure, checks, assertions, options.objectives(), measured);
    failure.ifPresent(stopped -> findings.addFirst(finding(stopped)));
    DrillSummary summary =
        new DrillSummary(options.source(), point, keys, assertions, options.objectives(), measured);
    return new DrillReport(
        DrillReport.VERSION,
        id,
        options.source(),
        repository,
        options.trigger(),
        startedAt,
        finishedAt,
        verdict,
        VerdictRules.exitStatus(verdict, failure),
        summary.of(verdict, failure),
        point,
        covered,
        notCovered,
        options.objectives(),
        measured,
        phases,
        custody,
        Stream.concat(checks.stream(), assertions.stream()).toList(),
        counts,
        environment,
        findings,
        Optional.empty());
  }

  /// A failure as a finding: its context stands in the message, the object apart.
  static Finding finding(RedrillException failure) {
    String context =
        failure.context().entrySet().stream()
            .filter(entry -> !entry.getKey().equals("object"))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(", "));
    return new Finding(
        Finding.Severity.ERROR,
        failure.code().number(),
        failure.code().sentence() + (context.isEmpty() ? "" : " (" + context + ")"),
        Optional.ofNullable(failure.context().get("object")),
        failure.hint());
  }
}
