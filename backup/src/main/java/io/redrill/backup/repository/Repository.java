package io.redrill.backup.repository;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A place where backups live: an [ObjectStore] with the layout of `docs/repository-format.md`.
///
/// Every method that asks the store blocks, and fails with a [RedrillException]. The store is the
/// only source of truth: nothing is cached here. Safe for use by several threads.
public final class Repository {

  /// The version of the layout that this code writes, and the highest that it reads.
  public static final int VERSION = 1;

  private static final String FORMAT = "redrill-repository";
  private static final Pattern DRILL = Pattern.compile(ObjectTime.PATTERN);

  /// No JSON object of a repository is larger; a manifest of 100,000 parts has 15 MB.
  private static final int JSON_LIMIT_BYTES = 256 * 1024 * 1024;

  private final ObjectStore store;
  private final String id;
  private final Instant createdAt;

  private Repository(ObjectStore store, String id, Instant createdAt) {
    this.store = store;
    this.id = id;
    this.createdAt = createdAt;
  }

  /// Opens the repository in `store`, which stays the caller's to close.
  ///
  /// @throws RedrillException with [ErrorCode#NO_REPOSITORY] if there is none
  public static Repository open(ObjectStore store) {
    try {
      byte[] bytes = read(store, RepositoryKeys.REPOSITORY);
      JsonReader json = JsonReader.plain(bytes, RepositoryKeys.REPOSITORY.value(), FORMAT, VERSION);
      return new Repository(store, json.text("id"), json.time("createdAt"));
    } catch (ObjectMissingException e) {
      throw RedrillException.causedBy(e, ErrorCode.NO_REPOSITORY, "store", store.location());
    } catch (IOException e) {
      throw Failures.of(e, "store", store.location());
    }
  }

  /// Opens the repository in `store`, and makes it before if there is none.
  public static Repository init(ObjectStore store, InstantSource clock, RandomGenerator random) {
    byte[] id = new byte[16];
    random.nextBytes(id);
    ObjectNode root = Json.object();
    root.put("format", FORMAT).put("version", VERSION);
    root.put("id", HexFormat.of().formatHex(id));
    root.put("createdAt", Json.time(clock.instant()));
    byte[] bytes = Json.pretty(root);
    try {
      if (store.find(RepositoryKeys.REPOSITORY).isEmpty()) {
        store.put(RepositoryKeys.REPOSITORY, new ByteArrayInputStream(bytes), bytes.length);
      }
    } catch (ObjectExistsException e) {
      return open(store);
    } catch (IOException e) {
      throw Failures.of(e, "store", store.location());
    }
    return open(store);
  }

  /// The identity of this repository, 32 hex digits.
  public String id() {
    return id;
  }

  /// When it was made.
  public Instant createdAt() {
    return createdAt;
  }

  /// Where the objects lie.
  public ObjectStore store() {
    return store;
  }

  /// The sources that have a committed snapshot or a segment, in order of name.
  public List<SourceName> sources() {
    TreeSet<SourceName> sources = new TreeSet<>();
    for (String key : keys("", Optional::of)) {
      int slash = key.indexOf('/');
      if (slash > 0 && SourceName.isValid(key.substring(0, slash))) {
        SourceName source = SourceName.of(key.substring(0, slash));
        if (snapshotOf(source, key).isPresent() || segmentOf(source, key).isPresent()) {
          sources.add(source);
        }
      }
    }
    return List.copyOf(sources);
  }

  /// The committed snapshots of a source, oldest first.
  public List<SnapshotId> snapshots(SourceName source) {
    return keys(RepositoryKeys.snapshots(source), key -> snapshotOf(source, key));
  }

