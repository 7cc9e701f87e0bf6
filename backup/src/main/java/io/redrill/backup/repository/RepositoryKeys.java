package io.redrill.backup.repository;

import io.redrill.storage.ObjectKey;
import java.util.Locale;

/// Where each object of a repository lies. See `docs/repository-format.md`.
///
/// ```
/// repository.json
/// <source>/snapshots/<snapshot id>/data-00000.zst
/// <source>/snapshots/<snapshot id>/manifest.json
/// <source>/log/<timeline>/<first>-<end>.aof.zst
/// drills/<time>-<8 hex>.json
/// ```
public final class RepositoryKeys {

  /// What makes a store a repository.
  public static final ObjectKey REPOSITORY = ObjectKey.of("repository.json");

  static final String MANIFEST = "manifest.json";
  static final String DRILLS = "drills/";

  private RepositoryKeys() {}

  /// The prefix of all snapshots of a source.
  public static String snapshots(SourceName source) {
    return source + "/snapshots/";
  }

  /// The manifest of a snapshot.
  public static ObjectKey manifest(SourceName source, SnapshotId id) {
    return ObjectKey.of(snapshots(source) + id + "/" + MANIFEST);
  }

  /// A part of a snapshot, by its name in the manifest.
  public static ObjectKey part(SourceName source, SnapshotId id, String name) {
    return ObjectKey.of(snapshots(source) + id + "/" + name);
  }

  /// The prefix of all segments of a source.
  public static String log(SourceName source) {
    return source + "/log/";
  }

  /// A segment.
  public static ObjectKey segment(SourceName source, SegmentName segment) {
    return ObjectKey.of(log(source) + segment.path());
  }

  /// A drill's report.
  public static ObjectKey drill(String name) {
    return ObjectKey.of(DRILLS + name + ".json");
  }

  static String partName(int index) {
    return String.format(Locale.ROOT, "data-%05d.zst", index);
  }
}
