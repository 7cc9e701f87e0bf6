package io.redrill.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Commands that fill a server with keys of every type and encoding, small and large, over four
/// databases, a third of them with an expiry that no test outlives.
///
/// @param keys how many keys, about
/// @param seed what all choices are drawn from
record VariedDataSet(int keys, long seed) {

  private static final long EXPIRY_BASE_MILLIS = 2_524_608_000_000L;

  /// Hands each command to `send`, name first.
  void commands(Consumer<List<byte[]>> send) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int db = 0; db < 4; db++) {
      send.accept(command("SELECT", String.valueOf(db)));
      for (int i = 0; i < keys / 4; i++) {
        key(random, i, send);
      }
      large(random, send);
    }
    send.accept(command("SELECT", "0"));
  }

  private static void key(SplittableRandom random, int i, Consumer<List<byte[]>> send) {
    String key;
    switch (random.nextInt(9)) {
      case 0 -> {
        key = "text:" + i;
        send.accept(List.of(bytes("SET"), bytes(key), binary(random, random.nextInt(120))));
      }
      case 1 -> {
        key = "number:" + i;
        send.accept(command("SET", key, String.valueOf(random.nextLong() >> random.nextInt(64))));
      }
      case 2 -> {
        key = "list:" + i;
        send.accept(elements("RPUSH", key, random, 1 + random.nextInt(10)));
      }
      case 3 -> {
        key = "integers:" + i;
        send.accept(integers("SADD", key, random, 1 + random.nextInt(10)));
      }
      case 4 -> {
        key = "set:" + i;
        send.accept(elements("SADD", key, random, 1 + random.nextInt(10)));
      }
      case 5 -> {
        key = "scores:" + i;
        send.accept(scores(key, random, 1 + random.nextInt(10)));
      }
      case 6 -> {
        key = "hash:" + i;
        send.accept(fields(key, random, 1 + random.nextInt(10)));
      }
      case 7 -> {
        key = "bits:" + i;
        for (int bits = random.nextInt(4); bits >= 0; bits--) {
          send.accept(command("SETBIT", key, "" + random.nextInt(2_000), "1"));
        }
      }
      default -> {
        key = "stream:" + i;
        stream(key, random, 1 + random.nextInt(8), send);
      }
    }
    if (random.nextInt(3) == 0) {
      send.accept(
          command(
              "PEXPIREAT",
              key,
              String.valueOf(EXPIRY_BASE_MILLIS + random.nextInt(Integer.MAX_VALUE))));
    }
  }

  /// Collections beyond every threshold at which encodings change.
  private static void large(SplittableRandom random, Consumer<List<byte[]>> send) {
    for (int i = 0; i < 20; i++) {
      send.accept(elements("RPUSH", "large:list", random, 500));
      send.accept(elements("SADD", "large:set", random, 500));
      send.accept(integers("SADD", "large:integers", random, 500));
      send.accept(scores("large:scores", random, 500));
      send.accept(fields("large:hash", random, 500));
    }
    send.accept(List.of(bytes("SET"), bytes("large:text"), binary(random, 3_000_000)));
    send.accept(List.of(bytes("RPUSH"), bytes("large:element"), binary(random, 100_000)));
    stream("large:stream", random, 3_000, send);
  }

  private static void stream(
      String key, SplittableRandom random, int entries, Consumer<List<byte[]>> send) {
    for (int i = 1; i <= entries; i++) {
      send.accept(
          command("XADD", key, i + "-1", "kind", "order", "amount", "" + random.nextInt(10_000)));
    }
    send.accept(command("XGROUP", "CREATE", key, "billing", "0"));
    send.accept(
        command(
            "XREADGROUP",
            "GROUP",
            "billing",
            "worker-" + random.nextInt(3),
            "COUNT",
            String.valueOf(1 + entries / 2),
            "STREAMS",
            key,
            ">"));
    send.accept(command("XACK", key, "billing", "1-1"));
    if (random.nextBoolean()) {
      send.accept(command("XDEL", key, (1 + random.nextInt(entries)) + "-1"));
    }
  }

  private static List<byte[]> elements(
      String name, String key, SplittableRandom random, int count) {
    List<byte[]> args = new ArrayList<>(List.of(bytes(name), bytes(key)));
    for (int i = 0; i < count; i++) {
      args.add(
          random.nextInt(4) == 0
              ? bytes(String.valueOf(random.nextInt()))
              : binary(random, 1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 40)));
    }
    return args;
  }

  private static List<byte[]> integers(
      String name, String key, SplittableRandom random, int count) {
    List<byte[]> args = new ArrayList<>(List.of(bytes(name), bytes(key)));
    int shift = random.nextInt(64);
    for (int i = 0; i < count; i++) {
      args.add(bytes(String.valueOf(random.nextLong() >> shift)));
    }
    return args;
  }

  private static List<byte[]> scores(String key, SplittableRandom random, int count) {
    List<byte[]> args = new ArrayList<>(List.of(bytes("ZADD"), bytes(key)));
    for (int i = 0; i < count; i++) {
      args.add(
          bytes(
              switch (random.nextInt(8)) {
                case 0 -> "inf";
                case 1 -> "-inf";
                case 2 -> String.valueOf(random.nextInt(100));
                default -> String.valueOf(random.nextDouble() * 1e6 - 5e5);
              }));
      args.add(binary(random, 1 + random.nextInt(30)));
    }
    return args;
  }

  private static List<byte[]> fields(String key, SplittableRandom random, int count) {
    List<byte[]> args = new ArrayList<>(List.of(bytes("HSET"), bytes(key)));
    for (int i = 0; i < count; i++) {
      args.add(binary(random, 1 + random.nextInt(10)));
      args.add(binary(random, random.nextInt(60)));
    }
    return args;
  }

  /// Any bytes at all, or text that compresses, or what would fool a reader that searches for text.
  private static byte[] binary(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    switch (random.nextInt(4)) {
      case 0 -> random.nextBytes(bytes);
      case 1 -> {
        byte[] trap = bytes("\r\n#TS:1\r\n*1\r\n$8\r\nFLUSHALL\r\n\0");
        for (int i = 0; i < length; i++) {
          bytes[i] = i < 8 ? (byte) random.nextInt() : trap[i % trap.length];
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          bytes[i] = (byte) ('a' + (i % 7 == 0 ? random.nextInt(26) : i % 7));
        }
      }
    }
    return bytes;
  }

  private static List<byte[]> command(String... words) {
    return java.util.Arrays.stream(words).map(VariedDataSet::bytes).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
