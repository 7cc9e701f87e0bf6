package io.redrill.verify.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalDouble;

/// One phase of a drill: when it began after the drill's start, how long it took, what it moved.
///
/// @param bytes what was read or loaded, 0 where that means nothing
/// @param items keys or commands, as [Phase#itemName()] says; 0 where that means nothing
/// @param completed false if the drill failed in this phase
public record PhaseTiming(
    Phase phase,
    @JsonProperty("startMillis") Duration start,
    @JsonProperty("durationMillis") Duration duration,
    long bytes,
    long items,
    boolean completed) {

  /// Keeps whole milliseconds, which is what the stored form holds.
  public PhaseTiming {
    start = start.truncatedTo(ChronoUnit.MILLIS);
    duration = duration.truncatedTo(ChronoUnit.MILLIS);
  }

  /// Bytes per second, where the phase moved bytes and took measurable time.
  @JsonIgnore
  public OptionalDouble bytesPerSecond() {
    return rate(bytes);
  }

  /// Items per second, likewise.
  @JsonIgnore
  public OptionalDouble itemsPerSecond() {
    return rate(items);
  }

  private OptionalDouble rate(long amount) {
    return amount == 0 || duration.isZero()
        ? OptionalDouble.empty()
        : OptionalDouble.of(amount * 1000.0 / duration.toMillis());
  }

  /// The phases of a drill, in the order of the report.
  public enum Phase {
    /// Choose the recovery point and prove that the log leads there.
    LOCATE(true, ""),
    /// Read parts and segments, check every digest, write the data directory.
    DOWNLOAD(true, "keys"),
    /// Start the scratch instance on the data directory and load it, log included.
    LOAD(true, "keys"),
    /// The first command that a client got an answer to.
    FIRST_READ(true, ""),
    /// Read the data back out of a scratch instance and compare it with the manifest.
    VERIFY_DATA(false, "keys"),
    /// Check the state after the log was replayed.
    VERIFY_LOG(false, "commands"),
    /// Run the user's assertions.
    ASSERTIONS(false, "assertions"),
    /// End the scratch instance and remove its directory.
    TEARDOWN(false, "");

    private final boolean recovery;
    private final String itemName;

    Phase(boolean recovery, String itemName) {
      this.recovery = recovery;
      this.itemName = itemName;
    }

    /// Whether a real recovery takes this step too, so that it counts towards the measured RTO.
    public boolean recovery() {
      return recovery;
    }

    /// What [PhaseTiming#items()] counts, or empty.
    public String itemName() {
      return itemName;
    }

    /// The phase in lower-case words.
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
