package io.redrill.cli.output;

import io.redrill.aof.AofStats;
import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.stats.HeavySums;
import io.redrill.rdb.stats.PrefixTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the commands of a log are, as text for people and as a tree for JSON. Fields are only ever
/// added.
public final class AofStatsView {

  private static final int COMMANDS = 0;
  private static final int BYTES = 1;
  private static final int NAME_CHARACTERS = 60;

  private final AofStats stats;
  private final int top;
  private final boolean isComplete;

  /// Shows `stats`, with the `top` commands, keys and prefixes.
  ///
  /// @param isComplete whether everything could be read
  public AofStatsView(AofStats stats, int top, boolean isComplete) {
    this.stats = stats;
    this.top = top;
    this.isComplete = isComplete;
  }

  /// Prints everything on a screen or two; sections about nothing are left out.
  public void print(Output output) {
    if (!isComplete) {
      output.result("INCOMPLETE: the file is damaged; all numbers are of what could be read");
    }
    output.result(
        "log         %s, %s; %s"
            .formatted(
                Quantity.count(stats.total().commands(), "command", "commands"),
                Quantity.bytes(stats.total().bytes()),
                Quantity.count(stats.transactions(), "transaction", "transactions")));
    if (stats.rdbKeys() > 0) {
      output.result(
          "rdb         %s in front: see them with redrill rdb stats"
              .formatted(Quantity.count(stats.rdbKeys(), "key", "keys")));
    }
    if (stats.unfinishedBytes() > 0) {
      output.result(
          "unfinished  %s at the end are no whole record, or in a transaction without its end"
              .formatted(Quantity.bytes(stats.unfinishedBytes())));
    }
    if (stats.total().commands() == 0) {
      return;
    }
    section(output, "command", stats.commands().top(top), "");
    rest(output, stats.commands().others(top), "other commands");
    databases(output);
    if (stats.keys().size() > 0) {
      section(output, "written most: key", stats.keys().top(top), "");
      shortBy(output, stats.keys().shortBy(), "keys");
      prefixes(output);
    }
    intervals(output);
  }

  private void databases(Output output) {
    if (stats.databases().size() < 2) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(heading("database"));
    stats.databases().forEach((db, sums) -> rows.add(row(String.valueOf(db), sums)));
    output.result("");
    output.numbers(rows);
  }

  private void prefixes(Output output) {
    PrefixTable prefixes = stats.prefixes();
    if (prefixes.size() == 0) {
      return;
    }
    section(output, "written most: prefix", prefixes.top(top), "*");
    rest(output, prefixes.others(top), "other prefixes");
    rest(output, prefixes.withoutPrefix(), "keys without a prefix");
    shortBy(output, prefixes.shortBy(), "prefixes");
  }

  private void section(Output output, String title, List<HeavySums.Row> rows, String suffix) {
    List<List<String>> table = new ArrayList<>();
    table.add(heading(title));
    for (HeavySums.Row row : rows) {
      table.add(row(brief(row.name()) + suffix, sums(row.sums())));
    }
    output.result("");
    output.numbers(table);
  }

  private static void rest(Output output, long[] sums, String what) {
    if (sums[COMMANDS] > 0) {
      output.result(
          "and %s of %s, %s"
              .formatted(
                  Quantity.count(sums[COMMANDS], "write", "writes"),
                  what,
                  Quantity.bytes(sums[BYTES])));
    }
  }

  private static void shortBy(Output output, long writes, String what) {
    if (writes > 0) {
      output.result(
          "There are more %s than are kept: the writes of each may be short by up to %s."
              .formatted(what, Quantity.count(writes)));
    }
  }

  private void intervals(Output output) {
    List<AofStats.Interval> intervals = stats.intervals();
    if (intervals.isEmpty()) {
      output.result("");
      output.result(
          "The log has no time marks: a server writes them with aof-timestamp-enabled yes.");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "FROM, FOR " + Quantity.duration(Duration.ofSeconds(intervals.getFirst().seconds())),
            "COMMANDS",
            "BYTES",
            "COMMANDS/S",
            "BYTES/S"));
    for (AofStats.Interval interval : intervals) {
      long commands = interval.sums().commands();
      rows.add(
          List.of(
              interval.from().toString(),
              Quantity.count(commands),
              Quantity.bytes(interval.sums().bytes()),
              String.format(Locale.ROOT, "%,.1f", (double) commands / interval.seconds()),
              Quantity.rate(interval.sums().bytes(), Duration.ofSeconds(interval.seconds()))));
    }
    output.result("");
    output.numbers(rows);
  }

  private static List<String> heading(String title) {
    return List.of(title.toUpperCase(Locale.ROOT), "WRITES", "", "BYTES", "");
  }

  private List<String> row(String name, AofStats.Sums sums) {
    return List.of(
        name,
        Quantity.count(sums.commands()),
        share(sums.commands(), stats.total().commands()),
        Quantity.bytes(sums.bytes()),
        share(sums.bytes(), stats.total().bytes()));
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  private static String brief(byte[] name) {
    String text = KeyEscape.of(name);
    return text.length() <= NAME_CHARACTERS
        ? text
        : text.substring(0, NAME_CHARACTERS - 1) + "\u2026";
  }

  private static AofStats.Sums sums(long[] sums) {
    return new AofStats.Sums(sums[COMMANDS], sums[BYTES]);
  }

  /// The same for JSON.
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("complete", isComplete);
    tree.put("commands", stats.total().commands());
    tree.put("bytes", stats.total().bytes());
    tree.put("transactions", stats.transactions());
    tree.put("rdbKeys", stats.rdbKeys());
    tree.put("unfinishedBytes", stats.unfinishedBytes());
    tree.put("byCommand", rows(stats.commands().top(top)));
    tree.put("otherCommands", sums(new LinkedHashMap<>(), sums(stats.commands().others(top))));
    List<Map<String, Object>> databases = new ArrayList<>();
    stats
        .databases()
        .forEach((db, sums) -> databases.add(sums(new LinkedHashMap<>(Map.of("db", db)), sums)));
    tree.put("byDatabase", databases);
    tree.put("keys", rows(stats.keys().top(top)));
    tree.put("keysShortBy", stats.keys().shortBy());
    tree.put("prefixes", rows(stats.prefixes().top(top)));
    tree.put("prefixesShortBy", stats.prefixes().shortBy());
    tree.put("withoutPrefix", sums(new LinkedHashMap<>(), sums(stats.prefixes().withoutPrefix())));
    List<Map<String, Object>> intervals = new ArrayList<>();
    for (AofStats.Interval interval : stats.intervals()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("from", interval.from().toString());
      row.put("seconds", interval.seconds());
      intervals.add(sums(row, interval.sums()));
    }
    tree.put("intervals", intervals);
    return tree;
  }

  private static List<Map<String, Object>> rows(List<HeavySums.Row> rows) {
    List<Map<String, Object>> trees = new ArrayList<>();
    for (HeavySums.Row row : rows) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("name", KeyEscape.of(row.name()));
      trees.add(sums(tree, sums(row.sums())));
    }
    return trees;
  }

  private static Map<String, Object> sums(Map<String, Object> tree, AofStats.Sums sums) {
    tree.put("commands", sums.commands());
    tree.put("bytes", sums.bytes());
    return tree;
  }
}
