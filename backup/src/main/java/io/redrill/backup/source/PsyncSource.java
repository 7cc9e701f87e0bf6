package io.redrill.backup.source;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.aof.stream.ReplicationStream;
import io.redrill.aof.stream.SyncResult;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.IntConsumer;

/// Attaches to a server as a replica. Needs no access to its host, and works with any Redis or
/// Valkey that replicates.
///
/// A snapshot uses a connection of its own, which asks for the RDB alone where the server knows
/// that.
public final class PsyncSource implements Source {

  private final ServerEndpoint endpoint;
  private final InstantSource clock;

  /// A source at `endpoint`; `clock` says when answers were received.
  public PsyncSource(ServerEndpoint endpoint, InstantSource clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  @Override
  public CaptureMode capture() {
    return CaptureMode.PSYNC;
  }

  @Override
  public String location() {
    return SourceUrl.location(endpoint);
  }

  /// The server that is followed.
  public ServerEndpoint endpoint() {
    return endpoint;
  }

  @Override
  public SnapshotFeed snapshot() {
    try {
      Manifest.Server server = server();
      ReplicationStream stream =
          ReplicationStream.connect(ReplicationOptions.of(endpoint).snapshotOnly());
      try {
        Answered answered = answered();
        return feed(stream, stream.sync(answered), server, true, answered, _ -> {});
      } catch (IOException | RuntimeException e) {
        stream.close();
        throw e;
      }
    } catch (IOException e) {
      throw Failures.of(e, "source", location());
    }
  }

  /// Who the server says it is; it may forbid the question.
  ///
  /// @throws RedrillException with [ErrorCode#CLUSTER_NODE], or if no Redis answers
  public Manifest.Server server() throws IOException {
    try (RespConnection connection = Greeting.connect(endpoint)) {
      ServerInfo info = ServerInfo.ask(connection, "server");
      info.requireStandalone(location());
      return info.server();
    } catch (RespErrorException e) {
      return new Manifest.Server("", "");
    }
  }

  /// The database that is selected in the log behind the RDB that `rdb` begins with.
  public static int streamDb(ByteInput rdb) throws IOException {
    return RdbAux.first(rdb).streamDb();
  }

  /// Notes when a primary answered a request to synchronise.
  public Answered answered() {
    return new Answered(clock);
  }

  /// Notes the time when it is run: to be given to [ReplicationStream].
  public static final class Answered implements Runnable {

    private final InstantSource clock;
    private Instant at;

    private Answered(InstantSource clock) {
      this.clock = clock;
      this.at = clock.instant();
    }

    @Override
    public void run() {
      at = clock.instant();
    }
  }

  /// The snapshot at the beginning of a full synchronisation.
  ///
  /// @param closing whether closing the feed hangs up
  /// @param answered what noted the answer: the moment that the snapshot shows
  /// @param selected is told of [SnapshotFeed#selected]
  public SnapshotFeed feed(
      ReplicationStream stream,
      SyncResult.FullSync sync,
      Manifest.Server server,
      boolean closing,
      Answered answered,
      IntConsumer selected) {
    Instant takenAt = answered.at;
    return new SnapshotFeed() {
      @Override
      public ByteInput rdb() {
        return sync.snapshot().input();
      }

      @Override
      public Instant takenAt() {
        return takenAt;
      }

      @Override
      public Optional<LogPosition> position() {
        return Optional.of(new LogPosition(sync.replicationId(), sync.offset()));
      }

      @Override
      public Manifest.Server server() {
        return server;
      }

      @Override
      public void selected(int db) {
        selected.accept(db);
      }

      @Override
      public void finish() throws IOException {
        sync.snapshot().finish();
      }

      @Override
      public void close() throws IOException {
        if (closing) {
          stream.close();
        }
      }
    };
  }
}
