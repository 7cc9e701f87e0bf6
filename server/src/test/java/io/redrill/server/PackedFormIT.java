package io.redrill.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.PackedValues;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small collections beside those of a real server after the same commands: the same answers in the
/// same order, and in the end the same packed bytes.
class PackedFormIT {

  private static final int COMMANDS = 1500;

  @TempDir Path directory;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void packedBytesAreThoseOfTheRealServer(long seed) throws Exception {
    RealRedis.assumeInstalled();
    ServerConfig config =
        new ServerConfig()
            .set(Directive.PORT, "0")
            .set(Directive.SAVE, "")
            .set(Directive.DIR, directory.toString());
    try (RealRedis real = RealRedis.start(directory.resolve("real"));
        RedisServer ours =
            RedisServer.start(config, InstantSource.system(), new SplittableRandom(seed));
        RespConnection realClient = RespConnection.connect("127.0.0.1", real.port());
        RespConnection ourClient = RespConnection.connect("127.0.0.1", ours.port())) {
      Random random = new Random(seed);
      for (int i = 0; i < COMMANDS; i++) {
        String[] command = command(random);
        assertThat(text(answer(ourClient, command)))
            .as("seed %d, #%d %s", seed, i, List.of(command))
            .isEqualTo(text(answer(realClient, command)));
      }
      int compared = 0;
      for (String key : List.of("hash", "zset", "ints", "list")) {
        for (int i = 0; i < 3; i++) {
          RespReply dump = answer(realClient, "DUMP", key + i);
          assertThat(packed(answer(ourClient, "DUMP", key + i)))
              .as("seed %d, %s%d", seed, key, i)
              .isEqualTo(packed(dump));
          compared += dump instanceof RespReply.BulkString ? 1 : 0;
        }
      }
      assertThat(compared).isGreaterThan(6);
    }
  }

  private static String[] command(Random random) {
    String hash = "hash" + random.nextInt(3);
    String zset = "zset" + random.nextInt(3);
    String ints = "ints" + random.nextInt(3);
    String list = "list" + random.nextInt(3);
    return switch (random.nextInt(24)) {
      case 0, 1, 2 -> words("HSET", hash, name(random), name(random), name(random), name(random));
      case 3 -> words("HDEL", hash, name(random), name(random));
      case 4 -> words("HGETALL", hash);
      case 5 -> words("HSCAN", hash, "0", "COUNT", "1");
      case 6 -> words("HINCRBYFLOAT", hash, "f", "1.25");
      case 7, 8, 9 -> words("ZADD", zset, score(random), name(random), score(random), name(random));
      case 10 -> words("ZINCRBY", zset, score(random).replace("inf", "3"), "z");
      case 11 -> words("ZREM", zset, name(random), name(random));
      case 12 -> words("ZSCAN", zset, "0", "COUNT", "1");
      case 13 -> words("ZRANGE", zset, "0", "-1", "WITHSCORES");
      case 14 -> words("ZREMRANGEBYRANK", zset, "2", "3");
      case 15, 16 -> words("SADD", ints, integer(random), integer(random));
      case 17 -> words("SREM", ints, integer(random));
      case 18 -> words("SMEMBERS", ints);
      case 19 -> words("RPUSH", list, name(random), name(random));
      case 20 -> words("LPUSH", list, name(random));
      case 21 -> words("LINSERT", list, "BEFORE", name(random), name(random));
      case 22 -> words("LREM", list, Integer.toString(random.nextInt(3) - 1), name(random));
      default -> words("LRANGE", list, "1", "-2");
    };
  }

  private static String[] words(String... words) {
    return words;
  }

  private static String name(Random random) {
    int number = random.nextInt(25);
    return switch (number % 5) {
      case 0 -> Integer.toString(number - 10);
      case 1 -> Long.toString((long) number << (2 * number));
      case 2 -> "0" + number;
      default -> "name".repeat(number % 9) + number;
    };
  }

  private static String integer(Random random) {
    return Long.toString((random.nextInt(60) - 30L) << (random.nextInt(40) == 0 ? 30 : 0));
  }

  private static String score(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> Double.toString(random.nextGaussian());
      case 1 -> Double.toString(random.nextGaussian() * 1e18);
      case 2 -> Double.toString(random.nextGaussian() * 1e-9);
      case 3 -> "-0";
      case 4 -> random.nextBoolean() ? "inf" : "1e40";
      default -> Integer.toString(random.nextInt(6));
    };
  }

  /// The type and the packed bytes of a dump, without compression, which may differ.
  private static String packed(RespReply dump) throws FormatException {
    if (!(dump instanceof RespReply.BulkString(byte[] bytes))) {
      return text(dump);
    }
    DumpPayload payload = DumpPayload.parse(bytes);
    HexFormat hex = HexFormat.of();
    if (payload.type() == RdbType.LIST_QUICKLIST_2) {
      return "list "
          + PackedValues.nodes(payload.value()).stream()
              .map(node -> hex.formatHex(node.bytes()))
              .toList();
    }
    byte[] packed =
        payload.type() == RdbType.SET_INTSET
            ? PackedValues.intset(payload.value()).bytes()
            : PackedValues.listpack(payload.value()).bytes();
    String shown = payload.type() == RdbType.SET_INTSET ? "" : Listpack.wrap(packed).toString();
    return payload.type() + " " + shown + " " + hex.formatHex(packed);
  }

  private static RespReply answer(RespConnection client, String... command) throws Exception {
    client.send(command);
    return client.receive();
  }

  private static String text(RespReply reply) {
    return switch (reply) {
      case RespReply.BulkString(byte[] bytes) -> "\"" + new String(bytes, ISO_8859_1) + "\"";
      case RespReply.ArrayReply(List<RespReply> items) ->
          items.stream().map(PackedFormIT::text).toList().toString();
      default -> reply.toString();
    };
  }
}
