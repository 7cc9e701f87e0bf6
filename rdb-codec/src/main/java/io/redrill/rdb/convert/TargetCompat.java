package io.redrill.rdb.convert;

import java.util.List;

/// What one target does with a file.
///
/// @param takesHeader whether it takes files of this version and dialect at all
/// @param encodedAnew how many keys change their form for it
/// @param losses what it cannot hold even then, in the order of [Loss]
public record TargetCompat(
    RdbTarget target, boolean takesHeader, long encodedAnew, List<LossCount> losses) {

  /// Copies what is given.
  public TargetCompat {
    losses = List.copyOf(losses);
  }

  /// What a server says to a file.
  public enum Verdict {
    /// It loads, and nothing is lost.
    LOADS,
    /// It loads, and something is lost.
    LOADS_WITH_LOSS,
    /// The server does not start with it.
    REFUSES
  }

  /// What it says to the file as it is.
  public Verdict asItIs() {
    if (!takesHeader || losses.stream().anyMatch(lost -> lost.loss().leavesKeysOut())) {
      return Verdict.REFUSES;
    }
    return converted();
  }

  /// What it says to the file after a conversion that drops what it cannot hold.
  public Verdict converted() {
    return losses.isEmpty() ? Verdict.LOADS : Verdict.LOADS_WITH_LOSS;
  }
}
