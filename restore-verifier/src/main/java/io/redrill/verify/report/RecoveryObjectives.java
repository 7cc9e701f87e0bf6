package io.redrill.verify.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Optional;

/// What the owner of a source can bear: how much may be lost, and how long recovery may take.
///
/// @param rpo the greatest age of the newest recovery point
/// @param rto the longest time from the decision to recover until the first read
public record RecoveryObjectives(
    @JsonProperty("rpoMillis") Optional<Duration> rpo,
    @JsonProperty("rtoMillis") Optional<Duration> rto) {

  /// No objectives: they are then never missed.
  public static RecoveryObjectives none() {
    return new RecoveryObjectives(Optional.empty(), Optional.empty());
  }

  /// Whether `measured` stays inside each objective that is set. What could not be measured misses
  /// its objective.
  public boolean metBy(Measured measured) {
    return within(rpo, measured.rpo()) && within(rto, measured.timeToFirstRead());
  }

  private static boolean within(Optional<Duration> objective, Optional<Duration> measured) {
    return objective.isEmpty()
        || (measured.isPresent() && measured.get().compareTo(objective.get()) <= 0);
  }
}
