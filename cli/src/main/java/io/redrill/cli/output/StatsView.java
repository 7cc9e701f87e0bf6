package io.redrill.cli.output;

import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.stats.BigKey;
import io.redrill.rdb.stats.ExpiryBand;
import io.redrill.rdb.stats.HeavySums;
import io.redrill.rdb.stats.PrefixTable;
import io.redrill.rdb.stats.RdbStatsReport;
import io.redrill.rdb.stats.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What an RDB consists of, as text for people and as a tree for JSON. Fields are only ever added.
public final class StatsView {

  private static final int KEY_CHARACTERS = 60;

  private final RdbStatsReport report;
  private final int top;

  /// Shows `report`, with the `top` heaviest prefixes.
  public StatsView(RdbStatsReport report, int top) {
    this.report = report;
    this.top = top;
  }

  /// Prints everything on a screen or two; sections about nothing are left out.
  public void print(Output output) {
    if (!report.isWhole()) {
      output.result("INCOMPLETE: the file is damaged; all numbers are of what could be read");
    }
    head(output);
    if (report.total().keys() == 0) {
      return;
    }
    section(output, "database", report.databases(), this::database);
    section(output, "type", report.kinds(), kind -> kind.redisName());
    section(output, "encoding", report.types(), type -> type.name());
    section(output, "expires", report.expiries(), StatsView::band);
    prefixes(output);
    biggest(output, "biggest by memory", report.biggestMemory());
    biggest(output, "biggest by bytes in the file", report.biggestStored());
    biggest(output, "biggest by elements", report.biggestElements());
  }

  private void head(Output output) {
    report
        .header()
        .ifPresent(header ->
            output.result(
                "file        RDB version %d (%s)%s, %s"
                    .formatted(
                        header.version(),
                        header.dialect().name().toLowerCase(Locale.ROOT),
                        aux("valkey-ver", "redis-ver"),
                        Quantity.bytes(report.bytesRead()))));
    output.result(
        "keys        %s, %s of them with an expiry%s"
            .formatted(
                Quantity.count(report.total().keys()),
                Quantity.count(report.expiring()),
                report.filteredOut() == 0
                    ? ""
                    : "; %s filtered out".formatted(Quantity.count(report.filteredOut()))));
    if (report.functions() > 0) {
      output.result("functions   " + Quantity.count(report.functions(), "library", "libraries"));
    }
    if (report.damagedValues() > 0) {
      output.result(
          "damaged     "
              + Quantity.count(report.damagedValues(), "value is", "values are")
              + " left out: see them with redrill rdb check");
    }
    output.result(
        "memory      about %s in redis-server 7.0: %s of keys and values, %s of their tables"
            .formatted(
                Quantity.bytes(report.total().memoryBytes() + report.tableBytes()),
                Quantity.bytes(report.total().memoryBytes()),
                Quantity.bytes(report.tableBytes())));
  }

  private String aux(String... names) {
    for (String name : names) {
      String version = report.aux().get(name);
      if (version != null) {
        return " of " + Output.oneLine(version);
      }
    }
    return "";
  }

  private String database(int db) {
    return db < 0 ? "others" : String.valueOf(db);
  }

  private static String band(ExpiryBand band) {
    return switch (band) {
      case NEVER -> "never";
      case PAST -> "in the past";
      case HOUR -> "within 1 h";
      case DAY -> "within 1 d";
      case WEEK -> "within 7 d";
      case MONTH -> "within 30 d";
      case LATER -> "later";
    };
  }

  /// How a name is shown.
  private interface Naming<T> {
    String of(T name);
  }

  private <T> void section(Output output, String title, Map<T, Tally> tallies, Naming<T> naming) {
    output.result("");
    List<List<String>> rows = new ArrayList<>();
    rows.add(heading(title));
    tallies.forEach((name, tally) -> rows.add(row(naming.of(name), tally)));
    output.numbers(rows);
  }

  private static List<String> heading(String title) {
    return List.of(title.toUpperCase(Locale.ROOT), "KEYS", "", "FILE", "ELEMENTS", "MEMORY", "");
  }

