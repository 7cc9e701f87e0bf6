package io.redrill.rdb.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledBitsTest {

  @TempDir private Path directory;

  @Test
  void bitsAreWhatWasSet() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    TreeSet<Long> numbers = new TreeSet<>();
    try (SpilledBits bits = new SpilledBits(directory.resolve("bits"))) {
      for (int i = 0; i < 500; i++) {
        long number = random.nextLong(3_000_000);
        numbers.add(number);
        bits.set(number);
      }
      for (long i = 0; i < 3_000_100; i++) {
        assertThat(bits.get(i)).as("seed %d, %d", seed, i).isEqualTo(numbers.contains(i));
      }
    }
  }
}
