package io.redrill.rdb;

import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/// Values of every container from a seeded source of randomness: small and large, of texts, numbers
/// and any bytes, at the edges of the encodings.
final class RandomValues {

  private static final long IN_2030 = 1_893_456_000_000L;
  private static final long[] EDGES = {
    0,
    1,
    -1,
    12,
    13,
    127,
    128,
    -4096,
    4095,
    4096,
    32767,
    -32769,
    8388607,
    8388608,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final Random random;

  RandomValues(long seed) {
    this.random = new Random(seed);
  }

  /// One value, of any container.
  RdbValue next() {
    return switch (random.nextInt(7)) {
      case 0 -> new StringValue(text());
      case 1 -> new ListValue(texts(size()));
      case 2 -> new SetValue(distinct(_ -> text()));
      case 3 -> new SetValue(distinct(_ -> number()));
      case 4 ->
          new SortedSetValue(
              distinct(_ -> text()).stream()
                  .map(member -> new SortedSetValue.Member(member, score()))
                  .toList());
      case 5 -> hash();
      default -> stream();
    };
  }

  private HashValue hash() {
    boolean expires = random.nextBoolean();
    return new HashValue(
        distinct(_ -> text()).stream()
            .map(field ->
                new HashValue.Field(
                    field,
                    text(),
                    expires && random.nextBoolean() ? IN_2030 + random.nextInt() : -1))
            .toList());
  }

  private StreamValue stream() {
    List<StreamValue.Entry> entries = new ArrayList<>();
    long millis = IN_2030;
    List<byte[]> fields = texts(1 + random.nextInt(4));
    for (int left = size(); left > 0; left--) {
      millis += 1 + random.nextInt(3);
      if (random.nextInt(4) == 0) {
        fields = texts(1 + random.nextInt(4));
      }
      entries.add(
          new StreamValue.Entry(
              new StreamValue.Id(millis, random.nextInt(5)),
              fields.stream().flatMap(field -> Stream.of(field, text())).toList()));
    }
    StreamValue.Id zero = new StreamValue.Id(0, 0);
    boolean hasCounts = random.nextBoolean();
    return new StreamValue(
        entries,
        entries.size(),
        new StreamValue.Id(millis, 9),
        entries.isEmpty() ? zero : entries.getFirst().id(),
        hasCounts ? new StreamValue.Id(IN_2030 - 1, 3) : zero,
        hasCounts ? entries.size() + 5L : entries.size(),
        groups(entries, hasCounts));
  }

  private List<StreamValue.Group> groups(List<StreamValue.Entry> entries, boolean hasCounts) {
    List<StreamValue.Group> groups = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      List<StreamValue.Id> pending =
          entries.stream().map(StreamValue.Entry::id).filter(_ -> random.nextBoolean()).toList();
      int half = pending.size() / 2;
      groups.add(
          new StreamValue.Group(
              ("group" + i).getBytes(StandardCharsets.UTF_8),
              new StreamValue.Id(IN_2030, 7),
              hasCounts ? random.nextInt(100) : -1,
              pending.stream().map(id -> new StreamValue.Pending(id, IN_2030, 3)).toList(),
              List.of(
                  consumer("one", pending.subList(0, half)),
                  consumer("two", pending.subList(half, pending.size())))));
    }
    return groups;
  }

  private StreamValue.Consumer consumer(String name, List<StreamValue.Id> pending) {
    return new StreamValue.Consumer(
        name.getBytes(StandardCharsets.UTF_8),
        IN_2030,
        random.nextBoolean() ? IN_2030 - 5 : -1,
        pending);
  }

  private int size() {
    return switch (random.nextInt(4)) {
      case 0 -> 1;
      case 1 -> 1 + random.nextInt(10);
      case 2 -> 100 + random.nextInt(60);
      default -> 500 + random.nextInt(100);
    };
  }

  private List<byte[]> texts(int count) {
    return Stream.generate(this::text).limit(count).toList();
  }

  /// Distinct by a number in front of each, where chance does not suffice.
  private List<byte[]> distinct(Function<Integer, byte[]> make) {
    List<byte[]> distinct = new ArrayList<>();
    java.util.Set<String> seen = new java.util.HashSet<>();
    for (int left = size(); left > 0; left--) {
      byte[] one = make.apply(left);
      if (seen.add(new String(one, StandardCharsets.ISO_8859_1))) {
        distinct.add(one);
      }
    }
    return distinct;
  }

  private byte[] number() {
    long value =
        random.nextInt(3) == 0
            ? EDGES[random.nextInt(EDGES.length)]
            : random.nextLong() >> random.nextInt(64);
    return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] text() {
    return switch (random.nextInt(6)) {
      case 0 -> number();
      case 1 -> ("text " + random.nextInt(1000)).getBytes(StandardCharsets.UTF_8);
      case 2 -> "repeat ".repeat(random.nextInt(40)).getBytes(StandardCharsets.UTF_8);
      case 3 -> ("0" + random.nextInt(100)).getBytes(StandardCharsets.UTF_8);
      case 4 -> new byte[0];
      default -> {
        int[] lengths = {1, 62, 63, 64, 65, 253, 254, 255, 4095, 4096, 9000};
        int kind = random.nextInt(100);
        byte[] bytes = new byte[kind < lengths.length ? lengths[kind] : random.nextInt(70)];
        random.nextBytes(bytes);
        yield bytes;
      }
    };
  }

  private double score() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(100);
      case 1 -> random.nextLong();
      case 2 -> Double.POSITIVE_INFINITY;
      case 3 -> Double.NEGATIVE_INFINITY;
      case 4 -> random.nextGaussian();
      default -> random.nextDouble() * Math.pow(10, random.nextInt(600) - 300);
    };
  }
}
