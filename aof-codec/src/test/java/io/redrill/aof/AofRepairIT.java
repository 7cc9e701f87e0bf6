package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real `redis-server` that takes no unfinished log loads what was repaired, and holds what the
/// server of the damaged set made of it by itself.
class AofRepairIT {

  @TempDir Path directory;

  @BeforeAll
  static void peer() {
    RealRedis.assumeInstalled();
  }

  /// The damaged sets of 7.0.15 that a server started from, or that its tool could repair.
  static Stream<Path> repairable() {
    return AofCorpus.damagedSets().stream()
        .filter(set -> set.toString().contains("redis-7.0.15"))
        .filter(set -> !String.valueOf(set.getFileName()).equals("aof-missing-manifest"))
        .filter(set -> {
          try {
            JsonNode expected = AofCorpus.beside(set, ".expect.json");
            return expected.path("server aof-load-truncated=yes").path("started").asBoolean()
                || expected.path("check_aof_fix").path("exit_code").asInt(1) == 0;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("repairable")
  void isLoadedByAServerThatTakesNothingUnfinished(Path set) throws IOException {
    Path data = directory.resolve("data");
    AofDirectory source = AofDirectory.open(set);
    AofRepair.copy(AofRepair.plan(source, dropped -> {}), data.resolve("appendonlydir"));
    try (RealRedis redis =
            RealRedis.start(data, "--appendonly", "yes", "--aof-load-truncated", "no");
        RespConnection connection = redis.connect()) {
      JsonNode truth =
          AofCorpus.beside(set, ".expect.json").path("server aof-load-truncated=yes").path("truth");
      if (truth.isObject()) {
        new LiveData(connection).assertIs(truth);
      } else {
        assertThat(connection.call("DBSIZE").asLong()).isPositive();
      }
    }
    assertThat(Files.exists(data.resolve("appendonlydir/appendonly.aof.manifest"))).isTrue();
  }
}
