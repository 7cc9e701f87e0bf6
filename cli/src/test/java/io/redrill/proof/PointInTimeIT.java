package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.RestoreTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Numbered writes to a real redis-server, archived; then restores to random instants and offsets.
/// Each must show exactly the writes up to there: the digest that the source had then.
class PointInTimeIT {

  private static final int WRITES = 1_000;
  private static final int RESTORES = 20;

  /// Of the restores, one in so many is to a file, by way of the bundled server.
  private static final int TO_FILE = 5;

  private static final long SEED = 20_261_126L;

  /// Between a write and the next, so that the milliseconds in the log tell them apart.
  private static final Duration PAUSE = Duration.ofMillis(3);

  @TempDir private Path directory;

  /// What was true after so many writes.
  ///
  /// @param offset where the log ended
  /// @param at an instant after which the next write was made, by [#PAUSE] at least
  /// @param digest of the whole data set
  private record Moment(long offset, Instant at, String digest) {}

  private final List<Moment> moments = new ArrayList<>();

  @Test
  void everyMomentIsExactlyItsPrefix() throws Exception {
    RealRedis.assumeInstalled();
    try (RealRedis source = RealRedis.start(directory.resolve("source"));
        RespConnection client = source.connect()) {
      for (int key = 0; key < 200; key++) {
        client.call("SET", "before:" + key, "here from the start");
      }
      try (Archive archive = Archive.start(directory, source.endpoint())) {
        archive.awaitFollowing();
        note(archive, client);
        for (int number = 1; number <= WRITES; number++) {
          write(client, number);
          note(archive, client);
        }
        archive.awaitStored(client);
        assertThat(moments.stream().map(Moment::digest).distinct()).hasSize(WRITES + 1);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < RESTORES; i++) {
          restoreAtTime(archive, random, i);
          restoreAtOffset(archive, random, i);
        }
      }
    }
  }

  /// The write with this number: of several types, over several databases, alone or in a
  /// transaction.
  private static void write(RespConnection client, int number) throws IOException {
    String n = String.valueOf(number);
    client.call("SELECT", String.valueOf(number / 7 % 3));
    switch (number % 6) {
      case 0 -> client.call("RPUSH", "written", n);
      case 1 -> client.call("SET", "number:" + n, n);
      case 2 -> client.call("HSET", "hash", n, n);
      case 3 -> client.call("ZADD", "scores", n, n);
      case 4 -> client.call("XADD", "stream", "*", "number", n);
      default -> {
        client.call("MULTI");
        client.call("INCRBY", "counter", n);
        client.call("SADD", "set", n);
        client.call("EXEC");
      }
    }
  }

  private void note(Archive archive, RespConnection client) throws IOException {
    long offset = Archive.offset(client);
    if (!moments.isEmpty()) {
      until(() -> archive.receivedOffset() >= offset);
    }
    Instant at = Archive.CLOCK.instant();
    moments.add(new Moment(offset, at, client.call("DEBUG", "DIGEST").asText()));
    until(() -> !Archive.CLOCK.instant().isBefore(at.plus(PAUSE)));
  }

  private static void until(Callable<Boolean> condition) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition);
  }

  private void restoreAtTime(Archive archive, SplittableRandom random, int i) throws IOException {
    int writes = random.nextInt(WRITES);
    Instant time = moments.get(writes).at.plusMillis(random.nextInt((int) PAUSE.toMillis()));
    assertRestores(archive, new RecoveryRequest.AtTime(time), "time-" + i, i, writes);
  }

  private void restoreAtOffset(Archive archive, SplittableRandom random, int i) throws IOException {
    long offset = random.nextLong(moments.getFirst().offset, moments.getLast().offset + 1);
    int writes = (int) moments.stream().takeWhile(moment -> moment.offset <= offset).count() - 1;
    assertRestores(
        archive, new RecoveryRequest.AtOffset(Optional.empty(), offset), "offset-" + i, i, writes);
  }

  private void assertRestores(
      Archive archive, RecoveryRequest request, String name, int i, int writes) throws IOException {
    Path restored = directory.resolve(name);
    boolean toFile = i % TO_FILE == 0;
    if (toFile) {
      Files.createDirectories(restored);
      archive.restore(request, new RestoreTarget.RdbFile(restored.resolve("dump.rdb")));
    } else {
      archive.restore(request, new RestoreTarget.DataDirectory(restored));
    }
    try (RealRedis server = RealRedis.start(restored, "--appendonly", toFile ? "no" : "yes");
        RespConnection client = server.connect()) {
      String digest = client.call("DEBUG", "DIGEST").asText();
      int found = moments.stream().map(Moment::digest).toList().indexOf(digest);
      assertThat(found)
          .as("how many writes are in the data set of %s (%s), seed %d", request, name, SEED)
          .isEqualTo(writes);
    }
  }
}
