package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.NAME;
import static io.redrill.backup.Archiving.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.Credentials;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.FaultyLink;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.fixture.CannedServer;
import io.redrill.storage.fixture.LossyProxy;
import io.redrill.storage.fixture.SilentServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sources that break off, refuse, or are no Redis: each is told apart, and nothing half-made is
/// listed or left behind.
@Timeout(120)
class PsyncFaultsIT {

  private static final long SEED = 8106;

  @TempDir private Path directory;

  private Archiving archiving;

  @BeforeEach
  void needsRedis() {
    RealRedis.assumeInstalled();
    archiving = new Archiving(directory, SEED);
  }

  private Manifest take(ServerEndpoint endpoint) {
    return new SnapshotTaker(
            archiving.repository, new PartOptions(64 * 1024, 1, 2), CLOCK, archiving.random)
        .take(NAME, new PsyncSource(endpoint, CLOCK));
  }

  private RedrillException fails(ServerEndpoint endpoint, ErrorCode code) throws IOException {
    RedrillException[] failure = new RedrillException[1];
    assertThatThrownBy(() -> take(endpoint))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> {
              assertThat(e.code()).as("%s", e).isEqualTo(code);
              failure[0] = e;
            });
    try (var objects = archiving.below.list("orders/")) {
      assertThat(objects).isEmpty();
    }
    return failure[0];
  }

  private static ServerEndpoint endpoint(URI url) {
    return ServerEndpoint.of("127.0.0.1", url.getPort())
        .with(Duration.ofSeconds(2), Duration.ofSeconds(2));
  }

  private RealRedis start(String... directives) throws IOException {
    RealRedis server = RealRedis.start(directory.resolve("source"), directives);
    Servers.call(server, "CONFIG", "SET", "repl-diskless-sync-delay", "0");
    return server;
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void whatIsWrittenMeanwhileIsCutOffAtOneMoment(String diskless) throws IOException {
    try (RealRedis server = start("--repl-diskless-sync", diskless);
        NumberedWrites writes = new NumberedWrites(server, archiving.random)) {
      AtomicBoolean stop = new AtomicBoolean();
      writes.write(100);
      Servers.call(server, "DEBUG", "POPULATE", "20000", "filler", "100");
      Thread writer = Thread.ofVirtual().start(() -> writeUntil(stop, writes));
      Manifest manifest = take(server.endpoint());
      stop.set(true);
      Awaiting.join(writer);

      assertThat(manifest.position()).isPresent();
      assertThat(
              archiving.restored(
                  archiving.planner().plan(new RecoveryRequest.AtSnapshot(manifest.id()))))
          .isBetween(100, writes.written());
      archiving.isWholeAndWithoutGap();
    }
  }

  private static void writeUntil(AtomicBoolean stop, NumberedWrites writes) {
    try {
      while (!stop.get()) {
        writes.write(10);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void aSourceThatDiesInTheMiddleLeavesNothing(String diskless) throws IOException {
    try (RealRedis server = start("--repl-diskless-sync", diskless)) {
      Servers.call(server, "DEBUG", "POPULATE", "10000", "key", "1000");
      Random random = new Random(SEED);
      for (int i = 0; i < 3; i++) {
        try (LossyProxy proxy = new LossyProxy(server.port())) {
          proxy.cutAnswersAfter(20_000 + random.nextInt(200_000));
          RedrillException failure = fails(endpoint(proxy.endpoint()), ErrorCode.SOURCE_LOST);
          assertThat(failure.status()).isEqualTo(ExitStatus.UNREACHABLE);
        }
      }
      assertThat(take(server.endpoint()).dataset().keys()).isEqualTo(10_000);
    }
  }

  @Test
  void aSourceThatIsKilledWhileItSendsLeavesNothing() throws IOException {
    try (RealRedis server = start("--repl-diskless-sync", "yes")) {
      Servers.call(server, "DEBUG", "POPULATE", "20000", "key", "1000");
      Servers.call(server, "CONFIG", "SET", "rdb-key-save-delay", "1000");
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                await(() ->
                    Servers.field(server, "persistence", "rdb_bgsave_in_progress").equals("1"));
                server.kill();
              });
      fails(server.endpoint(), ErrorCode.SOURCE_LOST);
      Awaiting.join(killer);
    }
  }

  @Test
  void whatIsNoRedisIsToldApart() throws Exception {
    try (CannedServer http = new CannedServer(200, "text/plain", "hello");
        SilentServer silent = new SilentServer();
        FaultyLink closing = new FaultyLink(0)) {
      fails(endpoint(http.endpoint()), ErrorCode.NOT_REDIS);
      fails(endpoint(silent.endpoint()), ErrorCode.SOURCE_UNREACHABLE);
      fails(closing.endpoint(), ErrorCode.SOURCE_LOST);
      fails(endpoint(SilentServer.refusing()), ErrorCode.SOURCE_UNREACHABLE);
    }
  }

  @Test
  void refusalsNameTheirReason() throws IOException {
    try (RealRedis server = start()) {
      Servers.call(server, "ACL", "SETUSER", "reader", "on", ">s3cret", "+ping", "+info");
      ServerEndpoint wrong =
          server.endpoint().with(new Credentials(Optional.of("reader"), "guess"));
      RedrillException refused = fails(wrong, ErrorCode.SOURCE_CREDENTIALS);
      assertThat(refused.status()).isEqualTo(ExitStatus.CREDENTIALS);
      assertThat(refused.getMessage()).doesNotContain("guess");
      assertThat(
              fails(
                      server.endpoint().with(new Credentials(Optional.of("reader"), "s3cret")),
                      ErrorCode.SOURCE_CREDENTIALS)
                  .getMessage())
          .contains("NOPERM");
      Servers.call(server, "CONFIG", "SET", "requirepass", "s3cret");
      fails(server.endpoint(), ErrorCode.SOURCE_CREDENTIALS);
    }
  }

  @Test
  void aNodeOfAClusterIsRefused() throws IOException {
    try (RealRedis server = start("--cluster-enabled", "yes")) {
      assertThat(fails(server.endpoint(), ErrorCode.CLUSTER_NODE).status())
          .isEqualTo(ExitStatus.REFUSED);
      assertThat(Servers.fullSyncs(server)).isZero();
    }
  }

  /// Many times the heap in all, and one value of twice the heap: the first is no matter, the
  /// second is said.
  @Test
  void memoryIsBoundedByTheLargestValue() throws Exception {
    try (RealRedis server = start("--rdbcompression", "no")) {
      Servers.call(server, "DEBUG", "POPULATE", "2500", "key", "100000");
      assertThat(childWithSmallHeap(server.port())).isEqualTo("2500 keys");
      Servers.call(server, "SETRANGE", "huge", "200000000", "x");
      assertThat(childWithSmallHeap(server.port())).isEqualTo("DATA_TOO_LARGE, 1 listed");
    }
  }

  private String childWithSmallHeap(int port) throws Exception {
    Process child =
        SmallHeapChild.process("snapshot", directory.resolve("repository"), port)
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(output).isZero();
    return output.lines().toList().getLast();
  }
}
