package io.redrill.verify.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofDirectoryWriter;
import io.redrill.aof.AofNames;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScratchInstanceIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path work;

  @BeforeEach
  void needsRedisServer() {
    RealRedis.assumeInstalled();
  }

  static Stream<ScratchKind> kinds() {
    return Stream.of(ScratchKind.bundled(), ScratchKind.redisServer());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void loadsAnAppendOnlyDirectoryAndLeavesNothing(ScratchKind kind, @TempDir Path origin)
      throws IOException {
    try (RealRedis redis = RealRedis.start(origin, "--appendonly", "yes");
        RespConnection connection = redis.connect()) {
      connection.call("SET", "greeting", "hello");
      connection.call("SELECT", "11");
      connection.call("RPUSH", "list", "a", "b");
    }
    ScratchDirectory home = ScratchDirectory.create(work);
    copy(origin.resolve("appendonlydir"), home.path().resolve("data/appendonlydir"));

    ScratchInstance instance = start(kind, home);
    try (RespConnection connection = instance.connect()) {
      assertThat(connection.call("GET", "greeting").asText()).isEqualTo("hello");
      connection.call("SELECT", "11");
      assertThat(connection.call("LLEN", "list").asLong()).isEqualTo(2);
    }
    assertThat(instance.version()).contains("redis 7");

    instance.close();
    home.close();

    assertThat(ProcessHandle.of(instance.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    assertThatThrownBy(instance::connect).isInstanceOf(ConnectException.class);
    assertThat(work).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aServerThatRefusesTheDataIsQuoted(ScratchKind kind) throws IOException {
    try (ScratchDirectory home = ScratchDirectory.create(work)) {
      Path data = Files.createDirectories(home.path().resolve("data"));
      Files.writeString(data.resolve("dump.rdb"), "REDIS0010 and then nonsense");

      assertThatThrownBy(() -> start(kind, home))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SCRATCH_DIED);
                assertThat(e.context().get("log")).contains("RDB");
              });
    }
  }

  @Test
  void aReplayLeavesTheDataSetAsAnRdb(@TempDir Path origin, @TempDir Path restored)
      throws IOException {
    try (RealRedis redis = RealRedis.start(origin, "--appendonly", "yes");
        RespConnection connection = redis.connect()) {
      connection.call("SET", "greeting", "hello");
      connection.call("SET", "past", "kept", "PX", "1");
    }
    copy(origin.resolve("appendonlydir"), restored.resolve("data/appendonlydir"));

    new BundledReplayEngine(work, TIMEOUT, System::nanoTime)
        .replay(restored.resolve("data"), restored.resolve("restored.rdb"));

    try (RealRedis redis = RealRedis.start(restored, "--dbfilename", "restored.rdb");
        RespConnection connection = redis.connect()) {
      assertThat(connection.call("GET", "greeting").asText()).isEqualTo("hello");
    }
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aReplayThatFailsIsToldInOneLine(@TempDir Path restored) throws IOException {
    Path data = restored.resolve("data");
    AofDirectoryWriter files =
        new AofDirectoryWriter(data.resolve("appendonlydir"), AofNames.DEFAULT);
    Files.writeString(files.addIncrement(), "*2\r\n$9\r\nNOSUCHCMD\r\n$3\r\nkey\r\n");
    files.commit();

    assertThatThrownBy(() ->
            new BundledReplayEngine(work, TIMEOUT, System::nanoTime)
                .replay(data, restored.resolve("restored.rdb")))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.REPLAY_FAILED);
              assertThat(e.context().get("problem"))
                  .contains("at offset 0")
                  .containsIgnoringCase("unknown command 'nosuchcmd'")
                  .doesNotContain("\n");
            });
    assertThat(restored.resolve("restored.rdb")).doesNotExist();
  }

  @Test
  void aMissingProgramIsSaidSo() {
    ScratchKind missing = new ScratchKind.Executable(Path.of("/nowhere/redis-server"), 0);
    try (ScratchDirectory home = ScratchDirectory.create(work)) {
      assertThatThrownBy(() ->
              ScratchInstance.start(missing, home, home.path(), 16, TIMEOUT, System::nanoTime))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SCRATCH_UNAVAILABLE));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anInterruptedStartEndsTheServer(ScratchKind kind) {
    try (ScratchDirectory home = ScratchDirectory.create(work)) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> start(kind, home))
          .isInstanceOfSatisfying(
              RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
      assertThat(Thread.interrupted()).as("interrupt is passed on").isTrue();
      assertThat(ProcessHandle.current().children()).isEmpty();
    }
    assertThat(work).isEmptyDirectory();
  }

  private static ScratchInstance start(ScratchKind kind, ScratchDirectory home) {
    return ScratchInstance.start(
        kind, home, home.path().resolve("data"), 16, TIMEOUT, System::nanoTime);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
