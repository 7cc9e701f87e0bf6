package io.redrill.scheduler.job;

import java.util.Map;
import java.util.Optional;

/// How a run ended, in the words of the job itself.
public sealed interface RunResult {

  /// What the run produced: a snapshot id or a drill id.
  Optional<String> reference();

  /// Figures worth keeping, each named with its unit, such as `storedBytes` or `keys`.
  Map<String, Long> numbers();

  /// All that was asked for was done and proven.
  record Succeeded(Optional<String> reference, Map<String, Long> numbers) implements RunResult {
    /// Keeps its own copy of the figures.
    public Succeeded {
      numbers = Map.copyOf(numbers);
    }
  }

  /// The work was carried out and its result is bad, such as a drill whose check failed.
  ///
  /// @param code the error code, as in the documentation of errors
  /// @param message what failed, for a person
  record Failed(String code, String message, Optional<String> reference, Map<String, Long> numbers)
      implements RunResult {
    /// Keeps its own copy of the figures.
    public Failed {
      numbers = Map.copyOf(numbers);
    }
  }
}
