package io.redrill.backup.log;

import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.aof.stream.ReplicationStream;
import io.redrill.aof.stream.SyncResult;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotFeed;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.util.Optional;

/// The replication stream of a primary: partial resynchronisation where it still has the log, else
/// a full one.
final class ReplicationOrigin implements LogOrigin {

  private final PsyncSource source;

  ReplicationOrigin(PsyncSource source) {
    this.source = source;
  }

  @Override
  public boolean owns(String timeline) {
    return !timeline.startsWith(AofOrigin.PREFIX);
  }

  @Override
  public LogFeed open(Optional<LogTail> tail) throws IOException {
    ReplicationStream stream = ReplicationStream.connect(ReplicationOptions.of(source.endpoint()));
    try {
      PsyncSource.Answered answered = source.answered();
      SyncResult result =
          tail.isPresent()
              ? stream.resume(tail.get().segment().timeline(), tail.get().segment().end(), answered)
              : stream.sync(answered);
      return feed(stream, result, tail, answered);
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private LogFeed feed(
      ReplicationStream stream,
      SyncResult result,
      Optional<LogTail> tail,
      PsyncSource.Answered answered)
      throws IOException {
    return switch (result) {
      case SyncResult.FullSync full ->
          new Feed(
              stream,
              Optional.of(source.feed(stream, full, source.server(), false, answered)),
              full.replicationId(),
              Optional.empty(),
              full.offset(),
              0);
      case SyncResult.Continued(String timeline, long offset) ->
          new Feed(
              stream,
              Optional.empty(),
              timeline,
              tail.map(stored -> stored.segment().timeline())
                  .filter(before -> !before.equals(timeline)),
              offset,
              tail.map(LogTail::db).orElse(0));
    };
  }

  private record Feed(
      ReplicationStream stream,
      Optional<SnapshotFeed> snapshot,
      String timeline,
      Optional<String> after,
      long offset,
      int db)
      implements LogFeed {

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
      stream.acknowledge(durable);
    }

    @Override
    public void finished(long end, int dbAtEnd) {
      // The next attempt resumes from what is stored.
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
