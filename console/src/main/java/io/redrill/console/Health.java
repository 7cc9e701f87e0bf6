package io.redrill.console;

import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunError;
import io.redrill.scheduler.history.RunOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether recovery would succeed now, as far as Redrill knows; and if not, why.
///
/// @param problems one sentence each, the worst first; none means healthy
public record Health(List<Problem> problems) {

  /// Something that keeps a source from being recoverable as promised.
  ///
  /// @param subject the source, or `repository`
  /// @param sentence what is wrong, for a person
  public record Problem(String subject, String sentence) {}

  /// Keeps its own copy.
  public Health {
    problems = List.copyOf(problems);
  }

  /// Whether there is no problem.
  public boolean healthy() {
    return problems.isEmpty();
  }

  /// Judges a status. A job that failed counts until it has succeeded again; one that was
  /// interrupted says nothing.
  public static Health of(Status status) {
    List<Problem> problems = new ArrayList<>();
    status
        .repositoryProblem()
        .ifPresent(why ->
            problems.add(new Problem("repository", "the repository cannot be read: " + why)));
    for (SourceStatus source : status.sources()) {
      if (status.repositoryProblem().isEmpty()) {
        recoveryPoint(source, status.now())
            .ifPresent(sentence -> problems.add(new Problem(source.name(), sentence)));
      }
      archive(source).ifPresent(sentence -> problems.add(new Problem(source.name(), sentence)));
    }
    for (Run run : status.lastEnded()) {
      if (run.ended(RunOutcome.FAILED)) {
        problems.add(new Problem(run.job().source(), failure(run)));
      }
    }
    return new Health(problems);
  }

  private static Optional<String> recoveryPoint(SourceStatus source, Instant now) {
    Optional<Duration> age = source.recoveryPointAge(now);
    if (age.isEmpty()) {
      return Optional.of("nothing can be restored yet: there is no snapshot");
    }
    return source
        .objectives()
        .rpo()
        .filter(rpo -> age.get().compareTo(rpo) > 0)
        .map(rpo ->
            "the newest recovery point is %s old, the objective is %s"
                .formatted(Words.duration(age.get()), Words.duration(rpo)));
  }

  private static Optional<String> archive(SourceStatus source) {
    return switch (source.archive()) {
      case ArchiveState.Off() -> Optional.empty();
      case ArchiveState.Starting() -> Optional.empty();
      case ArchiveState.Following _ -> Optional.empty();
      case ArchiveState.Failing(String problem, Optional<Instant> _) ->
          Optional.of("the log is not being archived: " + problem);
    };
  }

  private static String failure(Run run) {
    String why =
        run.end().flatMap(end -> end.error().map(RunError::message)).orElse("no reason was given");
    return "the last %s failed: %s".formatted(run.job().kind().label(), why);
  }
}
