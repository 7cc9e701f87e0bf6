package io.redrill.server.command;

import io.redrill.server.command.ListCommands.Span;
import io.redrill.server.type.Numbers;
import io.redrill.server.type.RedisSortedSet;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// A stretch of a sorted set that a command names: by rank, by score or by bytes.
@FunctionalInterface
interface SortedSetBounds {

  /// Which ranks of `set` it covers, counted from the lowest.
  Span in(RedisSortedSet set);

  /// By rank; in reverse, 0 is the highest.
  static SortedSetBounds byRank(long start, long end, boolean reverse) {
    return set -> {
      Span span = Span.of(start, end, set.size());
      return reverse ? new Span(set.size() - span.from() - span.count(), span.count()) : span;
    };
  }

  /// By score, from the texts of a lower and an upper limit, such as `1.5`, `(2` and `+inf`.
  static SortedSetBounds byScore(byte[] low, byte[] high) {
    ScoreLimit min = ScoreLimit.of(low);
    ScoreLimit max = ScoreLimit.of(high);
    return set -> {
      int from =
          set.countBelow(member ->
              min.exclusive() ? member.score() <= min.score() : member.score() < min.score());
      int to =
          set.countBelow(member ->
              max.exclusive() ? member.score() < max.score() : member.score() <= max.score());
      return new Span(from, Math.max(0, to - from));
    };
  }

  /// By bytes, from the texts of a lower and an upper limit, such as `[a`, `(b`, `-` and `+`.
  static SortedSetBounds byLex(byte[] low, byte[] high) {
    LexLimit min = LexLimit.of(low);
    LexLimit max = LexLimit.of(high);
    return set -> {
      int from = set.countBelow(member -> min.isAbove(member.name(), !min.exclusive()));
      int to = set.countBelow(member -> max.isAbove(member.name(), max.exclusive()));
      return new Span(from, Math.max(0, to - from));
    };
  }

  /// A limit of scores.
  record ScoreLimit(double score, boolean exclusive) {
    static ScoreLimit of(byte[] text) {
      boolean exclusive = text.length > 0 && text[0] == '(';
      OptionalDouble score =
          Numbers.parseDouble(exclusive ? Arrays.copyOfRange(text, 1, text.length) : text);
      if (score.isEmpty()) {
        throw new CommandException("ERR min or max is not a float");
      }
      return new ScoreLimit(score.getAsDouble(), exclusive);
    }
  }

  /// A limit of bytes; without a text, it lies before everything or behind everything.
  record LexLimit(byte @Nullable [] text, boolean exclusive, boolean highest) {
    static LexLimit of(byte[] word) {
      if (word.length == 1 && (word[0] == '-' || word[0] == '+')) {
        return new LexLimit(null, true, word[0] == '+');
      }
      if (word.length == 0 || (word[0] != '(' && word[0] != '[')) {
        throw new CommandException("ERR min or max not valid string range item");
      }
      return new LexLimit(Arrays.copyOfRange(word, 1, word.length), word[0] == '(', false);
    }

    /// Whether the limit lies above `name`; an equal one does unless `strictly`.
    boolean isAbove(byte[] name, boolean strictly) {
      byte[] limit = text;
      if (limit == null) {
        return highest;
      }
      int order = Arrays.compareUnsigned(name, limit);
      return strictly ? order < 0 : order <= 0;
    }
  }
}
