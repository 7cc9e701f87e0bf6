package io.redrill.verify.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.redrill.backup.ExitStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The evidence that a drill leaves: what was restored, how it was checked, what it cost.
///
/// It holds no stored value and no secret. Field names are the names of the stored form, which is
/// documented in `docs/reference/drill-report.md`; fields are only ever added.
///
/// @param reportVersion the version of the stored form, [#VERSION]
/// @param id `<UTC time>-<8 hex>`, the name under which the report is stored
/// @param source the protected Redis, by its configured name
/// @param repository the location of the repository, without secrets
/// @param trigger why the drill ran: `schedule`, `command`, ...
/// @param exitStatus the exit status of a command that ends with this report
/// @param summary the verdict as one sentence for people
/// @param point what was restored; empty if no recovery point was found
/// @param covered what this drill shows, as sentences
/// @param notCovered what it does not show, as sentences
/// @param custody each stored object that was read, in the order of reading
/// @param counts keys by database and type
/// @param environment facts about the machine and the programs, by name
/// @param previous the report stored before this one; empty for the first, and until it is stored
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DrillReport(
    int reportVersion,
    String id,
    String source,
    String repository,
    String trigger,
    Instant startedAt,
    Instant finishedAt,
    Verdict verdict,
    int exitStatus,
    String summary,
    Optional<RestoredPoint> point,
    List<String> covered,
    List<String> notCovered,
    RecoveryObjectives objectives,
    Measured measured,
    List<PhaseTiming> phases,
    List<CustodyEntry> custody,
    List<CheckResult> checks,
    List<KeyCount> counts,
    List<Fact> environment,
    List<Finding> findings,
    Optional<Previous> previous) {

  /// The version of the stored form that this class writes.
  public static final int VERSION = 1;

  /// Keeps whole milliseconds, which is what the stored form holds.
  public DrillReport {
    startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
    finishedAt = finishedAt.truncatedTo(ChronoUnit.MILLIS);
    covered = List.copyOf(covered);
    notCovered = List.copyOf(notCovered);
    phases = List.copyOf(phases);
    custody = List.copyOf(custody);
    checks = List.copyOf(checks);
    counts = List.copyOf(counts);
    environment = List.copyOf(environment);
    findings = List.copyOf(findings);
  }

  /// A fact about where the drill ran.
  public record Fact(String name, String value) {}

  /// The report that was the newest when this one was stored.
  ///
  /// @param sha256 of its stored bytes, in hex
  public record Previous(String id, String sha256) {}

  /// How long the whole drill took, teardown included.
  public Duration duration() {
    return Duration.between(startedAt, finishedAt);
  }

  /// The same report, stored after `earlier`.
  public DrillReport after(Previous earlier) {
    return copy(exitStatus, findings, Optional.of(earlier));
  }

  /// The same report, which could not be stored, for the reason that `finding` gives: a command
  /// that ends with it has at best done its work in part.
  public DrillReport unstored(Finding finding) {
    List<Finding> more = new ArrayList<>(findings);
    more.add(finding);
    int status = exitStatus == ExitStatus.PROVEN.code() ? ExitStatus.PARTIAL.code() : exitStatus;
    return copy(status, more, previous);
  }

  private DrillReport copy(
      int otherStatus, List<Finding> otherFindings, Optional<Previous> otherPrevious) {
    return new DrillReport(
        reportVersion,
        id,
        source,
        repository,
        trigger,
        startedAt,
        finishedAt,
        verdict,
        otherStatus,
        summary,
        point,
        covered,
        notCovered,
        objectives,
        measured,
        phases,
        custody,
        checks,
        counts,
        environment,
        otherFindings,
        otherPrevious);
  }
}
