package io.redrill.backup.recovery;

import io.redrill.aof.LogCutReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a restore did.
///
/// @param log what was kept of the log, where there was any
/// @param server what was done to a running server, if that was the target
/// @param duration from the first byte read to the target in place
public record RestoreReport(
    RecoveryPlan plan, Optional<LogCutReport> log, Optional<Server> server, Duration duration) {

  /// What was done to a running server.
  ///
  /// @param restored keys written
  /// @param removed keys that only the target had
  /// @param functions libraries loaded
  /// @param removedFunctions libraries that only the target had
  /// @param unrestored what the target could not take, as sentences; empty when all is in place
  public record Server(
      long restored, long removed, long functions, long removedFunctions, List<String> unrestored) {

    /// Copies the list.
    public Server {
      unrestored = List.copyOf(unrestored);
    }
  }

  /// Whether everything is in place.
  public boolean isComplete() {
    return server.map(done -> done.unrestored().isEmpty()).orElse(true);
  }
}
