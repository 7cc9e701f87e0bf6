package io.redrill.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreReport;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.filesystem.FilesystemStore;
import io.redrill.storage.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A snapshot is written into servers that are empty, full, or replicas.
class LiveServerRestoreIT {

  private static final SourceName NAME = SourceName.of("orders");
  private static final long SEED = 4712;

  @TempDir private Path directory;

  private final InstantSource clock = InstantSource.system();
  private final Random random = new Random(SEED);
  private final Repository repository = Repository.init(new MemoryStore(clock), clock, random);
  private final SnapshotTaker taker =
      new SnapshotTaker(repository, PartOptions.DEFAULT, clock, random);

  @BeforeEach
  void needsRedis() {
    RealRedis.assumeInstalled();
  }

  private RealRedis startSource() throws IOException {
    return RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0");
  }

  @Test
  void anEmptyServerHoldsTheSameAfterwards() throws IOException {
    try (RealRedis source = startSource();
        RealRedis target = RealRedis.start(directory.resolve("target"))) {
      fill(source);
      taker.take(NAME, new PsyncSource(source.endpoint(), clock));

      RestoreReport report = restore(target, /* replace= */ false);

      assertThat(report.server().orElseThrow().restored()).isEqualTo(1_006);
      assertThat(report.isComplete()).isTrue();
      assertThat(digest(target)).isEqualTo(digest(source));
    }
  }

