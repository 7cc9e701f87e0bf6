package io.redrill.bench;

import java.io.IOException;
import java.nio.file.Path;

/// One thing that is measured on a file.
///
/// @param name as it is asked for at the command line, without spaces
/// @param what for the reader of the table
/// @param work what is timed
record BenchTask(String name, String what, Work work) {

  /// Does it once, from the opening of the file to its end.
  @FunctionalInterface
  interface Work {

    /// Returns the number of keys seen, or 0 where the work knows nothing of keys.
    long run(Path file) throws IOException;
  }
}
