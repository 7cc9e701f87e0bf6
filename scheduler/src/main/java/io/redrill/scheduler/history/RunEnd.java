package io.redrill.scheduler.history;

import io.redrill.backup.ErrorCode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The end of a run.
///
/// @param finished when it ended
/// @param outcome how
/// @param error why, unless it succeeded
/// @param reference the snapshot or drill it produced
/// @param numbers figures named with their units
public record RunEnd(
    Instant finished,
    RunOutcome outcome,
    Optional<RunError> error,
    Optional<String> reference,
    Map<String, Long> numbers) {

  /// Keeps its own copy of the figures.
  public RunEnd {
    numbers = Map.copyOf(numbers);
  }

  /// The end of a run that did all that was asked.
  public static RunEnd succeeded(
      Instant finished, Optional<String> reference, Map<String, Long> numbers) {
    return new RunEnd(finished, RunOutcome.SUCCEEDED, Optional.empty(), reference, numbers);
  }

  /// The end of a run that failed without a result.
  public static RunEnd failed(Instant finished, RunError error) {
    return new RunEnd(finished, RunOutcome.FAILED, Optional.of(error), Optional.empty(), Map.of());
  }

  /// The end of a run that was cut short.
  public static RunEnd interrupted(Instant finished) {
    RunError error =
        new RunError(ErrorCode.INTERRUPTED.number(), "the daemon stopped while this ran");
    return new RunEnd(
        finished, RunOutcome.INTERRUPTED, Optional.of(error), Optional.empty(), Map.of());
  }
}
