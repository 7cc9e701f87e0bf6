package io.redrill.cli.output;

import io.redrill.backup.repository.DatasetSummary;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A manifest, as text for people and as a tree for JSON. Fields are only ever added.
public final class ManifestView {

  private ManifestView() {}

  /// One snapshot, a line a fact.
  public static void print(Manifest manifest, Output output) {
    output.result("snapshot     " + manifest.id());
    output.result("source       " + manifest.source());
    output.result("taken at     " + manifest.takenAt() + "  (" + consistency(manifest) + ")");
    output.result("captured by  " + manifest.capture().text());
    output.result(
        "server       " + manifest.server().product() + " " + manifest.server().version());
    output.result(
        "position     "
            + manifest.position().map(LogPosition::toString).orElse("unknown: no log can follow"));
    output.result(
        "RDB          version %d (%s), %s, checksum %s"
            .formatted(
                manifest.rdb().version(),
                manifest.rdb().dialect(),
                Quantity.bytes(manifest.rdb().bytes()),
                manifest.rdb().checksum().name().toLowerCase(java.util.Locale.ROOT)));
    output.result(
        "stored       %s in %d %s, zstd level %d"
            .formatted(
                Quantity.bytes(manifest.storedBytes()),
                manifest.parts().size(),
                manifest.parts().size() == 1 ? "part" : "parts",
                manifest.compressionLevel()));
    output.result(
        "keys         %s, %s of them with an expiry"
            .formatted(
                Quantity.count(manifest.dataset().keys()),
                Quantity.count(manifest.dataset().expiring())));
    if (manifest.dataset().functions().libraries() > 0) {
      output.result(
          "functions    "
              + Quantity.count(manifest.dataset().functions().libraries(), "library", "libraries"));
    }
    manifest
        .warnings()
        .forEach(warning -> output.result("warning      " + Output.oneLine(warning)));
    if (!manifest.dataset().databases().isEmpty()) {
      output.result("");
      output.table(databases(manifest.dataset()));
    }
  }

  private static String consistency(Manifest manifest) {
    return manifest.consistency().text();
  }

  private static List<List<String>> databases(DatasetSummary dataset) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("DB", "TYPE", "KEYS", "EXPIRING", "DIGEST"));
    for (DatasetSummary.Database database : dataset.databases()) {
      for (DatasetSummary.Kind kind : database.kinds()) {
        rows.add(
            List.of(
                String.valueOf(database.db()),
                kind.kind().redisName(),
                Quantity.count(kind.keys()),
                Quantity.count(kind.expiring()),
                kind.digest()));
      }
    }
    return rows;
  }

  /// The manifest as a tree of plain values.
  public static Map<String, Object> tree(Manifest manifest) {
    Map<String, Object> tree = summary(manifest);
    tree.put("startedAt", manifest.startedAt().toString());
    tree.put("finishedAt", manifest.finishedAt().toString());
    tree.put(
        "rdb",
        Map.of(
            "dialect", manifest.rdb().dialect(),
            "version", manifest.rdb().version(),
            "bytes", manifest.rdb().bytes(),
            "sha256", manifest.rdb().sha256(),
            "checksum", manifest.rdb().checksum().name()));
    tree.put("parts", manifest.parts().stream().map(ManifestView::part).toList());
    tree.put(
        "databases", manifest.dataset().databases().stream().map(ManifestView::database).toList());
    tree.put("functionLibraries", manifest.dataset().functions().libraries());
    tree.put("warnings", manifest.warnings());
    return tree;
  }

  /// The line of a manifest in a list, as a tree of plain values.
  public static Map<String, Object> summary(Manifest manifest) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", manifest.id().value());
    tree.put("source", manifest.source().value());
    tree.put("takenAt", manifest.takenAt().toString());
    tree.put("capture", manifest.capture().text());
    tree.put("consistency", manifest.consistency().text());
    tree.put("server", manifest.server().product() + " " + manifest.server().version());
    manifest
        .position()
        .ifPresent(position ->
            tree.put(
                "position", Map.of("timeline", position.timeline(), "offset", position.offset())));
    tree.put("keys", manifest.dataset().keys());
    tree.put("rdbBytes", manifest.rdb().bytes());
    tree.put("storedBytes", manifest.storedBytes());
    return tree;
  }

  private static Map<String, Object> part(Manifest.Part part) {
    return Map.of(
        "name", part.name(),
        "storedBytes", part.storedBytes(),
        "rawBytes", part.rawBytes(),
        "sha256", part.sha256());
  }

  private static Map<String, Object> database(DatasetSummary.Database database) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("db", database.db());
    tree.put("keys", database.keys());
    tree.put("expiring", database.expiring());
    tree.put("digest", database.digest());
    tree.put(
        "types",
        database.kinds().stream()
            .map(kind ->
                Map.of(
                    "type", kind.kind().redisName(),
                    "keys", kind.keys(),
                    "expiring", kind.expiring(),
                    "digest", kind.digest()))
            .toList());
    return tree;
  }
}
