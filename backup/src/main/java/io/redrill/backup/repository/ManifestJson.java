package io.redrill.backup.repository;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord.Checksum;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Writes and reads `manifest.json`; the fields are described in `docs/repository-format.md`.
///
/// The last field is the SHA-256 of the rest as `jq -c 'del(.sha256)'` prints it.
public final class ManifestJson {

  private static final String FORMAT = "redrill-snapshot";

  private ManifestJson() {}

  /// The manifest as it is stored.
  public static byte[] write(Manifest manifest) {
    ObjectNode root = Json.object();
    root.put("format", FORMAT).put("version", Manifest.VERSION);
    root.put("id", manifest.id().value()).put("source", manifest.source().value());
    root.put("capture", manifest.capture().text());
    root.put("consistency", manifest.consistency().text());
    root.putObject("server")
        .put("product", manifest.server().product())
        .put("version", manifest.server().version());
    root.put("startedAt", Json.time(manifest.startedAt()));
    root.put("takenAt", Json.time(manifest.takenAt()));
    root.put("finishedAt", Json.time(manifest.finishedAt()));
    manifest
        .position()
        .ifPresent(position ->
            root.putObject("position")
                .put("timeline", position.timeline())
                .put("offset", position.offset()));
    Manifest.Rdb rdb = manifest.rdb();
    root.putObject("rdb")
        .put("dialect", rdb.dialect())
        .put("version", rdb.version())
        .put("bytes", rdb.bytes())
        .put("sha256", rdb.sha256())
        .put("checksum", rdb.checksum().name().toLowerCase(Locale.ROOT));
    root.putObject("compression")
        .put("algorithm", "zstd")
        .put("level", manifest.compressionLevel());
    ArrayNode parts = root.putArray("parts");
    for (Manifest.Part part : manifest.parts()) {
      parts
          .addObject()
          .put("name", part.name())
          .put("storedBytes", part.storedBytes())
          .put("rawBytes", part.rawBytes())
          .put("sha256", part.sha256());
    }
    root.set("dataset", dataset(manifest.dataset()));
    ArrayNode warnings = root.putArray("warnings");
    manifest.warnings().forEach(warnings::add);
    return Json.sealed(root);
  }

  private static ObjectNode dataset(DatasetSummary dataset) {
    ObjectNode node = Json.object();
    node.put("keys", dataset.keys()).put("expiring", dataset.expiring());
    ArrayNode databases = node.putArray("databases");
    for (DatasetSummary.Database database : dataset.databases()) {
      ObjectNode each = databases.addObject();
      each.put("db", database.db());
      each.put("keys", database.keys());
      each.put("expiring", database.expiring());
      each.put("digest", database.digest());
      ArrayNode kinds = each.putArray("kinds");
      for (DatasetSummary.Kind kind : database.kinds()) {
        kinds
            .addObject()
            .put("kind", kind.kind().redisName())
            .put("keys", kind.keys())
            .put("expiring", kind.expiring())
            .put("digest", kind.digest());
      }
    }
    node.putObject("functions")
        .put("libraries", dataset.functions().libraries())
        .put("digest", dataset.functions().digest());
    return node;
  }

  /// Reads a manifest and proves its own checksum.
  ///
  /// @param object the key it was stored under, for errors
  /// @throws io.redrill.backup.RedrillException if it is damaged, or newer than this code
  public static Manifest read(byte[] bytes, String object) {
    JsonReader root = JsonReader.sealed(bytes, object, FORMAT, Manifest.VERSION);
    JsonReader server = root.child("server");
    JsonReader rdb = root.child("rdb");
    List<Manifest.Part> parts = new ArrayList<>();
    for (JsonReader part : root.children("parts")) {
      parts.add(
          new Manifest.Part(
              part.text("name"),
              part.number("storedBytes"),
              part.number("rawBytes"),
              part.text("sha256")));
    }
    return root.checked(() ->
        new Manifest(
            SnapshotId.of(root.text("id")),
            SourceName.of(root.text("source")),
            CaptureMode.of(root.text("capture")),
            Consistency.of(root.text("consistency")),
            new Manifest.Server(server.text("product"), server.text("version")),
            root.time("startedAt"),
            root.time("takenAt"),
            root.time("finishedAt"),
            position(root),
            new Manifest.Rdb(
                rdb.text("dialect"),
                (int) rdb.number("version"),
                rdb.number("bytes"),
                rdb.text("sha256"),
                Checksum.valueOf(rdb.text("checksum").toUpperCase(Locale.ROOT))),
            (int) root.child("compression").number("level"),
            parts,
            dataset(root.child("dataset")),
            root.texts("warnings")));
  }

  private static Optional<LogPosition> position(JsonReader root) {
    if (!root.has("position")) {
      return Optional.empty();
    }
    JsonReader position = root.child("position");
    return Optional.of(new LogPosition(position.text("timeline"), position.number("offset")));
  }

  private static DatasetSummary dataset(JsonReader node) {
    List<DatasetSummary.Database> databases = new ArrayList<>();
    for (JsonReader database : node.children("databases")) {
      List<DatasetSummary.Kind> kinds = new ArrayList<>();
      for (JsonReader kind : database.children("kinds")) {
        kinds.add(
            new DatasetSummary.Kind(
                kind(kind.text("kind")),
                kind.number("keys"),
                kind.number("expiring"),
                kind.text("digest")));
      }
      databases.add(
          new DatasetSummary.Database(
              (int) database.number("db"),
              database.number("keys"),
              database.number("expiring"),
              database.text("digest"),
              kinds));
    }
    JsonReader functions = node.child("functions");
    return new DatasetSummary(
        databases,
        new DatasetSummary.Functions(functions.number("libraries"), functions.text("digest")));
  }

  private static RdbKind kind(String name) {
    for (RdbKind kind : RdbKind.values()) {
      if (kind.redisName().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of value: " + name);
  }
}