  /// The manifest of a snapshot, proved by its own checksum.
  ///
  /// @throws RedrillException with [ErrorCode#SNAPSHOT_NOT_FOUND] if there is none
  public Manifest manifest(SourceName source, SnapshotId snapshot) {
    ObjectKey key = RepositoryKeys.manifest(source, snapshot);
    try {
      Manifest manifest = ManifestJson.read(read(store, key), key.value());
      if (!manifest.id().equals(snapshot) || !manifest.source().equals(source)) {
        throw new RedrillException(
            ErrorCode.REPOSITORY_DAMAGED,
            "object",
            key,
            "problem",
            "it is the manifest of another snapshot");
      }
      return manifest;
    } catch (ObjectMissingException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.SNAPSHOT_NOT_FOUND, "source", source, "snapshot", snapshot);
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  /// The manifests of all committed snapshots of a source, oldest first.
  public List<Manifest> manifests(SourceName source) {
    return snapshots(source).stream().map(id -> manifest(source, id)).toList();
  }

  /// The manifest of a snapshot of whichever source has it.
  public Optional<Manifest> find(SnapshotId snapshot) {
    return sources().stream()
        .filter(source -> snapshots(source).contains(snapshot))
        .findFirst()
        .map(source -> manifest(source, snapshot));
  }

  /// The segments of a source, by timeline and offset.
  public List<SegmentName> segments(SourceName source) {
    return keys(RepositoryKeys.log(source), key -> segmentOf(source, key));
  }

  /// Commits a snapshot: all its parts must be durable.
  public void commit(Manifest manifest) {
    put(RepositoryKeys.manifest(manifest.source(), manifest.id()), ManifestJson.write(manifest));
  }

  /// Removes a snapshot: first its manifest, then its parts.
  public void delete(SourceName source, SnapshotId snapshot) {
    try {
      store.delete(RepositoryKeys.manifest(source, snapshot));
      for (ObjectKey key : partKeys(source, snapshot)) {
        store.delete(key);
      }
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private List<ObjectKey> partKeys(SourceName source, SnapshotId snapshot) {
    return keys(
        RepositoryKeys.snapshots(source) + snapshot + "/", key -> Optional.of(ObjectKey.of(key)));
  }

  /// A new name for a drill that starts at `at`.
  public static String drillName(Instant at, RandomGenerator random) {
    return ObjectTime.name(at, random);
  }

  /// Stores the report of a drill under a name of [#drillName].
  public void putDrill(String name, byte[] json) {
    put(RepositoryKeys.drill(name), json);
  }

  /// The names of all stored drills, oldest first.
  public List<String> drills() {
    return keys(RepositoryKeys.DRILLS, Repository::drillOf);
  }

  /// The stored report of a drill.
  ///
  /// @throws RedrillException with [ErrorCode#OBJECT_MISSING] if there is none
  public byte[] drill(String name) {
    try {
      return read(store, RepositoryKeys.drill(name));
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private void put(ObjectKey key, byte[] bytes) {
    try {
      store.put(key, new ByteArrayInputStream(bytes), bytes.length);
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private static byte[] read(ObjectStore store, ObjectKey key) throws IOException {
    try (InputStream in = store.open(key)) {
      byte[] bytes = in.readNBytes(JSON_LIMIT_BYTES + 1);
      if (bytes.length > JSON_LIMIT_BYTES) {
        throw new RedrillException(
            ErrorCode.REPOSITORY_DAMAGED, "object", key, "problem", "larger than any such object");
      }
      return bytes;
    }
  }

  private static Optional<SnapshotId> snapshotOf(SourceName source, String key) {
    String prefix = RepositoryKeys.snapshots(source);
    String suffix = "/" + RepositoryKeys.MANIFEST;
    return key.startsWith(prefix)
            && key.endsWith(suffix)
            && key.length() > prefix.length() + suffix.length()
        ? SnapshotId.parse(key.substring(prefix.length(), key.length() - suffix.length()))
        : Optional.empty();
  }

  private static Optional<SegmentName> segmentOf(SourceName source, String key) {
    String prefix = RepositoryKeys.log(source);
    return key.startsWith(prefix)
        ? SegmentName.parse(key.substring(prefix.length()))
        : Optional.empty();
  }

  private static Optional<String> drillOf(String key) {
    if (!key.endsWith(".json")) {
      return Optional.empty();
    }
    String name = key.substring(RepositoryKeys.DRILLS.length(), key.length() - ".json".length());
    return DRILL.matcher(name).matches() ? Optional.of(name) : Optional.empty();
  }

  private <T extends Comparable<T>> List<T> keys(
      String prefix, Function<String, Optional<T>> parse) {
    List<T> found = new ArrayList<>();
    try (Stream<ObjectInfo> objects = store.list(prefix)) {
      objects.forEach(object -> parse.apply(object.key().value()).ifPresent(found::add));
    } catch (IOException | UncheckedIOException e) {
      throw Failures.of(e, "store", store.location());
    }
    found.sort(null);
    return found;
  }
}
