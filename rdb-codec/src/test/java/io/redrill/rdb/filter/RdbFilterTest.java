package io.redrill.rdb.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RdbFilterTest {

  private static final long NEVER = RdbRecord.Entry.NO_EXPIRY;

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "*, '', true",
    "'', '', true",
    "'', a, false",
    "user:*, user:, true",
    "user:*, users:1, false",
    "h?llo, hello, true",
    "h?llo, hllo, false",
    "h[ae]llo, hallo, true",
    "h[ae]llo, hillo, false",
    "h[^e]llo, hallo, true",
    "h[^e]llo, hello, false",
    "h[a-c]llo, hbllo, true",
    "h[c-a]llo, hbllo, true",
    "h[a-c]llo, hdllo, false",
    "a\\*, a*, true",
    "a\\*, ab, false",
    "a[\\]]b, a]b, true",
    "a[]b, a]b, false",
    "a[^]b, axb, true",
    "a[bc, ab, true",
    "a[bc, ad, false",
    "a[b-, a-, true",
    "a\\, 'a\\', true",
    "*a*b*, xxaxxbxx, true",
    "*a*b, xxaxxbxx, false",
    "a**b, ab, true",
    "?, ä, false",
    "??, ä, true"
  })
  void matchesKeysAsTheServerDoes(String pattern, String key, boolean expected) {
    assertThat(KeyGlob.of(pattern).matches(key.getBytes(UTF_8))).isEqualTo(expected);
  }

  /// A pattern that makes a matcher which tries all ways take longer than anybody waits.
  @Test
  void aPatternOfManyStarsEnds() {
    byte[] key = "a".repeat(20_000).getBytes(UTF_8);

    assertThat(KeyGlob.of("*a".repeat(500) + "*b").matches(key)).isFalse();
    assertThat(KeyGlob.of("*a".repeat(500) + "*").matches(key)).isTrue();
  }

  /// Against the definition itself, by recursion over all ways.
  @Test
  void matchesAsTheDefinitionDoes() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab*?", 6);
      String key = text(random, "ab", 8);
      assertThat(KeyGlob.of(pattern).matches(key.getBytes(UTF_8)))
          .as("seed %d: %s on %s", seed, pattern, key)
          .isEqualTo(
              key.isEmpty() ? pattern.isEmpty() || pattern.equals("*") : matches(pattern, key));
    }
  }

  private static boolean matches(String pattern, String key) {
    if (pattern.isEmpty()) {
      return key.isEmpty();
    }
    char first = pattern.charAt(0);
    String rest = pattern.substring(1);
    if (first == '*') {
      return matches(rest, key) || (!key.isEmpty() && matches(pattern, key.substring(1)));
    }
    return !key.isEmpty()
        && (first == '?' || first == key.charAt(0))
        && matches(rest, key.substring(1));
  }

  private static String text(Random random, String alphabet, int most) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "123456789, 12739",
    "foo, 12182",
    "{user1000}.following, 3443",
    "{user1000}.followers, 3443",
    "foo{}{bar}, 8363",
    "'', 0"
  })
  void computesSlots(String key, int slot) {
    assertThat(KeySlot.of(key.getBytes(UTF_8))).isEqualTo(slot);
  }

  @Test
  void takesTheFirstHashTagOnly() {
    assertThat(slot("foo{{bar}}zap")).isEqualTo(slot("{bar"));
    assertThat(slot("foo{bar}{zap}")).isEqualTo(slot("bar"));
  }

  private static int slot(String key) {
    return KeySlot.of(key.getBytes(UTF_8));
  }

  @Test
  void readsAndShowsSlots() {
    assertThat(SlotSet.parse("0-99+5000+200-299")).hasToString("0-99+200-299+5000");
    assertThat(SlotSet.even(3))
        .extracting(SlotSet::toString)
        .containsExactly("0-5460", "5461-10921", "10922-16383");
    assertThat(SlotSet.range(0, 5).overlaps(SlotSet.range(5, 9))).isTrue();
    assertThat(SlotSet.range(0, 5).with(SlotSet.range(6, 9))).isEqualTo(SlotSet.range(0, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "5-", "-5", "5-4", "0-16384", "1,2", "0-1+"})
  void refusesWhatIsNoSlots(String text) {
    assertThatThrownBy(() -> SlotSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void asksForAllConditions() {
    RdbFilter filter =
        new RdbFilter(
            Set.of(0, 2),
            List.of(KeyGlob.of("user:*"), KeyGlob.of("order:*")),
            List.of(KeyGlob.of("*:tmp")),
            Set.of(RdbKind.HASH),
            Optional.empty(),
            List.of(new ExpiryCondition.Present(), new ExpiryCondition.Before(100)));

    assertThat(keeps(filter, 0, "user:1", 99, RdbType.HASH)).isTrue();
    assertThat(keeps(filter, 2, "order:1", 99, RdbType.HASH_LISTPACK)).isTrue();
    assertThat(keeps(filter, 1, "user:1", 99, RdbType.HASH)).isFalse();
    assertThat(keeps(filter, 0, "other:1", 99, RdbType.HASH)).isFalse();
    assertThat(keeps(filter, 0, "user:tmp", 99, RdbType.HASH)).isFalse();
    assertThat(keeps(filter, 0, "user:1", 99, RdbType.STRING)).isFalse();
    assertThat(keeps(filter, 0, "user:1", 100, RdbType.HASH)).isFalse();
    assertThat(keeps(filter, 0, "user:1", NEVER, RdbType.HASH)).isFalse();
    assertThat(keeps(RdbFilter.ALL, 9, "x", NEVER, RdbType.SET)).isTrue();
  }

  @Test
  void knowsWhatIsAliveAndExpired() {
    for (long expiry : new long[] {NEVER, 0, 99, 100, 101}) {
      assertThat(new ExpiryCondition.AliveAt(100).holds(expiry))
          .isNotEqualTo(new ExpiryCondition.ExpiredAt(100).holds(expiry));
      assertThat(new ExpiryCondition.Present().holds(expiry))
          .isNotEqualTo(new ExpiryCondition.Absent().holds(expiry));
    }
    assertThat(new ExpiryCondition.NotBefore(100).holds(100)).isTrue();
    assertThat(new ExpiryCondition.NotBefore(100).holds(NEVER)).isFalse();
  }

  private static boolean keeps(RdbFilter filter, int db, String key, long expiry, RdbType type) {
    return filter.keeps(db, ByteSlice.of(key.getBytes(UTF_8)), expiry, type);
  }
}
