package io.redrill.aof;

import io.redrill.rdb.filter.KeyGlob;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Where a log is to end. A cut never falls inside a record, nor inside a transaction: what is said
/// to end there, ends before its `MULTI`.
public sealed interface LogCut {

  /// At the end of the log, wherever that is.
  record AtEnd() implements LogCut {}

  /// Before the first time mark that is later than `instant`. A server's marks are whole seconds,
  /// and what stands under the mark of second s was written in s or later: a cut at s keeps all of
  /// it.
  record AtTime(Instant instant) implements LogCut {}

  /// After the last record that ends at `offset` or before.
  record AtOffset(long offset) implements LogCut {}

  /// Before the `nth` command (1 is the first) with this name and, if there is a `key`, with a key
  /// that matches: one that the command may change ([WrittenKeys]), or where it has no keys, its
  /// first argument.
  ///
  /// @param command the name in capitals
  record BeforeMatch(String command, Optional<KeyGlob> key, int nth) implements LogCut {

    /// Checks and normalises.
    public BeforeMatch {
      if (command.isEmpty() || nth < 1) {
        throw new IllegalArgumentException("a match needs a command and a number from 1 on");
      }
      command = command.toUpperCase(Locale.ROOT);
    }

    /// The pattern in one line: `FLUSHALL`, or `DEL user:*`.
    public static BeforeMatch of(String pattern, int nth) {
      String[] words = pattern.strip().split("\\s+", 2);
      return new BeforeMatch(
          words[0], words.length == 2 ? Optional.of(KeyGlob.of(words[1])) : Optional.empty(), nth);
    }

    /// Whether `record` is one of the commands meant.
    public boolean matches(AofRecord.Command record) {
      return CommandMatcher.matches(this, record);
    }
  }
}
