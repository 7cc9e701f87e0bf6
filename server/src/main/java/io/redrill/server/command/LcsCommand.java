package io.redrill.server.command;

import static io.redrill.server.command.Commands.READ;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.RedisString;
import java.util.ArrayList;
import java.util.List;

/// `LCS`: the longest bytes that two strings have in common, gaps allowed.
///
/// The table of all pairs of prefixes is what it costs: lengths whose product is above [#MAX_CELLS]
/// are refused.
final class LcsCommand {

  /// 64 MiB of table.
  private static final long MAX_CELLS = 16L * 1024 * 1024;

  private static final byte[] EMPTY = {};

  private LcsCommand() {}

  static void register(CommandTable table) {
    table.add("lcs", -3, new KeyPositions(1, 2, 1), READ, LcsCommand::run);
  }

  /// A stretch that stands in both strings, `length` long.
  private record Match(int first, int second, int length) {}

  private static byte[] string(Call call, int index) {
    KeyEntry entry = call.entry(call.arg(index));
    if (entry == null) {
      return EMPTY;
    }
    if (entry.value() instanceof RedisString string) {
      return string.bytes();
    }
    throw new CommandException("ERR The specified keys must contain string values");
  }

  private static void run(Call call) {
    byte[] first = string(call, 1);
    byte[] second = string(call, 2);
    boolean lengthOnly = false;
    boolean indexes = false;
    boolean withLengths = false;
    long shortest = 0;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "IDX")) {
        indexes = true;
      } else if (call.is(i, "LEN")) {
        lengthOnly = true;
      } else if (call.is(i, "WITHMATCHLEN")) {
        withLengths = true;
      } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.count()) {
        shortest = call.integer(++i);
      } else {
        throw new CommandException(CommandException.SYNTAX);
      }
    }
    if (indexes && lengthOnly) {
      throw new CommandException(
          "ERR If you want both the length and indexes, please just use IDX.");
    }
    int[] table = table(first, second);
    int length = table[table.length - 1];
    if (indexes) {
      reply(call, matches(first, second, table), length, shortest, withLengths);
    } else if (lengthOnly) {
      call.reply().integer(length);
    } else {
      call.reply().bulk(common(first, matches(first, second, table), length));
    }
  }

  /// How long the common bytes of each pair of prefixes are: a row for each prefix of `first`, in
  /// one array, since rows of their own would cost more than their cells where they are short.
  private static int[] table(byte[] first, byte[] second) {
    long cells = (first.length + 1L) * (second.length + 1L);
    if (cells > MAX_CELLS) {
      throw new CommandException("ERR String too long for LCS");
    }
    int width = second.length + 1;
    int[] table = new int[(int) cells];
    for (int i = 1; i <= first.length; i++) {
      for (int j = 1; j <= second.length; j++) {
        int at = i * width + j;
        table[at] =
            first[i - 1] == second[j - 1]
                ? table[at - width - 1] + 1
                : Math.max(table[at - width], table[at - 1]);
      }
    }
    return table;
  }

  /// The stretches of one longest common string, the last first.
  private static List<Match> matches(byte[] first, byte[] second, int[] table) {
    int width = second.length + 1;
    List<Match> matches = new ArrayList<>();
    int i = first.length;
    int j = second.length;
    while (i > 0 && j > 0) {
      if (first[i - 1] == second[j - 1]) {
        int run = 0;
        for (; i > 0 && j > 0 && first[i - 1] == second[j - 1]; i--, j--) {
          run++;
        }
        matches.add(new Match(i, j, run));
      } else if (table[(i - 1) * width + j] > table[i * width + j - 1]) {
        i--;
      } else {
        j--;
      }
    }
    return matches;
  }

  private static byte[] common(byte[] first, List<Match> matches, int length) {
    byte[] common = new byte[length];
    int at = 0;
    for (Match match : matches.reversed()) {
      System.arraycopy(first, match.first(), common, at, match.length());
      at += match.length();
    }
    return common;
  }

  private static void reply(
      Call call, List<Match> matches, int length, long shortest, boolean withLengths) {
    List<Match> shown = matches.stream().filter(match -> match.length() >= shortest).toList();
    call.reply().map(2);
    call.reply().bulk("matches");
    call.reply().array(shown.size());
    for (Match match : shown) {
      call.reply().array(withLengths ? 3 : 2);
      span(call, match.first(), match.length());
      span(call, match.second(), match.length());
      if (withLengths) {
        call.reply().integer(match.length());
      }
    }
    call.reply().bulk("len");
    call.reply().integer(length);
  }

  private static void span(Call call, int from, int length) {
    call.reply().array(2);
    call.reply().integer(from);
    call.reply().integer(from + length - 1L);
  }
}
