package io.redrill.server.type;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.PackedValues;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.Listpack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Packed bytes that nobody vouches for: refused with the one typed error, or a value that works.
class HostileStoredValueTest {

  private static final EncodingLimits LIMITS = EncodingLimits.DEFAULT;

  @ParameterizedTest
  @EnumSource(
      names = {"HASH_LISTPACK", "ZSET_LISTPACK", "SET_LISTPACK", "SET_INTSET", "LIST_QUICKLIST_2"})
  void damageIsRefusedOrHarmless(RdbType type) throws IOException {
    int refused = 0;
    int taken = 0;
    for (long seed = 0; seed < 4000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = valid(type, random);
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(8));
      }
      try {
        var value = new StoredValue(type, bytes).toValue(LIMITS);
        if (value.isPresent()) {
          use(value.get(), random);
        }
        taken++;
      } catch (FormatException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(refused).isPositive();
    assertThat(taken).isPositive();
  }

  @Test
  void whatStandsTwiceIsRefused() {
    refuses(RdbType.HASH_LISTPACK, Listpack.of(words("a", "1", "b", "2", "a", "3")));
    refuses(RdbType.ZSET_LISTPACK, Listpack.of(words("a", "1", "b", "2", "a", "3")));
    refuses(RdbType.SET_LISTPACK, Listpack.of(words("a", "b", "c", "b")));
  }

  @Test
  void aDecimalKeptAsTextIsTheSameAsTheInteger() {
    byte[] five = {'5'};
    byte[] bytes = Listpack.of(List.of(five, new byte[] {'x'})).bytes().clone();
    // The last element, the text x, becomes the text 5.
    bytes[bytes.length - 3] = '5';
    refuses(RdbType.SET_LISTPACK, Listpack.wrap(bytes));
  }

  @Test
  void whatIsNoPairOrNoScoreIsRefused() {
    refuses(RdbType.HASH_LISTPACK, Listpack.of(words("a", "1", "b")));
    refuses(RdbType.ZSET_LISTPACK, Listpack.of(words("a", "1", "b")));
    refuses(RdbType.ZSET_LISTPACK, Listpack.of(words("a", "one")));
    refuses(RdbType.ZSET_LISTPACK, Listpack.of(words("a", "nan")));
  }

  @Test
  void aSortedSetOutOfOrderIsPutInOrder() throws FormatException {
    RedisSortedSet set =
        (RedisSortedSet)
            new StoredValue(
                    RdbType.ZSET_LISTPACK,
                    PackedValues.store(Listpack.of(words("a", "2", "b", "1")).bytes(), false))
                .toValue(LIMITS)
                .orElseThrow();

    assertThat(set.at(0).name()).isEqualTo(new byte[] {'b'});
    assertThat(set.encoding()).isEqualTo("listpack");
  }

  @Test
  void aStoredMinusZeroKeepsItsSign() throws FormatException {
    byte[] bytes = PackedValues.store(Listpack.of(words("a", "-0", "b", "1")).bytes(), false);
    RedisSortedSet set =
        (RedisSortedSet)
            new StoredValue(RdbType.ZSET_LISTPACK, bytes).toValue(LIMITS).orElseThrow();

    assertThat(1 / set.at(0).score()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(set.packed()).isNotNull();
  }

  @Test
  void packedBytesComeBackAsTheyAre() throws IOException {
    for (RdbType type : List.of(RdbType.HASH_LISTPACK, RdbType.ZSET_LISTPACK, RdbType.SET_INTSET)) {
      byte[] bytes = valid(type, new Random(1));
      Value value = new StoredValue(type, bytes).toValue(LIMITS).orElseThrow();

      StoredValue again = StoredValue.of(value, false);

      assertThat(again.type()).isEqualTo(type);
      assertThat(DumpPayload.of(type, again.bytes())).isEqualTo(DumpPayload.of(type, bytes));
    }
  }

  private static void refuses(RdbType type, Listpack listpack) {
    StoredValue stored = new StoredValue(type, PackedValues.store(listpack.bytes(), false));
    assertThatThrownBy(() -> stored.toValue(LIMITS)).isInstanceOf(CorruptInputException.class);
  }

  private static byte[] valid(RdbType type, Random random) {
    List<byte[]> elements = new ArrayList<>();
    int pairs = 1 + random.nextInt(12);
    for (int i = 0; i < pairs; i++) {
      elements.addAll(
          words(
              random.nextBoolean() ? "name" + i : Integer.toString(i * i * 1000 - 7),
              Integer.toString(i)));
    }
    return switch (type) {
      case SET_INTSET -> PackedValues.store(Intset.of(-5, 0, 3, 70_000L + pairs).bytes(), false);
      case SET_LISTPACK ->
          PackedValues.store(
              Listpack.of(elements.stream().filter(one -> elements.indexOf(one) % 2 == 0).toList())
                  .bytes(),
              false);
      case LIST_QUICKLIST_2 ->
          PackedValues.storeNodes(
              List.of(Listpack.of(elements).bytes(), Listpack.of(words("tail", "1")).bytes()),
              false);
      default -> PackedValues.store(Listpack.of(elements).bytes(), false);
    };
  }

  /// Touches all of a value, changes it and empties it.
  private static void use(Value value, Random random) throws IOException {
    assertThat(StoredValue.of(value.copy(), true).toValue(LIMITS)).isPresent();
    assertThat(value.sizeBytes()).isPositive();
    switch (value) {
      case RedisHash hash -> {
        hash.put(words("new").getFirst(), words("-1").getFirst(), LIMITS);
        while (hash.size() > 0) {
          byte[] name = hash.random(random);
          assertThat(hash.get(name)).isNotNull();
          assertThat(hash.remove(name)).isTrue();
        }
      }
      case RedisSet set -> {
        set.add(words("new").getFirst(), LIMITS);
        while (set.size() > 0) {
          byte[] member = set.random(random);
          assertThat(set.contains(member)).isTrue();
          assertThat(set.remove(member)).isTrue();
        }
      }
      case RedisSortedSet set -> {
        set.put(words("new").getFirst(), 1.5, LIMITS);
        while (set.size() > 0) {
          RedisSortedSet.Member member = set.random(random);
          assertThat(set.at(set.rankOf(member)).name()).isEqualTo(member.name());
          assertThat(set.remove(member.name())).isTrue();
        }
      }
      case RedisList list -> {
        list.insert(list.size() / 2, words("new").getFirst());
        while (list.size() > 0) {
          list.set(list.size() - 1, words("other").getFirst());
          byte[] ignored = random.nextBoolean() ? list.removeFirst() : list.removeLast();
          assertThat(ignored).isNotNull();
        }
      }
      default -> throw new AssertionError("an unexpected kind of value: " + value.kind());
    }
  }

  private static List<byte[]> words(String... words) {
    List<byte[]> list = new ArrayList<>();
    for (String word : words) {
      list.add(word.getBytes(ISO_8859_1));
    }
    return list;
  }
}
