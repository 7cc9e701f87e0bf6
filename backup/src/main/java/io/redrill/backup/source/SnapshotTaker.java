package io.redrill.backup.source;

import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.Consistency;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.PartWriter;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Takes snapshots: one pass over the RDB, which is parsed, checked, counted and fingerprinted
/// while the same bytes are compressed and stored.
///
/// ```
/// source ──▶ ByteInput ──▶ RdbCursor ──▶ DatasetSummarizer ─┐
///                └──tap──▶ PartWriter ──▶ store             ├──▶ manifest, last
///                                            parts ─────────┘
/// ```
///
/// What does not parse to its end, or whose checksum is wrong, never gets a manifest; its parts are
/// removed as far as the store allows it. May be used by several threads.
public final class SnapshotTaker {

  private final Repository repository;
  private final PartOptions options;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SnapshotProgress progress;

  /// Stores into `repository`.
  public SnapshotTaker(
      Repository repository, PartOptions options, InstantSource clock, RandomGenerator random) {
    this(repository, options, clock, random, SnapshotProgress.NONE);
  }

  /// As above, and tells `progress` how far it is.
  public SnapshotTaker(
      Repository repository,
      PartOptions options,
      InstantSource clock,
      RandomGenerator random,
      SnapshotProgress progress) {
    this.repository = repository;
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.progress = progress;
  }

  /// Has `source` make an image, and stores it as a snapshot of `name`. Blocks until it is
  /// committed.
  ///
  /// @throws RedrillException if that is not known to have happened
  public Manifest take(SourceName name, Source source) {
    Instant startedAt = clock.instant();
    try (SnapshotFeed feed = source.snapshot()) {
      return store(name, feed, source.capture(), startedAt);
    } catch (IOException e) {
      throw Failures.of(e, "source", source.location());
    }
  }

  /// Stores an image that a source is sending already. Does not close `feed`.
  ///
  /// @throws RedrillException if that is not known to have happened
  public Manifest store(SourceName name, SnapshotFeed feed, CaptureMode capture) {
    return store(name, feed, capture, clock.instant());
  }

  private Manifest store(
      SourceName name, SnapshotFeed feed, CaptureMode capture, Instant startedAt) {
    SnapshotId id = newId(startedAt);
    PartWriter parts = new PartWriter(repository, name, id, options);
    Manifest manifest;
    try (parts) {
      Image image = read(feed, parts);
      feed.finish();
      manifest = manifest(name, id, feed, capture, image, parts.finish());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      parts.abandon();
      throw Failures.of(
          hungUp(e, capture) ? new EOFException(feed.rdb().name()) : e, "source", name);
    }
    // An unanswered commit may have been carried out, or may be yet: its parts have to stay.
    repository.commit(manifest);
    return manifest;
  }

  /// Whether an image ends early because its sender is gone: what a file lacks is lost for good,
  /// what a connection lacks is not.
  private static boolean hungUp(Throwable failure, CaptureMode capture) {
    return capture == CaptureMode.PSYNC
        && failure instanceof CorruptInputException
        && failure.getCause() instanceof EOFException;
  }

  private SnapshotId newId(Instant startedAt) {
    synchronized (random) {
      return SnapshotId.create(startedAt, random);
    }
  }

  /// What one pass over the RDB found.
  private record Image(
      RdbHeader header, RdbAux aux, DatasetSummarizer dataset, RdbRecord.End end) {}

  private Image read(SnapshotFeed feed, PartWriter parts) throws IOException {
    ByteInput in = feed.rdb();
    in.tap(parts);
    RdbCursor rdb = new RdbCursor(in);
    RdbHeader header = rdb.header();
    RdbAux aux = new RdbAux();
    DatasetSummarizer dataset = new DatasetSummarizer();
    while (rdb.next() != RdbCursor.Step.END) {
      dataset.add(rdb);
      if (rdb.isAtKey()) {
        progress.read(in.offset(), dataset.keys());
      } else if (rdb.record() instanceof RdbRecord.Aux field) {
        aux.add(field);
      }
    }
    in.flushTap();
    in.tap((bytes, offset, length) -> {});
    progress.read(in.offset(), dataset.keys());
    feed.selected(aux.streamDb());
    return new Image(header, aux, dataset, (RdbRecord.End) rdb.record());
  }

  private Manifest manifest(
      SourceName name,
      SnapshotId id,
      SnapshotFeed feed,
      CaptureMode capture,
      Image image,
      PartWriter.Written written) {
    RdbHeader header = image.header();
    return new Manifest(
        id,
        name,
        capture,
        Consistency.POINT_IN_TIME,
        server(feed, image.aux()),
        id.startedAt(),
        feed.takenAt(),
        clock.instant(),
        feed.position().or(() -> position(image.aux())),
        new Manifest.Rdb(
            header.dialect().name().toLowerCase(Locale.ROOT),
            header.version(),
            written.rawBytes(),
            written.rawSha256(),
            image.end().checksum()),
        options.level(),
        written.parts(),
        image.dataset().summary(),
        warnings(image));
  }

  private static Manifest.Server server(SnapshotFeed feed, RdbAux aux) {
    Manifest.Server said = feed.server();
    if (!said.version().isEmpty()) {
      return said;
    }
    return aux.text("valkey-ver")
        .map(version -> new Manifest.Server("valkey", version))
        .orElseGet(() -> new Manifest.Server("redis", aux.text("redis-ver").orElse("")));
  }

  /// A server that has replicas, or had some, writes where in the log its image stands.
  private static Optional<LogPosition> position(RdbAux aux) {
    Optional<String> timeline = aux.text("repl-id").filter(id -> id.matches("[0-9a-f]{40}"));
    Optional<Long> offset = aux.number("repl-offset").filter(number -> number >= 0);
    return timeline.isPresent() && offset.isPresent()
        ? Optional.of(new LogPosition(timeline.get(), offset.get()))
        : Optional.empty();
  }

  private static List<String> warnings(Image image) {
    List<String> warnings = new ArrayList<>();
    switch (image.end().checksum()) {
      case MATCHES -> {}
      case UNCHECKED -> warnings.add("the server writes no checksum into its RDB (rdbchecksum no)");
      case ABSENT -> warnings.add("an RDB of this version has no checksum");
    }
    if (image.header().isNewerThanKnown()) {
      warnings.add("the RDB version is newer than those this Redrill was made for");
    }
    return warnings;
  }
}
