package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.await;
import static io.redrill.backup.Archiving.awaitFollowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.testing.RealRedis;
import io.redrill.aof.testing.TestCertificates;
import io.redrill.backup.log.LogArchiver;
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

      fails(source(bare), ErrorCode.SOURCE_TLS);
      fails(source(bare + "?ca=pki/ca.crt"), ErrorCode.SOURCE_TLS);
      fails(source(bare + "?ca=pki/no.crt"), ErrorCode.TLS_FILE);
      try (LogArchiver archiver = archiving.start(source(bare + "?ca=pki/ca.crt&sni=other"))) {
        await(() -> archiver.status().problem().orElse("").contains("another name"));
      }
    }
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
