package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A restore into a running server is interrupted while it writes: whoever did it is told that the
/// target may be half written, and what to do about it.
class InterruptedLiveRestoreIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Map<String, String> REPOSITORY = Map.of("REDRILL_REPO", "file:repository");

  @TempDir private Path directory;

  @Test
  void theMessageSpeaksOfTheTarget() throws Exception {
    RealRedis.assumeInstalled();
    try (RealRedis source =
            RealRedis.start(directory.resolve("source"), "--repl-diskless-sync-delay", "0");
        RealRedis target = RealRedis.start(directory.resolve("target"));
        RespConnection client = source.connect();
        RespConnection control = target.connect()) {
      client.call("SET", "key", "value");
      CommandRun backup =
          CommandRun.in(directory, REPOSITORY, "backup", "redis://127.0.0.1:" + source.port());
      assertThat(backup.status()).as("%s", backup).isZero();
      String to = "redis://127.0.0.1:" + target.port();
      control.call("CLIENT", "PAUSE", "600000", "WRITE");
      try (RedrillProcess restore =
          RedrillProcess.start(directory, REPOSITORY, "restore", "latest", "--to", to)) {
        await()
            .atMost(PATIENCE)
            .until(() -> control.call("INFO", "clients").asText().contains("blocked_clients:1"));

        restore.interrupt();

        assertThat(restore.awaitEnd()).as("%s", restore).isEqualTo(130);
        assertThat(restore.messages()).contains("E5113", "may be in it", "allowing to replace");
      }
    }
  }
}
