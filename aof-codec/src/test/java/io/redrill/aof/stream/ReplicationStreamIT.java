package io.redrill.aof.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.aof.resp.Credentials;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespLimits;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Follows a real `redis-server` while it is written to: numbered keys, each of which must arrive
/// once, in the snapshot or after it.
class ReplicationStreamIT {

  @TempDir Path directory;

  private final BitSet seen = new BitSet();
  private final AtomicInteger written = new AtomicInteger();

  @BeforeAll
  static void peer() {
    RealRedis.assumeInstalled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void missesNothingWhileWritesGoOnAndAcrossAReconnection(String diskless) throws Exception {
    try (RealRedis redis =
            RealRedis.start(
                directory,
                "--repl-diskless-sync",
                diskless,
                "--repl-diskless-sync-delay",
                "0",
                "--repl-backlog-size",
                "64mb");
        RespConnection client = redis.connect()) {
      client.call("SELECT", "3");
      writeUntil(client, 5_000);
      ReplicationOptions options = ReplicationOptions.of(redis.endpoint()).withListeningPort(1);
      AtomicBoolean stop = new AtomicBoolean();
      Thread writer = Thread.ofVirtual().start(() -> writeInTransactions(redis, stop));
      String replicationId;
      long offset;
      int db;
      try (ReplicationStream stream = ReplicationStream.connect(options)) {
        SyncResult.FullSync full = stream.sync();
        assertThat(full.snapshot().lengthBytes().isPresent()).isEqualTo(diskless.equals("no"));
        readSnapshot(full.snapshot().input());
        full.snapshot().finish();
        assertThat(seen.cardinality()).isGreaterThanOrEqualTo(5_000);

        AofReader reader = new AofReader(stream.commands());
        readUntil(reader, seen.cardinality() + 2_000);
        replicationId = full.replicationId();
        offset = reader.goodOffset();
        db = reader.db();
      }
      try (ReplicationStream stream = ReplicationStream.connect(options)) {
        assertThat(stream.resume(replicationId, offset))
            .isEqualTo(new SyncResult.Continued(replicationId, offset));
        AofReader reader = new AofReader(stream.commands(), RespLimits.DEFAULT, db);
        readUntil(reader, seen.cardinality() + 2_000);
        stop.set(true);
        writer.join();
        readUntil(reader, written.get());
        assertThat(seen.nextClearBit(0)).isEqualTo(written.get());

        // Nothing else writes: what is left are pings, and both sides count the same bytes.
        reachPrimary(reader, stream, client);
        await().until(() -> client.call("WAIT", "1", "100").asLong() == 1);
        assertThat(info(client, "slave0")).contains("port=1,state=online");
      }
    }
  }

  /// An acknowledgement answers a waiting `WAIT` within its second, not only the next in turn.
  @Test
  void makesWaitAStatementAboutWhatTheCallerHasProcessed() throws Exception {
    try (RealRedis redis = RealRedis.start(directory, "--repl-diskless-sync-delay", "0");
        RespConnection client = redis.connect();
        ReplicationStream stream =
            ReplicationStream.connect(ReplicationOptions.of(redis.endpoint()))) {
      SyncResult.FullSync full = stream.sync();
      readSnapshot(full.snapshot().input());
      full.snapshot().finish();
      client.call("SET", "n:0", "x");
      assertThat(client.call("WAIT", "1", "300").asLong()).isZero();
      reachPrimary(new AofReader(stream.commands()), stream, client);
      assertThat(client.call("WAIT", "1", "10000").asLong()).isEqualTo(1);
    }
  }

  @Test
  void takesASnapshotAloneWithAPassword() throws Exception {
    try (RealRedis redis = RealRedis.start(directory, "--repl-diskless-sync-delay", "0")) {
      try (RespConnection client = redis.connect()) {
        client.call("SET", "n:0", "x");
        client.call("ACL", "SETUSER", "backup", "on", ">s3cret", "+psync", "+replconf", "+ping");
        client.call("ACL", "SETUSER", "reader", "on", ">s3cret", "+ping");
        client.call("CONFIG", "SET", "requirepass", "other");
      }
      ReplicationOptions open = ReplicationOptions.of(redis.endpoint());
      assertThatThrownBy(() -> ReplicationStream.connect(open))
          .isInstanceOfSatisfying(
              ReplicationRefusedException.class,
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(ReplicationRefusedException.Reason.CREDENTIALS));
      assertThatThrownBy(() -> ReplicationStream.connect(as(redis, "reader", "s3cret")))
          .isInstanceOfSatisfying(
              ReplicationRefusedException.class,
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(ReplicationRefusedException.Reason.PERMISSION));
      assertThatThrownBy(() -> RespConnection.connect(as(redis, "backup", "guess").endpoint()))
          .isInstanceOf(RespErrorException.class)
          .satisfies(refused -> assertThat(refused.toString()).doesNotContain("guess"));

      try (ReplicationStream stream =
          ReplicationStream.connect(as(redis, "backup", "s3cret").snapshotOnly())) {
        SnapshotPayload snapshot = stream.sync().snapshot();
        readSnapshot(snapshot.input());
        snapshot.finish();
        assertThat(seen.cardinality()).isEqualTo(1);
      }
    }
  }

  private static ReplicationOptions as(RealRedis redis, String user, String password) {
    return ReplicationOptions.of(
        redis.endpoint().with(new Credentials(Optional.of(user), password)));
  }

  private void writeUntil(RespConnection client, int count) throws IOException {
    int pending = count - written.get();
    while (written.get() < count) {
      client.send("SET", "n:" + written.getAndIncrement(), "x".repeat(50));
    }
    for (; pending > 0; pending--) {
      client.receive();
    }
  }

  private void writeInTransactions(RealRedis redis, AtomicBoolean stop) {
    try (RespConnection client = redis.connect()) {
      while (!stop.get()) {
        client.call("SELECT", written.get() % 2 == 0 ? "3" : "5");
        client.call("MULTI");
        for (int i = 0; i < 5; i++) {
          client.call("SET", "n:" + (written.get() + i), "y");
        }
        client.call("EXEC");
        written.addAndGet(5);
      }
    } catch (IOException unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  private void readSnapshot(ByteInput in) throws IOException {
    RdbReader rdb = new RdbReader(in);
    for (RdbRecord record = rdb.next(); !(record instanceof RdbRecord.End); record = rdb.next()) {
      if (record instanceof RdbRecord.Entry entry) {
        see(entry.key());
      }
    }
  }

  /// Reads until `count` keys have been seen, and on to the end of the transaction.
  private void readUntil(AofReader reader, int count) throws IOException {
    boolean open = false;
    while (seen.cardinality() < count || open) {
      AofRecord.Command command = (AofRecord.Command) reader.next();
      open = command.inTransaction() && !command.is("EXEC");
      if (command.is("SET")) {
        see(command.args().get(1));
      }
    }
  }

  private void see(byte[] key) {
    int number = Integer.parseInt(new String(key, ISO_8859_1).substring(2));
    assertThat(seen.get(number)).as("key %d seen before", number).isFalse();
    seen.set(number);
  }

  private static void reachPrimary(
      AofReader reader, ReplicationStream stream, RespConnection client) throws IOException {
    long primary = masterOffset(client);
    while (stream.commands().offset() != primary) {
      assertThat(stream.commands().offset()).isLessThan(primary);
      reader.next();
      primary = masterOffset(client);
    }
    stream.acknowledge(primary);
  }

  private static long masterOffset(RespConnection client) throws IOException {
    return Long.parseLong(info(client, "master_repl_offset"));
  }

  private static String info(RespConnection client, String field) throws IOException {
    return client
        .call("INFO", "replication")
        .asText()
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .findFirst()
        .orElseThrow()
        .substring(field.length() + 1);
  }
}
