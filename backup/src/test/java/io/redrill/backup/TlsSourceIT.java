package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.await;
import static io.redrill.backup.Archiving.awaitFollowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.RealRedis;
import io.redrill.aof.testing.TestCertificates;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SourceUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A source that speaks TLS only to those who have a certificate, named by its URL.
@Timeout(120)
class TlsSourceIT {

  private static final long SEED = 8104;

  @TempDir private Path directory;

  @Test
  void isArchivedAndSaysWhatIsMissing() throws Exception {
    RealRedis.assumeInstalled();
    TestCertificates certificates = TestCertificates.in(directory.resolve("pki"));
    certificates.make("server", "EC", "-ext", "SAN=dns:localhost");
    certificates.make("client", "EC");
    int port = RealRedis.freePort();
    Archiving archiving = new Archiving(directory, SEED);
    String bare = "rediss://localhost:" + port;
    try (RealRedis redis =
            RealRedis.start(
                directory.resolve("server"), certificates.redisDirectives("server", port, "yes"));
        NumberedWrites writes = new NumberedWrites(redis, archiving.random)) {
      writes.write(20);
      NumberedWrites.Mark mark;
      String query = "?ca=pki/ca.crt&cert=pki/client.crt&key=pki/client.key";
      try (LogArchiver archiver = archiving.start(source(bare + query))) {
        awaitFollowing(archiver);
        writes.write(50);
        mark = archiving.mark(archiver, redis, writes);
      }
      archiving.restoresExactly(List.of(mark));
      restoresOver(archiving, source(bare + query).endpoint());
      try (RespConnection connection = redis.connect()) {
        assertThat(NumberedWrites.read(connection)).isEqualTo(20);
      }

      fails(source(bare), ErrorCode.SOURCE_TLS);
      fails(source(bare + "?ca=pki/ca.crt"), ErrorCode.SOURCE_TLS);
      fails(source(bare + "?ca=pki/no.crt"), ErrorCode.TLS_FILE);
      try (LogArchiver archiver = archiving.start(source(bare + "?ca=pki/ca.crt&sni=other"))) {
        await(() -> archiver.status().problem().orElse("").contains("another name"));
      }
    }
  }

  /// The snapshot, in place of what the server holds.
  private void restoresOver(Archiving archiving, ServerEndpoint target) {
    Restore restore =
        new Restore(
            archiving.repository,
            (data, rdb) -> {
              throw new AssertionError("no log was to be replayed");
            },
            CLOCK,
            archiving.random);
    RecoveryRequest request =
        new RecoveryRequest.AtSnapshot(
            archiving.repository.manifests(Archiving.NAME).getFirst().id());
    restore.restore(
        archiving.planner().plan(request),
        new RestoreTarget.LiveServer(target, true, directory.resolve("work")));
  }

  private PsyncSource source(String url) {
    return new PsyncSource(SourceUrl.parse(url).in(directory).endpoint(Optional.empty()), CLOCK);
  }

  private static void fails(PsyncSource source, ErrorCode code) {
    assertThatThrownBy(source::snapshot)
        .isInstanceOfSatisfying(RedrillException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("rediss://localhost");
  }
}
