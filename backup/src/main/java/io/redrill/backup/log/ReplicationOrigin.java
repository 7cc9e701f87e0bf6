package io.redrill.backup.log;

import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.aof.stream.ReplicationStream;
import io.redrill.aof.stream.SyncResult;
import io.redrill.backup.Failures;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartReader;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotFeed;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The replication stream of a primary: partial resynchronisation where it still has the log, else
/// a full one.
///
/// Resumed is, in this order, the snapshot that this object received last, if no log behind it is
/// stored yet; the end of the stored log; the newest snapshot, if there is no log at all.
final class ReplicationOrigin implements LogOrigin {

  private final PsyncSource source;
  private final Repository repository;
  private final SourceName name;

  /// The position of the snapshot that was received last, until log behind it is stored.
  private volatile Optional<Place> begun = Optional.empty();

  ReplicationOrigin(PsyncSource source, Repository repository, SourceName name) {
    this.source = source;
    this.repository = repository;
    this.name = name;
  }

  @Override
  public boolean owns(String timeline) {
    return !timeline.startsWith(AofOrigin.PREFIX);
  }

  @Override
  public boolean beginsBehindTheLog() {
    return true;
  }

  /// Where to go on, and the database that is selected there.
  private record Place(LogPosition position, int db) {}

  @Override
  public LogFeed open(Optional<LogTail> tail) throws IOException {
    return attach(
        begun
            .filter(snapshot -> tail.isEmpty() || !tail.get().reaches(snapshot.position()))
            .or(() -> tail.map(stored -> new Place(stored.segment().finish(), stored.db())))
            .or(this::newestSnapshot));
  }

  @Override
  public LogFeed begin() throws IOException {
    return attach(Optional.empty());
  }

  private Optional<Place> newestSnapshot() {
    return repository.manifests(name).stream()
        .filter(manifest -> manifest.capture() == CaptureMode.PSYNC)
        .max(Comparator.comparing(Manifest::takenAt))
        .flatMap(manifest ->
            manifest.position().map(position -> new Place(position, streamDb(manifest))));
  }

  private int streamDb(Manifest snapshot) {
    try (ByteInput rdb =
        new ByteInput(new PartReader(repository, snapshot), snapshot.id().toString())) {
      return PsyncSource.streamDb(rdb);
    } catch (IOException e) {
      throw Failures.of(e, "snapshot", snapshot.id());
    }
  }

  private LogFeed attach(Optional<Place> place) throws IOException {
    Manifest.Server server = source.server();
    ReplicationStream stream = ReplicationStream.connect(ReplicationOptions.of(source.endpoint()));
    try {
      PsyncSource.Answered answered = source.answered();
      SyncResult result =
          place.isPresent()
              ? stream.resume(
                  place.get().position().timeline(), place.get().position().offset(), answered)
              : stream.sync(answered);
      return switch (result) {
        case SyncResult.FullSync full -> {
          AtomicInteger db = new AtomicInteger();
          yield new Feed(
              this,
              stream,
              Optional.of(source.feed(stream, full, server, false, answered, db::set)),
              new LogPosition(full.replicationId(), full.offset()),
              Optional.empty(),
              db);
        }
        case SyncResult.Continued(String timeline, long offset) ->
            new Feed(
                this,
                stream,
                Optional.empty(),
                new LogPosition(timeline, offset),
                place
                    .map(from -> from.position().timeline())
                    .filter(before -> !before.equals(timeline)),
                new AtomicInteger(place.map(Place::db).orElse(0)));
      };
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  /// Notes what is stored: the snapshot with which a stretch begins, or log.
  private void durable(Feed feed, long offset) {
    if (offset > feed.offset()) {
      begun = Optional.empty();
    } else if (feed.snapshot().isPresent()) {
      begun = Optional.of(new Place(feed.start(), feed.db()));
    }
  }

  /// @param selected the database that is selected; behind a snapshot known once that was read
  private record Feed(
      ReplicationOrigin owner,
      ReplicationStream stream,
      Optional<SnapshotFeed> snapshot,
      LogPosition start,
      Optional<String> after,
      AtomicInteger selected)
      implements LogFeed {

    @Override
    public int db() {
      return selected.get();
    }

    @Override
    public String timeline() {
      return start.timeline();
    }

    @Override
    public long offset() {
      return start.offset();
    }

    @Override
    public ByteInput commands() {
      return stream.commands();
    }

    @Override
    public Optional<FileOrigin> origin() {
      return Optional.empty();
    }

    @Override
    public void acknowledge(long durable) throws IOException {
      owner.durable(this, durable);
      stream.acknowledge(durable);
    }

    @Override
    public void finished(long end, int dbAtEnd) {
      // The next attempt resumes from what is stored.
    }

    @Override
    public void release() {
      // Hanging up is all there is to do.
    }

    @Override
    public boolean endIsLoss() {
      return true;
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