  private List<String> row(String name, Tally tally) {
    return List.of(
        name,
        Quantity.count(tally.keys()),
        share(tally.keys(), report.total().keys()),
        Quantity.bytes(tally.storedBytes()),
        Quantity.count(tally.elements()),
        Quantity.bytes(tally.memoryBytes()),
        share(tally.memoryBytes(), report.total().memoryBytes()));
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  private void prefixes(Output output) {
    PrefixTable prefixes = report.prefixes();
    output.result("");
    List<List<String>> rows = new ArrayList<>();
    rows.add(heading("prefix"));
    for (HeavySums.Row row : prefixes.top(top)) {
      rows.add(row(brief(row.name(), false) + "*", tally(row.sums())));
    }
    addRest(rows, "(other prefixes)", prefixes.others(top));
    addRest(rows, "(without a prefix)", prefixes.withoutPrefix());
    output.numbers(rows);
    if (!prefixes.isExact()) {
      output.result(
          "There are more prefixes than are kept: the memory of each may be short by up to %s, which then is among the others."
              .formatted(Quantity.bytes(prefixes.shortBy())));
    }
  }

  private void addRest(List<List<String>> rows, String name, long[] sums) {
    if (sums[0] > 0) {
      rows.add(row(name, tally(sums)));
    }
  }

  private static Tally tally(long[] sums) {
    return new Tally(sums[0], sums[1], sums[2], sums[3]);
  }

  private void biggest(Output output, String title, List<BigKey> keys) {
    if (keys.isEmpty()) {
      return;
    }
    output.result("");
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            title.toUpperCase(Locale.ROOT),
            "DB",
            "TYPE",
            "ENCODING",
            "FILE",
            "ELEMENTS",
            "MEMORY"));
    for (BigKey key : keys) {
      rows.add(
          List.of(
              brief(key.key(), key.isCut()),
              String.valueOf(key.db()),
              key.kind().redisName(),
              key.type().name(),
              Quantity.bytes(key.storedBytes()),
              Quantity.count(key.elements()),
              Quantity.bytes(key.memoryBytes())));
    }
    output.numbers(rows);
  }

  private static String brief(byte[] key, boolean isCut) {
    String text = KeyEscape.of(key);
    return text.length() > KEY_CHARACTERS
        ? text.substring(0, KEY_CHARACTERS) + "..."
        : text + (isCut ? "..." : "");
  }

  /// The whole result.
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("complete", report.isWhole());
    report
        .header()
        .ifPresent(header -> {
          tree.put("version", header.version());
          tree.put("dialect", header.dialect().name().toLowerCase(Locale.ROOT));
        });
    tree.put("bytesRead", report.bytesRead());
    tree.put("aux", report.aux());
    tree.put("functions", report.functions());
    tree.put("filteredOut", report.filteredOut());
    tree.put("damagedValues", report.damagedValues());
    tree.put("total", tree(report.total()));
    tree.put("expiring", report.expiring());
    tree.put("tableBytes", report.tableBytes());
    tree.put("databases", trees(report.databases(), this::database));
    tree.put("types", trees(report.kinds(), kind -> kind.redisName()));
    tree.put("encodings", trees(report.types(), type -> type.name()));
    tree.put("expiries", trees(report.expiries(), band -> band.name().toLowerCase(Locale.ROOT)));
    tree.put("prefixes", prefixTree());
    tree.put("biggestByMemory", report.biggestMemory().stream().map(StatsView::tree).toList());
    tree.put("biggestByBytes", report.biggestStored().stream().map(StatsView::tree).toList());
    tree.put("biggestByElements", report.biggestElements().stream().map(StatsView::tree).toList());
    return tree;
  }

  private <T> Map<String, Object> trees(Map<T, Tally> tallies, Naming<T> naming) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tallies.forEach((name, tally) -> tree.put(naming.of(name), tree(tally)));
    return tree;
  }

  private static Map<String, Object> tree(Tally tally) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("keys", tally.keys());
    tree.put("bytes", tally.storedBytes());
    tree.put("elements", tally.elements());
    tree.put("memoryBytes", tally.memoryBytes());
    return tree;
  }

  private Map<String, Object> prefixTree() {
    PrefixTable prefixes = report.prefixes();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("exact", prefixes.isExact());
    tree.put("shortByMemoryBytes", prefixes.shortBy());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (HeavySums.Row row : prefixes.top(top)) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("prefix", KeyEscape.of(row.name()));
      each.putAll(tree(tally(row.sums())));
      rows.add(each);
    }
    tree.put("top", rows);
    tree.put("others", tree(tally(prefixes.others(top))));
    tree.put("withoutPrefix", tree(tally(prefixes.withoutPrefix())));
    return tree;
  }

  private static Map<String, Object> tree(BigKey key) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("db", key.db());
    KeyLine.Json.key(tree, key.key());
    if (key.isCut()) {
      tree.put("keyBytes", key.keyLength());
    }
    tree.put("type", key.kind().redisName());
    tree.put("encoding", key.type().name());
    tree.put("bytes", key.storedBytes());
    tree.put("elements", key.elements());
    tree.put("memoryBytes", key.memoryBytes());
    if (key.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY) {
      tree.put("expiresAtMillis", key.expireAtMillis());
    }
    return tree;
  }
}
