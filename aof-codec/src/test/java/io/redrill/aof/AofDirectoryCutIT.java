package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real `redis-server` loads the directories that we write, and holds what it should.
class AofDirectoryCutIT {

  @TempDir Path directory;

  @BeforeAll
  static void peer() {
    RealRedis.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({"timestamps", "timestamps-no-rdb"})
  void holdsTheStateOfTheSecondAtWhichTheLogWasCut(String name) throws IOException {
    Path set = AofCorpus.golden("redis-7.0.15", name);
    for (JsonNode cut : AofCorpus.beside(set, ".json").get("cuts")) {
      long second = cut.get("timestamp").asLong();
      JsonNode truth = AofCorpus.beside(set, ".cut-%d.json".formatted(second));
      load(set, new LogCut.AtTime(Instant.ofEpochSecond(second)), truth);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "redis-7.0.15,several-incr",
    "redis-7.0.15,with-history",
    "redis-7.0.15,odd-names",
    "redis-6.2.16,rewritten-as-rdb",
    "redis-2.8.24,commands-only"
  })
  void holdsEverythingOfAWholeSet(String server, String name) throws IOException {
    Path set = AofCorpus.golden(server, name);
    load(set, new LogCut.AtEnd(), AofCorpus.beside(set, ".json"));
  }

  private void load(Path set, LogCut cut, JsonNode truth) throws IOException {
    Path data = directory.resolve(Integer.toHexString(cut.hashCode()));
    AofDirectoryCut.write(
        AofDirectory.open(set), cut, data.resolve("appendonlydir"), AofNames.DEFAULT);
    try (RealRedis redis = RealRedis.start(data, "--appendonly", "yes", "--databases", "512");
        RespConnection connection = redis.connect()) {
      new LiveData(connection).assertIs(truth);
    }
  }

  @Test
  void holdsTheStateJustBeforeAFlush() throws IOException {
    Path set = AofCorpus.golden("redis-7.0.15", "timestamps");
    AofDirectoryCut.write(
        AofDirectory.open(set),
        LogCut.BeforeMatch.of("FLUSHDB", 1),
        directory.resolve("appendonlydir"),
        AofNames.DEFAULT);
    try (RealRedis redis = RealRedis.start(directory, "--appendonly", "yes");
        RespConnection connection = redis.connect()) {
      assertThat(connection.call("DBSIZE").asLong()).isGreaterThan(20);
    }
  }
}
