package io.redrill.rdb.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicateFinderTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void findsWhatASetFinds(long seed) {
    Random random = new Random(seed);
    DuplicateFinder finder = new DuplicateFinder(1 << 30);
    for (int round = 0; round < 200; round++) {
      finder.clear();
      Set<Long> seen = new HashSet<>();
      int count = random.nextInt(random.nextBoolean() ? 20 : 5000);
      int range = 1 + random.nextInt(4 * count + 1);
      for (int i = 0; i < count; i++) {
        long number = random.nextBoolean() ? random.nextInt(range) : random.nextLong();
        assertThat(finder.add(number))
            .as("round %d, %d", round, number)
            .isEqualTo(seen.add(number));
      }
    }
  }

  /// Were they to share their slots, this would take hours.
  @Test
  void numbersThatShareTheirLowestOrHighestBitsAreTold() {
    for (int shift : new int[] {0, 12, 24, 32, 44}) {
      DuplicateFinder finder = new DuplicateFinder(1 << 30);
      for (long i = 1; i < 1 << 20; i++) {
        assertThat(finder.add(i << shift)).isTrue();
      }
      assertThat(finder.add(77L << shift)).isFalse();
    }
  }

  @Test
  void whatThereIsNoRoomForIsSaid() {
    DuplicateFinder finder = new DuplicateFinder(1000);
    for (long i = 0; i < 1000; i++) {
      assertThat(finder.add(i)).isTrue();
    }

    assertThat(finder.isFull()).isTrue();
    assertThat(finder.add(1)).as("kept").isFalse();
    assertThat(finder.add(999)).as("not kept").isTrue();
    finder.clear();
    assertThat(finder.isFull()).isFalse();
    assertThat(finder.add(1)).isTrue();
  }
}
