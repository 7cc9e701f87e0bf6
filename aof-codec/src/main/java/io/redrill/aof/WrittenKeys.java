package io.redrill.aof;

import io.redrill.rdb.ByteSlice;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Which arguments of a command are keys that it may change: its first argument, unless the command
/// is one of those below. Keys that are only read, as the sources of `SUNIONSTORE`, are none.
///
/// | command | keys |
/// |---|---|
/// | `DEL`, `UNLINK`, … | all arguments |
/// | `MSET`, `MSETNX` | every second one |
/// | `BLPOP`, … | all but the last |
/// | `RENAME`, `LMOVE`, `SMOVE`, … | the first two |
/// | `COPY`, `BITOP`, `XGROUP` | the second |
/// | `LMPOP`, `EVAL`, `MSETEX`, … | as many as a number in front of them says |
/// | `SORT`, `GEORADIUS`, … | the one behind `STORE` |
/// | `FLUSHALL`, `SWAPDB`, `FUNCTION`, `PUBLISH`, … | none |
///
/// A command that is not known here, such as a module's, is taken to write its first argument, as
/// nearly all do. The rules are those that `COMMAND` of Redis 8 and Valkey 9 tells, for what stands
/// in logs.
///
/// One object serves one command after the other: [#begin], then [#isKey] for each argument in
/// turn. Not safe for use by several threads.
public final class WrittenKeys {

  private static final int TO_THE_LAST = -1;

  /// Arguments `first`, `first + step`, … up to `last`, which counts from the end if negative.
  private record Range(int first, int last, int step) implements Rule {}

  /// As many keys behind argument `at` as it says, each followed by `step - 1` others.
  private record Counted(int at, int step) implements Rule {}

  /// The argument behind one of these words, the last one if there are several.
  private record Behind(String... words) implements Rule {}

  /// Which arguments are keys.
  private sealed interface Rule {}

  private static final Rule FIRST = new Range(1, 1, 1);
  private static final Rule NONE = new Range(0, 0, 1);
  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    put(NONE, "FLUSHALL", "FLUSHDB", "SWAPDB", "SFLUSH", "TRIMSLOTS", "FUNCTION", "SCRIPT");
    put(NONE, "MULTI", "EXEC", "SELECT", "PING", "REPLCONF", "PUBLISH", "SPUBLISH");
    put(new Range(1, TO_THE_LAST, 1), "DEL", "UNLINK");
    put(new Range(1, TO_THE_LAST, 2), "MSET", "MSETNX");
    put(new Range(1, TO_THE_LAST, 3), "JSON.MSET", "TS.MADD");
    put(new Range(1, -2, 1), "BLPOP", "BRPOP", "BZPOPMIN", "BZPOPMAX");
    put(new Range(1, 2, 1), "RENAME", "RENAMENX", "RPOPLPUSH", "BRPOPLPUSH");
    put(new Range(1, 2, 1), "LMOVE", "BLMOVE", "SMOVE");
    put(new Range(2, 2, 1), "COPY", "BITOP", "XGROUP", "PFDEBUG");
    put(new Counted(1, 1), "LMPOP", "ZMPOP");
    put(new Counted(2, 1), "BLMPOP", "BZMPOP", "EVAL", "EVALSHA", "FCALL");
    put(new Counted(1, 2), "MSETEX");
    put(new Behind("STORE"), "SORT");
    put(new Behind("STORE", "STOREDIST"), "GEORADIUS", "GEORADIUSBYMEMBER");
  }

  private static void put(Rule rule, String... commands) {
    for (String command : commands) {
      RULES.put(command, rule);
    }
  }

  private Rule rule = FIRST;
  private int count;
  private long counted;
  private boolean isBehindWord;

  /// Serves no command before [#begin].
  public WrittenKeys() {}

  /// Begins with a command.
  ///
  /// @param name in any case
  /// @param arguments how many it has, the name among them
  public void begin(ByteSlice name, int arguments) {
    rule = RULES.getOrDefault(text(name), FIRST);
    count = arguments;
    counted = 0;
    isBehindWord = false;
  }

  /// Whether the command of [#begin] has a place for keys at all.
  public boolean hasKeys() {
    return !rule.equals(NONE);
  }

  /// Whether the argument at `index` is a key. To be asked for each argument in turn, from the name
  /// (0) on.
  public boolean isKey(int index, ByteSlice argument) {
    return switch (rule) {
      case Range(int first, int last, int step) ->
          first > 0
              && index >= first
              && index <= (last < 0 ? count + last : last)
              && (index - first) % step == 0;
      case Counted(int at, int step) -> isCounted(index, at, step, argument);
      case Behind(String[] words) -> isBehind(index, words, argument);
    };
  }

  private boolean isCounted(int index, int at, int step, ByteSlice argument) {
    if (index == at) {
      counted = number(argument);
    }
    long place = index - at - 1L;
    return place >= 0 && place / step < counted && place % step == 0;
  }

  private boolean isBehind(int index, String[] words, ByteSlice argument) {
    boolean isKey = isBehindWord;
    // The first argument is what is sorted or searched, whatever it is called.
    isBehindWord = !isKey && index > 1 && isOneOf(words, text(argument));
    return isKey;
  }

  private static boolean isOneOf(String[] words, String word) {
    for (String candidate : words) {
      if (candidate.equals(word)) {
        return true;
      }
    }
    return false;
  }

  private static long number(ByteSlice argument) {
    long value = 0;
    for (int i = 0; i < argument.length() && i < 10; i++) {
      int digit = argument.get(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static String text(ByteSlice argument) {
    return argument.length() > 32
        ? ""
        : new String(
                argument.array(), argument.offset(), argument.length(), StandardCharsets.ISO_8859_1)
            .toUpperCase(Locale.ROOT);
  }
}
