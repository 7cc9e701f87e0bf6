package io.redrill.verify.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What recovery would have cost at the moment of the drill. Empty means: not measured.
///
/// @param recoveryPointAge the age of the newest recovery point when the drill began
/// @param unstoredLogBytes how far the live source was ahead of the stored log, in bytes of its
///   replication stream; empty where no live source could be asked
/// @param timeToFirstRead the time spent in the steps that a real recovery takes, up to the first
///   answered read
/// @param timeToVerified the time from the start of the drill until the last check had ended
public record Measured(
    @JsonProperty("recoveryPointAgeMillis") Optional<Duration> recoveryPointAge,
    Optional<Long> unstoredLogBytes,
    @JsonProperty("timeToFirstReadMillis") Optional<Duration> timeToFirstRead,
    @JsonProperty("timeToVerifiedMillis") Optional<Duration> timeToVerified) {

  /// Keeps whole milliseconds, which is what the stored form holds.
  public Measured {
    recoveryPointAge = recoveryPointAge.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
    timeToFirstRead = timeToFirstRead.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
    timeToVerified = timeToVerified.map(time -> time.truncatedTo(ChronoUnit.MILLIS));
  }

  /// Nothing was measured.
  public static Measured nothing() {
    return new Measured(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// The measured RPO: what would be lost if the source vanished now. That is the age of the newest
  /// recovery point, or nothing where the source has written nothing since.
  @JsonIgnore
  public Optional<Duration> rpo() {
    if (unstoredLogBytes.isPresent() && unstoredLogBytes.get() == 0) {
      return Optional.of(Duration.ZERO);
    }
    return recoveryPointAge;
  }

  /// The measured RTO: the time to the first read.
  @JsonIgnore
  public Optional<Duration> rto() {
    return timeToFirstRead;
  }
}
