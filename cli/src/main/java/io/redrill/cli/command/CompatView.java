package io.redrill.cli.command;

import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.convert.CompatReport;
import io.redrill.rdb.convert.LossCount;
import io.redrill.rdb.convert.TargetCompat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a survey found, for people and as JSON.
final class CompatView {

  private static final int DEFAULT_DATABASES = 16;

  private CompatView() {}

  /// One line per target under a heading.
  static List<List<String>> table(CompatReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("TARGET", "AS IT IS", "AFTER CONVERT", "WHY"));
    for (TargetCompat compat : report.targets()) {
      rows.add(
          List.of(
              compat.target().id(),
              words(compat.asItIs()),
              words(compat.converted()),
              why(report.header(), compat)));
    }
    return rows;
  }

  private static String words(TargetCompat.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String why(RdbHeader header, TargetCompat compat) {
    List<String> reasons = new ArrayList<>();
    if (!compat.takesHeader()) {
      reasons.add("takes no RDB version %d of %s".formatted(header.version(), dialect(header)));
    }
    compat.losses().stream()
        .map(lost -> lost.loss().id() + " (" + Quantity.count(lost.count()) + ")")
        .forEach(reasons::add);
    return String.join("; ", reasons);
  }

  private static String dialect(RdbHeader header) {
    return header.dialect().name().toLowerCase(Locale.ROOT);
  }

  /// What each loss in the table means, with its first example.
  static List<String> losses(CompatReport report) {
    Map<String, String> lines = new TreeMap<>();
    report.targets().stream()
        .flatMap(compat -> compat.losses().stream())
        .forEach(lost -> lines.putIfAbsent(lost.loss().id(), line(lost)));
    return List.copyOf(lines.values());
  }

  /// A loss in one line.
  static String line(LossCount lost) {
    return "%s: %s (%s%s): %s"
        .formatted(
            lost.loss().id(),
            lost.loss().content(),
            Quantity.count(lost.count()),
            lost.example()
                .map(example -> ", first: " + Output.oneLine(example.toString()))
                .orElse(""),
            lost.loss().effect());
  }

  /// What any target has to bring along.
  static List<String> needs(CompatReport report) {
    List<String> lines = new ArrayList<>();
    if (!report.modules().isEmpty()) {
      lines.add(
          "needs the modules of these types: "
              + new TreeMap<>(report.modules())
                  .entrySet().stream()
                      .map(module ->
                          module.getKey() + " (" + Quantity.count(module.getValue()) + ")")
                      .collect(Collectors.joining(", ")));
    }
    if (report.laterVectorSets() > 0) {
      lines.add(
          "needs, of Redis 8.0, a release after 8.0.2, for its vector sets ("
              + Quantity.count(report.laterVectorSets())
              + ")");
    }
    if (report.highestDb() >= DEFAULT_DATABASES) {
      lines.add("needs the setting databases " + (report.highestDb() + 1L) + " or more");
    }
    if (report.expiredKeys() > 0) {
      lines.add(
          Quantity.count(report.expiredKeys(), "key is", "keys are")
              + " expired by now; kept here, and dropped by a primary that loads the file");
    }
    return lines;
  }

  /// All of it as a tree for JSON.
  static Map<String, Object> tree(CompatReport report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("version", report.header().version());
    tree.put("dialect", dialect(report.header()));
    tree.put("checksum", report.checksum().name().toLowerCase(Locale.ROOT));
    tree.put("keys", report.keys());
    tree.put("expiredKeys", report.expiredKeys());
    tree.put("highestDb", report.highestDb());
    tree.put("modules", new TreeMap<>(report.modules()));
    tree.put("laterVectorSets", report.laterVectorSets());
    tree.put("targets", report.targets().stream().map(CompatView::tree).toList());
    return tree;
  }

  private static Map<String, Object> tree(TargetCompat compat) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("target", compat.target().id());
    tree.put("version", compat.target().version());
    tree.put("asItIs", word(compat.asItIs()));
    tree.put("converted", word(compat.converted()));
    tree.put("takesHeader", compat.takesHeader());
    tree.put("encodedAnew", compat.encodedAnew());
    tree.put("losses", compat.losses().stream().map(CompatView::tree).toList());
    return tree;
  }

  private static String word(TargetCompat.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Map<String, Object> tree(LossCount lost) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("loss", lost.loss().id());
    tree.put("content", lost.loss().content());
    tree.put("effect", lost.loss().effect());
    tree.put("count", lost.count());
    lost.example()
        .ifPresent(
            example -> tree.put("example", Map.of("db", example.db(), "key", example.key())));
    return tree;
  }
}
