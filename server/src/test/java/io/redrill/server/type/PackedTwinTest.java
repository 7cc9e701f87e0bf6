package io.redrill.server.type;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each kind of collection beside a plain Java collection that gets the same random operations: in
/// packed form, across the limits, and after a way through stored bytes.
class PackedTwinTest {

  private static final int STEPS = 600;

  /// So low that about half of the runs leave the packed form.
  private static final EncodingLimits LOW =
      new EncodingLimits(24, 40, 24, 24, 40, 24, 40, -1, 4096, 100);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aHashIsAMap(long seed) throws IOException {
    Random random = new Random(seed);
    int names = 8 + random.nextInt(40);
    RedisHash hash = new RedisHash();
    Map<String, String> twin = new LinkedHashMap<>();
    boolean large = false;
    for (int step = 0; step < STEPS; step++) {
      String name = text(random, names);
      if (random.nextInt(3) > 0) {
        String value = text(random, 1000);
        assertThat(hash.put(bytes(name), bytes(value), LOW)).isEqualTo(!twin.containsKey(name));
        twin.put(name, value);
        large |= isLarge(twin.size(), name) || isLarge(0, value);
      } else {
        assertThat(hash.remove(bytes(name))).isEqualTo(twin.remove(name) != null);
      }
      assertThat(hash.size()).isEqualTo(twin.size());
      assertThat(hash.encoding()).isEqualTo(large ? "hashtable" : "listpack");
      byte[] found = hash.get(bytes(name));
      assertThat(found == null ? null : string(found)).isEqualTo(twin.get(name));
      if (!twin.isEmpty()) {
        assertThat(twin).containsKey(string(hash.random(random)));
      }
    }
    assertThat(contents(hash)).isEqualTo(twin);
    if (hash.encoding().equals("listpack")) {
      assertThat(List.copyOf(contents(hash).keySet())).isEqualTo(List.copyOf(twin.keySet()));
    }
    assertThat(contents(hash.copy())).isEqualTo(twin);
    assertThat(contents((RedisHash) stored(hash))).isEqualTo(twin);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aSetIsASet(long seed) throws IOException {
    Random random = new Random(seed);
    int names = 8 + random.nextInt(40);
    boolean integersOnly = random.nextInt(3) > 0;
    RedisSet set = new RedisSet();
    Set<String> twin = new HashSet<>();
    boolean large = false;
    for (int step = 0; step < STEPS; step++) {
      String name = integersOnly ? Long.toString(number(random, names)) : text(random, names);
      if (random.nextInt(3) > 0) {
        assertThat(set.add(bytes(name), LOW)).isEqualTo(twin.add(name));
        large |= isLarge(twin.size(), name);
      } else {
        assertThat(set.remove(bytes(name))).isEqualTo(twin.remove(name));
      }
      assertThat(set.size()).isEqualTo(twin.size());
      assertThat(set.contains(bytes(name))).isEqualTo(twin.contains(name));
      if (integersOnly) {
        assertThat(set.encoding()).isEqualTo(large ? "hashtable" : "intset");
      }
      if (!twin.isEmpty()) {
        assertThat(twin).contains(string(set.random(random)));
      }
    }
    assertThat(contents(set)).hasSize(twin.size()).containsExactlyInAnyOrderElementsOf(twin);
    assertThat(contents(set.copy())).containsExactlyInAnyOrderElementsOf(twin);
    if (!twin.isEmpty()) {
      assertThat(contents((RedisSet) stored(set))).containsExactlyInAnyOrderElementsOf(twin);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aSortedSetIsAMapInOrder(long seed) throws IOException {
    Random random = new Random(seed);
    int names = 8 + random.nextInt(40);
    RedisSortedSet set = new RedisSortedSet();
    Map<String, Double> twin = new LinkedHashMap<>();
    boolean large = false;
    for (int step = 0; step < STEPS; step++) {
      String name = text(random, names);
      switch (random.nextInt(6)) {
        case 0 -> assertThat(set.remove(bytes(name))).isEqualTo(twin.remove(name) != null);
        case 1 -> {
          int from = random.nextInt(set.size() + 1);
          int count = Math.min(random.nextInt(3), set.size() - from);
          for (String gone : order(twin).subList(from, from + count)) {
            twin.remove(gone);
          }
          set.removeRange(from, count);
        }
        default -> {
          double score = score(random);
          assertThat(set.put(bytes(name), score, LOW)).isEqualTo(!twin.containsKey(name));
          twin.put(name, score);
          large |= isLarge(twin.size(), name);
        }
      }
      assertThat(set.size()).isEqualTo(twin.size());
      assertThat(set.encoding()).isEqualTo(large ? "skiplist" : "listpack");
      RedisSortedSet.Member member = set.get(bytes(name));
      if (member == null) {
        assertThat(twin).doesNotContainKey(name);
      } else {
        assertThat(member.score()).isEqualTo(twin.get(name));
        int rank = order(twin).indexOf(name);
        assertThat(set.rankOf(member)).isEqualTo(rank);
        assertThat(string(set.at(rank).name())).isEqualTo(name);
        assertThat(neighbour(set.after(member))).isEqualTo(at(order(twin), rank + 1));
        assertThat(neighbour(set.before(member))).isEqualTo(at(order(twin), rank - 1));
      }
    }
    assertThat(contents(set)).isEqualTo(order(twin));
    assertThat(contents(set.copy())).isEqualTo(order(twin));
    if (!twin.isEmpty()) {
      RedisSortedSet loaded = (RedisSortedSet) stored(set);
      assertThat(contents(loaded)).isEqualTo(order(twin));
      loaded.forEach(one -> assertThat(one.score()).isEqualTo(twin.get(string(one.name()))));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aListIsAList(long seed) throws IOException {
    Random random = new Random(seed);
    EncodingLimits limits =
        new EncodingLimits(1, 1, 1, 1, 1, 1, 1, random.nextBoolean() ? 5 : -1, 4096, 100);
    RedisList list = new RedisList();
    List<String> twin = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      String element = random.nextInt(50) == 0 ? "x".repeat(5000) : text(random, 30);
      int index = twin.isEmpty() ? 0 : random.nextInt(twin.size());
      switch (twin.isEmpty() ? random.nextInt(2) : random.nextInt(10)) {
        case 0, 6 -> {
          list.addFirst(bytes(element), limits);
          twin.addFirst(element);
        }
        case 1, 7 -> {
          list.addLast(bytes(element), limits);
          twin.addLast(element);
        }
        case 2 -> assertThat(string(list.removeFirst())).isEqualTo(twin.removeFirst());
        case 3 -> assertThat(string(list.removeLast())).isEqualTo(twin.removeLast());
        case 4, 8 -> {
          list.insert(index, bytes(element), limits);
          twin.add(index, element);
        }
        case 5 -> {
          list.set(index, bytes(element));
          twin.set(index, element);
        }
        default -> remove(random, list, twin, index);
      }
      assertThat(list.size()).isEqualTo(twin.size());
      if (!twin.isEmpty()) {
        int place = random.nextInt(twin.size());
        assertThat(string(list.get(place))).isEqualTo(twin.get(place));
      }
    }
    assertThat(contents(list)).isEqualTo(twin);
    List<String> backwards = new ArrayList<>();
    list.walk(true, (index, element) -> backwards.add(string(element)));
    assertThat(backwards.reversed()).isEqualTo(twin);
    assertThat(contents(list.copy())).isEqualTo(twin);
    if (!twin.isEmpty()) {
      assertThat(contents((RedisList) stored(list))).isEqualTo(twin);
      list.addLast(bytes("after"), limits);
      twin.add("after");
      assertThat(contents(list)).isEqualTo(twin);
    }
  }

  /// Whether so many elements, or one this long, are too much for the packed form.
  private static boolean isLarge(int size, String element) {
    return size > 24 || element.length() > 40;
  }

  private static void remove(Random random, RedisList list, List<String> twin, int index) {
    if (random.nextInt(4) == 0) {
      int count = Math.min(1 + random.nextInt(20), twin.size() - index);
      list.removeRange(index, count);
      twin.subList(index, index + count).clear();
      return;
    }
    boolean fromTail = random.nextBoolean();
    String element = twin.get(index);
    int limit = 1 + random.nextInt(2);
    int removed = 0;
    while (removed < limit && twin.contains(element)) {
      twin.remove(fromTail ? twin.lastIndexOf(element) : twin.indexOf(element));
      removed++;
    }
    assertThat(list.removeEqual(bytes(element), limit, fromTail)).isEqualTo(removed);
  }

  /// The same value by way of its stored bytes.
  private static Value stored(DecodedValue value) throws IOException {
    return StoredValue.of(value, true).toValue(LOW).orElseThrow();
  }

  private static Map<String, String> contents(RedisHash hash) {
    Map<String, String> all = new LinkedHashMap<>();
    hash.forEach((name, value) -> all.put(string(name), string(value)));
    return all;
  }

  private static List<String> contents(RedisSet set) {
    List<String> all = new ArrayList<>();
    set.forEach(member -> all.add(string(member)));
    return all;
  }

  private static List<String> contents(RedisSortedSet set) {
    List<String> all = new ArrayList<>();
    set.forEach(member -> all.add(string(member.name())));
    return all;
  }

  private static List<String> contents(RedisList list) {
    List<String> all = new ArrayList<>();
    list.forRange(0, list.size(), element -> all.add(string(element)));
    return all;
  }

  private static List<String> order(Map<String, Double> twin) {
    return twin.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String neighbour(RedisSortedSet.@org.jspecify.annotations.Nullable Member member) {
    return member == null ? "none" : string(member.name());
  }

  private static String at(List<String> order, int rank) {
    return rank < 0 || rank >= order.size() ? "none" : order.get(rank);
  }

  private static double score(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> (double) random.nextLong();
      default -> random.nextInt(5);
    };
  }

  private static long number(Random random, int variety) {
    long number = (long) random.nextInt(variety) - variety / 4;
    return number % 7 == 0 ? number << 20 : number % 11 == 0 ? number << 40 : number;
  }

  /// Integers and texts, now and then one too long to be packed.
  private static String text(Random random, int variety) {
    int number = random.nextInt(variety);
    return switch (number % 4) {
      case 0 -> Long.toString((long) number * number * number - 20);
      case 1 -> "0" + number;
      case 2 -> "é" + number + (variety > 40 && number == 42 ? "x".repeat(60) : "");
      default -> "name-" + number;
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
