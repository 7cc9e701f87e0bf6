package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.Credentials;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreReport;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.source.MadeUpImage;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.fixture.LossyProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Running servers that cannot take a recovery point, or only a part of it: those that can be known
/// beforehand are left as they are, and every error says what to do.
@Timeout(120)
class LiveServerFaultsIT {

  private static final long SEED = 8107;

  @TempDir private Path directory;

  private Archiving archiving;
  private RealRedis source;

  @BeforeEach
  void takeSnapshot() throws IOException {
    RealRedis.assumeInstalled();
    archiving = new Archiving(directory, SEED);
    source = RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0");
    try (RespConnection connection = source.connect()) {
      connection.call("DEBUG", "POPULATE", "3000", "key", "1000");
      connection.call("HSET", "hash", "field", "value");
      connection.call("SELECT", "5");
      connection.call("RPUSH", "list", "a", "b");
    }
    taker().take(NAME, new PsyncSource(source.endpoint(), CLOCK));
  }

  @AfterEach
  void endSource() {
    if (source != null) {
      source.close();
    }
  }

  private SnapshotTaker taker() {
    return new SnapshotTaker(archiving.repository, PartOptions.DEFAULT, CLOCK, archiving.random);
  }

  private RealRedis target(String... directives) throws IOException {
    return RealRedis.start(directory.resolve("target"), directives);
  }

  private RestoreReport restore(ServerEndpoint target, boolean replace) {
    return new Restore(
            archiving.repository,
            (data, rdb) -> {
              throw new AssertionError("no log was to be replayed");
            },
            CLOCK,
            archiving.random)
        .restore(
            archiving.planner().plan(new RecoveryRequest.Latest()),
            new RestoreTarget.LiveServer(target, replace, directory.resolve("work")));
  }

  private RedrillException fails(ServerEndpoint target, boolean replace, ErrorCode code)
      throws IOException {
    RedrillException[] failure = new RedrillException[1];
    assertThatThrownBy(() -> restore(target, replace))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> {
              assertThat(e.code()).as("%s", e).isEqualTo(code);
              failure[0] = e;
            });
    try (var left = Files.list(directory.resolve("work"))) {
      assertThat(left).isEmpty();
    }
    return failure[0];
  }

  private void isLikeSource(RealRedis target) throws IOException {
    assertThat(Servers.call(target, "DEBUG", "DIGEST"))
        .isEqualTo(Servers.call(source, "DEBUG", "DIGEST"));
  }

  private static void isEmpty(RealRedis target) throws IOException {
    assertThat(Servers.call(target, "INFO", "keyspace")).doesNotContain("db");
  }

  @Test
  void aTargetThatIsLostInTheMiddleCanBeRestoredAgain() throws IOException {
    try (RealRedis target = target()) {
      try (LossyProxy proxy = new LossyProxy(target.port())) {
        proxy.cutAnswersAfter(8_000);
        ServerEndpoint endpoint = ServerEndpoint.of("127.0.0.1", proxy.endpoint().getPort());
        assertThat(fails(endpoint, false, ErrorCode.TARGET_LOST).hint()).contains("replace");
      }
      assertThat(Servers.call(target, "INFO", "keyspace")).contains("db0:");
      fails(target.endpoint(), false, ErrorCode.TARGET_NOT_EMPTY);
      restore(target.endpoint(), true);
      isLikeSource(target);
    }
  }

  @Test
  void aTargetThatIsNotThereIsSaid() throws IOException {
    ServerEndpoint nobody = ServerEndpoint.of("127.0.0.1", RealRedis.freePort());
    fails(nobody, false, ErrorCode.SOURCE_UNREACHABLE);
  }

  @Test
  void aTargetWithoutMemorySaysSo() throws IOException {
    try (RealRedis target = target("--maxmemory-policy", "noeviction")) {
      Servers.call(target, "CONFIG", "SET", "maxmemory", "1kb");
      assertThat(fails(target.endpoint(), false, ErrorCode.TARGET_REFUSED).getMessage())
          .contains("OOM");
      isEmpty(target);

      long used = Long.parseLong(Servers.field(target, "memory", "used_memory"));
      Servers.call(target, "CONFIG", "SET", "maxmemory", String.valueOf(used + 1_500_000));
      RedrillException partial = fails(target.endpoint(), false, ErrorCode.RESTORE_INCOMPLETE);
      assertThat(partial.getMessage()).contains("OOM");
      assertThat(partial.status()).isEqualTo(ExitStatus.FAILURE);

      Servers.call(target, "CONFIG", "SET", "maxmemory", "0");
      restore(target.endpoint(), true);
      isLikeSource(target);
    }
  }

  @Test
  void aTargetThatIsTooOldIsLeftAsItIs() throws IOException {
    taker()
        .store(
            NAME,
            MadeUpImage.feed(MadeUpImage.rdbOfRedis74(), CLOCK.instant(), Optional.empty()),
            CaptureMode.DATA_DIR);
    try (RealRedis target = target()) {
      fails(target.endpoint(), false, ErrorCode.TARGET_TOO_OLD);
      isEmpty(target);
    }
  }

  @Test
  void aTargetOfAnotherShapeIsLeftAsItIs() throws IOException {
    try (RealRedis target = target("--databases", "2")) {
      fails(target.endpoint(), false, ErrorCode.TARGET_DATABASES);
      isEmpty(target);
    }
    try (RealRedis target = target("--cluster-enabled", "yes")) {
      fails(target.endpoint(), false, ErrorCode.CLUSTER_NODE);
    }
  }

  @Test
  void aTargetMayBeTheSourceItself() throws IOException {
    String before = Servers.call(source, "DEBUG", "DIGEST");
    Servers.call(source, "SET", "key:1", "spoiled");
    Servers.call(source, "SET", "key:new", "spoiled");
    Servers.call(source, "DEL", "hash");
    fails(source.endpoint(), false, ErrorCode.TARGET_NOT_EMPTY);
    restore(source.endpoint(), true);
    assertThat(Servers.call(source, "DEBUG", "DIGEST")).isEqualTo(before);
  }

  @Test
  void aTargetMayWantAPassword() throws IOException {
    try (RealRedis target = target()) {
      Servers.call(target, "ACL", "SETUSER", "reader", "on", ">s3cret", "+ping", "+info");
      Servers.call(target, "CONFIG", "SET", "requirepass", "s3cret");
      ServerEndpoint endpoint =
          target.endpoint().with(Duration.ofSeconds(5), Duration.ofSeconds(9));
      assertThat(fails(endpoint, false, ErrorCode.TARGET_CREDENTIALS).status())
          .isEqualTo(ExitStatus.CREDENTIALS);
      Credentials wrong = new Credentials(Optional.empty(), "guess");
      assertThat(fails(endpoint.with(wrong), false, ErrorCode.TARGET_CREDENTIALS).getMessage())
          .doesNotContain("guess");
      fails(
          endpoint.with(new Credentials(Optional.of("reader"), "s3cret")),
          false,
          ErrorCode.TARGET_CREDENTIALS);
      restore(endpoint.with(new Credentials(Optional.empty(), "s3cret")), false);
      try (RespConnection connection =
          RespConnection.connect(endpoint.with(new Credentials(Optional.empty(), "s3cret")))) {
        assertThat(connection.call("DEBUG", "DIGEST").asText())
            .isEqualTo(Servers.call(source, "DEBUG", "DIGEST"));
      }
    }
  }
}
