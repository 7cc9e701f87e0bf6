package io.redrill.backup.recovery;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads everything that is stored, and proves it without restoring: manifests, parts, RDBs and
/// their digests, segments and their continuity. Never repairs.
public final class RepositoryCheck {

  private final Repository repository;

  /// Checks `repository`.
  public RepositoryCheck(Repository repository) {
    this.repository = repository;
  }

  /// Something that is not as it should be.
  ///
  /// @param object the key of the object, or where in the log a gap is
  /// @param spoils which recovery points are lost by it, as a sentence
  public record Finding(Kind kind, String object, String problem, String spoils) {}

  /// How bad a finding is.
  public enum Kind {
    /// An object is missing or damaged.
    DAMAGE,
    /// The log has a gap; what is stored is whole.
    GAP,
    /// There is nothing to restore, and so nothing was proved.
    NO_SNAPSHOT
  }

  /// What was read, and what was found.
  ///
  /// @param rdbBytes of all snapshots, unpacked
  public record Report(long snapshots, long segments, long rdbBytes, List<Finding> findings) {

    /// Copies the list.
    public Report {
      findings = List.copyOf(findings);
    }

    /// How a command ends that reports this.
    public ExitStatus status() {
      if (findings.isEmpty()) {
        return ExitStatus.PROVEN;
      }
      return findings.stream().anyMatch(finding -> finding.kind() == Kind.DAMAGE)
          ? ExitStatus.CHECK_FAILED
          : ExitStatus.NOT_FOUND;
    }
  }

  /// Checks all sources.
  public Report check() {
    return check(repository.sources());
  }

  /// Checks one source.
  public Report check(SourceName source) {
    return check(List.of(source));
  }

  private Report check(List<SourceName> sources) {
    List<Finding> findings = new ArrayList<>();
    long snapshots = 0;
    long segments = 0;
    long rdbBytes = 0;
    for (SourceName source : sources) {
      List<SnapshotId> ids = repository.snapshots(source);
      List<Manifest> readable = new ArrayList<>();
      for (SnapshotId id : ids) {
        Optional<Manifest> manifest = snapshot(source, id, findings);
        manifest.ifPresent(readable::add);
        rdbBytes += manifest.map(read -> read.rdb().bytes()).orElse(0L);
      }
      snapshots += ids.size();
      if (ids.isEmpty()) {
        findings.add(nothing(source));
      }
      for (SegmentName segment : repository.segments(source)) {
        segment(source, segment, findings);
        segments++;
      }
      gaps(source, readable, findings);
    }
    return new Report(snapshots, segments, rdbBytes, findings);
  }

  private static Finding nothing(SourceName source) {
    return new Finding(
        Kind.NO_SNAPSHOT,
        RepositoryKeys.snapshots(source),
        "there is no snapshot of this source",
        "every moment, whatever log there is");
  }

  /// Proves a snapshot, and returns its manifest if that can be read.
  private Optional<Manifest> snapshot(SourceName source, SnapshotId id, List<Finding> findings) {
    Optional<Manifest> manifest = Optional.empty();
    try {
      manifest = Optional.of(repository.manifest(source, id));
      new Materializer(repository).prove(manifest.get());
    } catch (RedrillException e) {
      findings.add(
          damage(
              e,
              RepositoryKeys.manifest(source, id).value(),
              "the snapshot " + id + " and every moment that only it leads to"));
    }
    return manifest;
  }

  private void segment(SourceName source, SegmentName segment, List<Finding> findings) {
    try (SegmentReader reader = SegmentReader.open(repository, source, segment)) {
      while (reader.next().isPresent()) {
        // Reading to the end is the proof.
      }
    } catch (RedrillException e) {
      findings.add(
          damage(
              e,
              RepositoryKeys.segment(source, segment).value(),
              "every moment behind offset " + segment.first() + " up to the next snapshot"));
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private void gaps(SourceName source, List<Manifest> snapshots, List<Finding> findings) {
    try {
      for (LogGap gap : new SegmentChains(repository, source).gaps(snapshots)) {
        findings.add(
            new Finding(
                Kind.GAP,
                RepositoryKeys.log(source) + gap.timeline(),
                "bytes %d to %d are missing".formatted(gap.first(), gap.end()),
                "the moments between %s and the next snapshot".formatted(gap.after())));
      }
    } catch (RedrillException e) {
      findings.add(damage(e, RepositoryKeys.log(source), "the order of the log"));
    }
  }

  /// A store that does not answer is no finding: then nothing is known.
  private static Finding damage(RedrillException failure, String object, String spoils) {
    return switch (failure.code().status()) {
      case CHECK_FAILED ->
          new Finding(
              Kind.DAMAGE,
              failure.context().getOrDefault("object", object),
              failure.code() == ErrorCode.OBJECT_MISSING
                  ? "it is missing"
                  : failure.context().getOrDefault("problem", failure.code().sentence()),
              spoils);
      case PROVEN,
          FAILURE,
          USAGE,
          PARTIAL,
          REFUSED,
          NOT_FOUND,
          CONFLICT,
          UNREACHABLE,
          CREDENTIALS,
          OBJECTIVE_MISSED,
          INTERRUPTED,
          OUTPUT_CLOSED ->
          throw failure;
    };
  }
}
