package io.redrill.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A data directory that is not the one of the server is not blamed on the server.
class DataDirSourceIT {

  @TempDir private Path directory;

  @Test
  void theWrongDirectoryIsNamed() throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis server = RealRedis.start(directory.resolve("server"))) {
      assertUnreadable(server, directory.resolve("not there"));
      assertUnreadable(server, Files.createDirectory(directory.resolve("another")));
    }
  }

  private static void assertUnreadable(RealRedis server, Path wrong) {
    DataDirSource source =
        new DataDirSource(
            server.endpoint(), Optional.of(wrong), Duration.ofMinutes(1), InstantSource.system());
    assertThatThrownBy(source::snapshot)
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_UNREADABLE);
              assertThat(e.context().get("path")).startsWith(wrong.toString());
            });
  }
}
