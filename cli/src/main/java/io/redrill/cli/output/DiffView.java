package io.redrill.cli.output;

import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.diff.Difference;
import io.redrill.rdb.diff.Difference.Change;
import io.redrill.rdb.diff.Difference.State;
import io.redrill.rdb.diff.RdbDiffReport;
import io.redrill.rdb.diff.RdbDiffReport.FunctionDifference;
import io.redrill.rdb.stats.HeavySums;
import io.redrill.rdb.stats.PrefixTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// In what two RDB files differ, as text for people and as a tree for JSON. Fields are only ever
/// added.
public final class DiffView {

  private static final int TOP_PREFIXES = 100;

  private final RdbDiffReport report;
  private final boolean byPrefix;

  /// Shows `report`; `byPrefix` says whether counts by prefix are of interest.
  public DiffView(RdbDiffReport report, boolean byPrefix) {
    this.report = report;
    this.byPrefix = byPrefix;
  }

  /// Prints a line for each difference that is kept, then the totals.
  public void print(Output output) {
    if (!report.differences().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("DB", "CHANGE", "WHAT", "KEY"));
      report.differences().forEach(difference -> rows.add(row(difference)));
      output.table(rows);
      long left = report.changes() - report.differences().size();
      if (left > 0) {
        output.result("... and %s more: see them with --limit".formatted(Quantity.count(left)));
      }
    }
    for (FunctionDifference function : report.functions()) {
      output.result(
          "function library %s: %s"
              .formatted(Output.oneLine(function.name()), function.change().word()));
    }
    if (byPrefix && report.changes() > 0) {
      prefixes(output);
    }
    output.result(
        "%s before, %s after: %s"
            .formatted(
                Quantity.count(report.keysBefore(), "key", "keys"),
                Quantity.count(report.keysAfter()),
                report.isEqual() ? "the same" : totals()));
  }

  private String totals() {
    String changes =
        Arrays.stream(Change.values())
            .filter(change -> count(change) > 0)
            .map(change -> Quantity.count(count(change)) + " " + change.word())
            .collect(Collectors.joining(", "));
    String functions =
        report.functions().isEmpty()
            ? ""
            : (changes.isEmpty() ? "" : ", ")
                + Quantity.count(
                    report.functions().size(),
                    "function library differs",
                    "function libraries differ");
    return changes + functions + ", " + Quantity.count(report.equalKeys()) + " equal";
  }

  private long count(Change change) {
    return report.counts().getOrDefault(change, 0L);
  }

  private static List<String> row(Difference difference) {
    return List.of(
        String.valueOf(difference.db()),
        difference.change().word(),
        what(difference),
        difference.keyText());
  }

  private static String what(Difference difference) {
    String before = difference.before().map(state -> text(state, difference)).orElse("");
    String after = difference.after().map(state -> text(state, difference)).orElse("");
    if (before.isEmpty() || after.isEmpty()) {
      return before + after;
    }
    return before.equals(after) ? before : before + " -> " + after;
  }

  private static String text(State state, Difference difference) {
    return switch (difference.change()) {
      case EXPIRY ->
          state.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY
              ? "never"
              : KeyLine.expiry(state.expireAtMillis());
      case ADDED, REMOVED, KIND, VALUE ->
          switch (state.kind()) {
            case STRING, MODULE, OTHER -> state.kind().redisName();
            case LIST, SET, SORTED_SET, HASH, STREAM, VECTOR_SET, ARRAY ->
                "%s of %s".formatted(state.kind().redisName(), Quantity.count(state.elements()));
          };
    };
  }

  private void prefixes(Output output) {
    PrefixTable prefixes = report.prefixes();
    List<List<String>> rows = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("PREFIX"));
    for (Change change : Change.values()) {
      heading.add(change.word().toUpperCase(Locale.ROOT));
    }
    heading.add("ALL");
    rows.add(heading);
    for (HeavySums.Row row : prefixes.top(TOP_PREFIXES)) {
      rows.add(counts(KeyEscape.of(row.name()) + "*", row.sums()));
    }
    addRest(rows, "(other prefixes)", prefixes.others(TOP_PREFIXES));
    addRest(rows, "(without a prefix)", prefixes.withoutPrefix());
    output.result("");
    output.numbers(rows);
    if (!prefixes.isExact()) {
      output.result(
          "There are more prefixes than are kept: the numbers of each may be short by up to %s."
              .formatted(Quantity.count(prefixes.shortBy())));
    }
    output.result("");
  }

  private static void addRest(List<List<String>> rows, String name, long[] sums) {
    if (sums[sums.length - 1] > 0) {
      rows.add(counts(name, sums));
    }
  }

  private static List<String> counts(String name, long[] sums) {
    List<String> row = new ArrayList<>(List.of(name));
    Arrays.stream(sums).mapToObj(Quantity::count).forEach(row::add);
    return row;
  }

  /// The whole result.
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("equal", report.isEqual());
    tree.put("keysBefore", report.keysBefore());
    tree.put("keysAfter", report.keysAfter());
    tree.put("equalKeys", report.equalKeys());
    for (Change change : Change.values()) {
      tree.put(field(change), count(change));
    }
    tree.put("differences", report.differences().stream().map(DiffView::tree).toList());
    tree.put(
        "functions",
        report.functions().stream()
            .map(function -> Map.of("name", function.name(), "change", field(function.change())))
            .toList());
    if (byPrefix) {
      tree.put("prefixesExact", report.prefixes().isExact());
      tree.put(
          "prefixes", report.prefixes().top(TOP_PREFIXES).stream().map(DiffView::tree).toList());
    }
    return tree;
  }

  private static String field(Change change) {
    return switch (change) {
      case ADDED -> "added";
      case REMOVED -> "removed";
      case KIND -> "kindChanged";
      case VALUE -> "changed";
      case EXPIRY -> "expiryChanged";
    };
  }

  private static Map<String, Object> tree(HeavySums.Row row) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("prefix", KeyEscape.of(row.name()));
    Change[] changes = Change.values();
    for (int i = 0; i < changes.length; i++) {
      tree.put(field(changes[i]), row.sum(i));
    }
    return tree;
  }

  private static Map<String, Object> tree(Difference difference) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("db", difference.db());
    KeyLine.Json.key(tree, difference.key());
    difference
        .keyHash()
        .ifPresent(hash -> {
          tree.put("keyBytes", difference.keyLength());
          tree.put("keyHash", hash);
        });
    tree.put("change", field(difference.change()));
    difference.before().ifPresent(state -> tree.put("before", tree(state)));
    difference.after().ifPresent(state -> tree.put("after", tree(state)));
    return tree;
  }

  private static Map<String, Object> tree(State state) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", state.kind().redisName());
    tree.put("elements", state.elements());
    if (state.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY) {
      tree.put("expiresAtMillis", state.expireAtMillis());
    }
    return tree;
  }
}