  @Test
  void aServerThatHoldsDataIsLeftAsItIs() throws IOException {
    try (RealRedis source = startSource();
        RealRedis target = RealRedis.start(directory.resolve("target"))) {
      fill(source);
      taker.take(NAME, new PsyncSource(source.endpoint(), clock));
      call(target, "SET", "mine", "untouched");
      String before = digest(target);

      assertThatThrownBy(() -> restore(target, /* replace= */ false))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.TARGET_NOT_EMPTY);
                assertThat(e.status().code()).isEqualTo(4);
              });
      assertThat(digest(target)).isEqualTo(before);
    }
  }

  @Test
  void replacingRemovesSurplusKeys() throws IOException {
    try (RealRedis source = startSource();
        RealRedis target = RealRedis.start(directory.resolve("target"))) {
      fill(source);
      taker.take(NAME, new PsyncSource(source.endpoint(), clock));
      try (RespConnection connection = target.connect()) {
        connection.call("SET", "key:1", "another value");
        connection.call("RPUSH", "hash", "another type");
        for (int i = 0; i < 5_000; i++) {
          connection.call("SET", "surplus:" + i, "x");
        }
        connection.call("SELECT", "9");
        connection.call("SET", "in a database of its own", "x");
      }

      RestoreReport report = restore(target, /* replace= */ true);

      assertThat(report.server().orElseThrow().removed()).isEqualTo(5_001);
      assertThat(digest(target)).isEqualTo(digest(source));
    }
  }

  @Test
  void functionsOfTheTargetAreItsDataToo() throws IOException {
    try (RealRedis source = RealRedis.start(directory.resolve("source"));
        RealRedis target = RealRedis.start(directory.resolve("target"))) {
      fill(source);
      loadFunction(source, "both", "from the source");
      taker.take(NAME, new PsyncSource(source.endpoint(), clock));
      loadFunction(target, "both", "of the target");
      loadFunction(target, "mine", "of the target");

      assertThatThrownBy(() -> restore(target, /* replace= */ false))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_NOT_EMPTY));
      assertThat(functions(target)).hasSize(2).allMatch(code -> code.contains("of the target"));

      RestoreReport.Server done = restore(target, /* replace= */ true).server().orElseThrow();
      assertThat(done.functions()).isEqualTo(1);
      assertThat(done.removedFunctions()).isEqualTo(1);
      assertThat(functions(target)).isEqualTo(functions(source));
    }
  }

  /// Each of them takes half of the memory, or more.
  @Test
  void valuesThatDoNotFitIntoMemoryComeBack() throws Exception {
    try (RealRedis source = startSource();
        RealRedis target = RealRedis.start(directory.resolve("target"))) {
      try (RespConnection connection = source.connect()) {
        for (int i = 0; i < 60; i++) {
          byte[] element = new byte[1 << 20];
          random.nextBytes(element);
          connection.call(List.of(bytes("RPUSH"), bytes("list"), element));
          connection.call(List.of(bytes("HSET"), bytes("hash"), bytes("field " + i), element));
          connection.call(List.of(bytes("XADD"), bytes("stream"), bytes("*"), bytes("f"), element));
        }
        connection.call("XGROUP", "CREATE", "stream", "group", "0");
        connection.call(
            "XREADGROUP", "GROUP", "group", "me", "COUNT", "9", "STREAMS", "stream", ">");
      }
      Path store = directory.resolve("repository");
      try (FilesystemStore files = FilesystemStore.open(store)) {
        new SnapshotTaker(Repository.init(files, clock, random), PartOptions.DEFAULT, clock, random)
            .take(Archiving.NAME, new PsyncSource(source.endpoint(), clock));
      }

      Process child =
          SmallHeapChild.process("restore", store, target.port()).redirectErrorStream(true).start();

      assertThat(new String(child.getInputStream().readAllBytes(), UTF_8)).isEqualTo("3 keys\n");
      assertThat(child.waitFor()).isZero();
      assertThat(digest(target)).isEqualTo(digest(source));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void loadFunction(RealRedis server, String name, String answer)
      throws IOException {
    call(
        server,
        "FUNCTION",
        "LOAD",
        "#!lua name=%s\nredis.register_function('%s', function() return '%s' end)"
            .formatted(name, name, answer));
  }

  /// The source of each library, which comes last of what is said of it.
  private static List<String> functions(RealRedis server) throws IOException {
    try (RespConnection connection = server.connect()) {
      List<String> sources = new ArrayList<>();
      for (RespReply library : connection.call("FUNCTION", "LIST", "WITHCODE").asList()) {
        sources.add(library.asList().getLast().asText());
      }
      return sources;
    }
  }

  @Test
  void aReplicaIsRefused() throws IOException {
    try (RealRedis source = startSource();
        RealRedis target = RealRedis.start(directory.resolve("target"))) {
      fill(source);
      taker.take(NAME, new PsyncSource(source.endpoint(), clock));
      call(target, "REPLICAOF", "127.0.0.1", String.valueOf(source.port()));
      Awaitility.await()
          .until(() -> call(target, "INFO", "replication").contains("master_link_status:up"));

      assertThatThrownBy(() -> restore(target, /* replace= */ true))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_IS_REPLICA));
    }
  }

  private RestoreReport restore(RealRedis target, boolean replace) {
    return new Restore(
            repository,
            (data, rdb) -> {
              throw new AssertionError("no log was to be replayed");
            },
            clock,
            random)
        .restore(
            new RecoveryPlanner(repository, NAME).plan(new RecoveryRequest.Latest()),
            new RestoreTarget.LiveServer(target.endpoint(), replace, directory.resolve("work")));
  }

  private static void fill(RealRedis server) throws IOException {
    try (RespConnection connection = server.connect()) {
      for (int i = 0; i < 1_000; i++) {
        connection.call("SET", "key:" + i, "value of " + i);
      }
      connection.call("HSET", "hash", "field", "value");
      connection.call("ZADD", "sorted", "1.5", "one", "2.5", "two");
      connection.call("SADD", "set", "a", "b");
      connection.call("XADD", "stream", "1-1", "field", "value");
      connection.call("SET", "expiring", "in an hour", "EX", "3600");
      connection.call("SELECT", "3");
      connection.call("RPUSH", "list", "a", "b");
    }
  }

  private static String call(RealRedis server, String... command) throws IOException {
    try (RespConnection connection = server.connect()) {
      return connection.call(command).asText();
    }
  }

  private static String digest(RealRedis server) throws IOException {
    return call(server, "DEBUG", "DIGEST");
  }
}
