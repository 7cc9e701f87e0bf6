package io.redrill.rdb.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteSlice;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixTableTest {

  private static final long SEED = 11;

  private static PrefixTable table(String separator, int depth, int capacity) {
    return new PrefixTable(separator.getBytes(UTF_8), depth, capacity, 1, 0);
  }

  private static void add(PrefixTable table, String key, long weight) {
    table.sums(ByteSlice.of(key.getBytes(UTF_8)))[0] += weight;
  }

  @ParameterizedTest
  @CsvSource({
    "user:1:name, :, 1, user:",
    "user:1:name, :, 2, user:1:",
    "user:1:name, :, 3, ''",
    "user, :, 1, ''",
    ":x, :, 1, :",
    "a::b::c, ::, 1, a::",
    "a:b, ::, 1, ''",
    "'', :, 1, ''"
  })
  void cutsKeysAtTheirSeparators(String key, String separator, int depth, String prefix) {
    PrefixTable table = table(separator, depth, 10);

    add(table, key, 1);

    if (prefix.isEmpty()) {
      assertThat(table.top(9)).isEmpty();
      assertThat(table.withoutPrefix()).containsExactly(1);
    } else {
      assertThat(new String(table.top(9).getFirst().name(), UTF_8)).isEqualTo(prefix);
    }
  }

  /// Many light prefixes and a few heavy ones: these are found, and short by no more than is said.
  @Test
  void findsHeavyPrefixesAmongAnyNumberAndLosesNothing() {
    SplittableRandom random = new SplittableRandom(SEED);
    PrefixTable table = table(":", 1, 64);
    Map<String, Long> truth = new HashMap<>();
    long all = 0;
    for (int i = 0; i < 100_000; i++) {
      String prefix =
          random.nextInt(3) == 0 ? "heavy" + random.nextInt(5) : "p" + random.nextInt(50_000);
      long weight = 1L + random.nextInt(10);
      add(table, prefix + ":" + i, weight);
      truth.merge(prefix + ":", weight, Long::sum);
      all += weight;
    }

    assertThat(table.isExact()).isFalse();
    assertThat(table.size()).isLessThanOrEqualTo(64);
    long shown = 0;
    for (HeavySums.Row row : table.top(5)) {
      String prefix = new String(row.name(), UTF_8);
      long exact = truth.getOrDefault(prefix, 0L);
      assertThat(prefix).as("seed %d", SEED).startsWith("heavy");
      assertThat(row.sum(0)).isBetween(exact - table.shortBy(), exact);
      shown += row.sum(0);
    }
    assertThat(shown + table.others(5)[0]).isEqualTo(all);
  }
}
