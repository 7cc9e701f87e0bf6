package io.redrill.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.keyspace.ServerClock;
import io.redrill.server.type.EncodingLimits;
import io.redrill.server.type.RedisHash;
import io.redrill.server.type.RedisList;
import io.redrill.server.type.RedisSet;
import io.redrill.server.type.RedisSortedSet;
import io.redrill.server.type.RedisString;
import io.redrill.server.type.Value;
import java.time.InstantSource;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// Fills a database with keys of one shape after the other, and prints for each how many bytes a
/// key takes on the heap, by the collector and by the server's own account.
///
/// `MemoryBench`, without arguments; to be run with `-XX:+UseCompactObjectHeaders
/// -XX:+UseSerialGC`, as only a collector that moves everything leaves exact figures. Keys are of
/// 16 bytes; the shapes are those that Redis' memory is quoted for.
public final class MemoryBench {

  private static final int KEYS = 100_000;
  private static final EncodingLimits LIMITS = EncodingLimits.DEFAULT;

  private final SplittableRandom random = new SplittableRandom(1);
  private Database db = empty();

  private MemoryBench() {}

  /// Runs the benchmark.
  public static void main(String[] arguments) {
    MemoryBench bench = new MemoryBench();
    bench.fill(bench::hash); // loads and compiles what is needed
    bench.db = empty();
    used();
    bench.measure("string of 32 bytes", () -> new RedisString(bench.text(32)));
    bench.measure("string of 64 bytes", () -> new RedisString(bench.text(64)));
    bench.measure("hash of 10 fields (6 + 16)", bench::hash);
    bench.measure("sorted set of 10 (12)", bench::sortedSet);
    bench.measure("list of 10 (12)", bench::list);
    bench.measure("set of 10 (12)", bench::set);
    bench.measure("set of 10 integers", bench::integers);
  }

  private void measure(String shape, Supplier<Value> value) {
    db = empty();
    long before = used();
    fill(value);
    double heap = (double) (used() - before) / KEYS;
    long accounted = 0;
    for (KeyEntry entry : db.entries()) {
      accounted += entry.sizeBytes();
    }
    System.out.printf(
        Locale.ROOT,
        "%-28s heap %6.1f  accounted %6.1f bytes a key%n",
        shape,
        heap,
        (double) accounted / KEYS);
  }

  private void fill(Supplier<Value> value) {
    for (int i = 0; i < KEYS; i++) {
      db.put("key:%012d".formatted(i).getBytes(ISO_8859_1), value.get(), false);
    }
  }

  private static Database empty() {
    return new Keyspace(1, new ServerClock(InstantSource.system()), new SplittableRandom(1))
        .database(0);
  }

  private static long used() {
    // The serial collector compacts all of the heap every fourth time only.
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private RedisHash hash() {
    RedisHash hash = new RedisHash();
    for (int i = 0; i < 10; i++) {
      hash.put("fld:%02d".formatted(i).getBytes(ISO_8859_1), text(16), LIMITS);
    }
    return hash;
  }

  private RedisSortedSet sortedSet() {
    RedisSortedSet set = new RedisSortedSet();
    for (int i = 0; i < 10; i++) {
      set.put(text(12), i, LIMITS);
    }
    return set;
  }

  private RedisList list() {
    RedisList list = new RedisList();
    for (int i = 0; i < 10; i++) {
      list.addLast(text(12), LIMITS);
    }
    return list;
  }

  private RedisSet set() {
    RedisSet set = new RedisSet();
    for (int i = 0; i < 10; i++) {
      set.add(text(12), LIMITS);
    }
    return set;
  }

  private RedisSet integers() {
    RedisSet set = new RedisSet();
    while (set.size() < 10) {
      set.add(Integer.toString(random.nextInt(100_000)).getBytes(ISO_8859_1), LIMITS);
    }
    return set;
  }

  private byte[] text(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('a' + random.nextInt(26));
    }
    return text;
  }
}
