package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.digest.RedisDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real `redis-server` that loaded a file says of it, with `DEBUG DIGEST`, what we say.
class RedisDigestIT {

  @TempDir Path directory;

  static Stream<Path> files() throws IOException {
    return RestoreCommandsIT.files();
  }

  @BeforeAll
  static void peer() {
    RealRedis.assumeInstalled();
    Assumptions.assumeTrue(RestoreCommandsIT.hasCorpus(), "the corpus is not at hand");
  }

  @ParameterizedTest
  @MethodSource("files")
  void isWhatTheServerSays(Path file) throws IOException {
    Files.copy(file, directory.resolve("dump.rdb"));
    try (RealRedis redis = RealRedis.start(directory, "--databases", "512");
        RespConnection connection = redis.connect()) {
      long now = Long.parseLong(connection.call("TIME").asList().getFirst().asText()) * 1000;
      assertThat(digest(file, now).hex()).isEqualTo(connection.call("DEBUG", "DIGEST").asText());
    }
  }

  /// The digest of the keys that are not expired at `now`.
  private static RedisDigest digest(Path file, long now) throws IOException {
    RedisDigest digest = new RedisDigest();
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      RdbCursor cursor = new RdbCursor(in);
      RdbCursor.Step step;
      while ((step = cursor.next()) != RdbCursor.Step.END) {
        if (step == RdbCursor.Step.KEY
            && (cursor.expireAtMillis() == -1 || cursor.expireAtMillis() > now)) {
          digest.add(cursor);
        }
      }
    }
    assertThat(digest.isExact()).isTrue();
    return digest;
  }
}
