package io.redrill.aof;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.Peer;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.digest.RedisDigest;
import io.redrill.rdb.digest.RedisDigest.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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

  /// Empty where there is none, so that this is seen.
  static Stream<Optional<Peer>> peers() throws IOException {
    return Peer.all().isEmpty()
        ? Stream.of(Optional.empty())
        : Peer.all().stream().map(Optional::of);
  }

  /// Scores of every size, many of them with as many digits as there are.
  @ParameterizedTest
  @MethodSource("peers")
  void scoresAreDigestedAsOtherReleasesDo(Optional<Peer> at) throws IOException {
    Assumptions.assumeTrue(
        at.isPresent(), "there are no servers of other releases: ./peers unpacks some");
    Peer peer = at.orElseThrow();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (RealRedis server = RealRedis.start(peer, directory);
        RespConnection connection = server.connect()) {
      for (int set = 0; set < 500; set++) {
        List<RdbValue.SortedSetValue.Member> members = new ArrayList<>();
        List<String> command = new ArrayList<>(List.of("ZADD", "key"));
        for (int i = 0; i < 100; i++) {
          double score = score(random);
          members.add(
              new RdbValue.SortedSetValue.Member(String.valueOf(i).getBytes(US_ASCII), score));
          command.addAll(List.of(String.valueOf(score), String.valueOf(i)));
        }
        connection.call("DEL", "key");
        connection.call(command.toArray(String[]::new));

        assertThat(
                new RedisDigest(release(peer)).ofValue(new RdbValue.SortedSetValue(members), false))
            .as("seed %d, set %d", seed, set)
            .isEqualTo(
                connection.call("DEBUG", "DIGEST-VALUE", "key").asList().getFirst().asText());
      }
    }
  }

  private static double score(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield Double.isNaN(any) || Double.isInfinite(any) ? 0.1 : any;
      }
      case 1 -> random.nextInt(1_000_000) / 100.0;
      case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      default -> Math.scalb(1.0 + random.nextInt(3), random.nextInt(2_000) - 1_000);
    };
  }

  private static Release release(Peer peer) {
    return peer.product().equals("valkey")
        ? Release.VALKEY
        : peer.version().startsWith("6.") ? Release.REDIS_7_0 : Release.REDIS_7_2;
  }

  /// The digest of the keys that are not expired at `now`.
  private static RedisDigest digest(Path file, long now) throws IOException {
    RedisDigest digest = new RedisDigest(Release.REDIS_7_0);
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
