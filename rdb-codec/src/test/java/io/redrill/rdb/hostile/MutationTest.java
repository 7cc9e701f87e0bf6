package io.redrill.rdb.hostile;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bytes of real files, changed at random from a seed, through every way into the codec. More
/// rounds: `-Dredrill.mutations=100000`.
class MutationTest {

  private static final int ROUNDS = Integer.getInteger("redrill.mutations", 3000);

  @ParameterizedTest
  @EnumSource
  void nothingButARefusal(Way way) throws IOException {
    List<byte[]> seeds = way.seeds();
    int rounds = way == Way.SALVAGE ? ROUNDS / 10 : ROUNDS;
    for (long seed = 0; seed < rounds; seed++) {
      Random random = new Random(seed);
      byte[] input = mutated(seeds.get(random.nextInt(seeds.size())), seeds, random);
      try {
        way.take(input);
      } catch (RuntimeException | AssertionError | IOException e) {
        fail(way + ", seed " + seed + ": " + HexFormat.of().formatHex(input), e);
      }
    }
  }

  private static byte[] mutated(byte[] seed, List<byte[]> seeds, Random random) {
    byte[] bytes = seed.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = INTERESTING[random.nextInt(INTERESTING.length)];
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> {
          for (int i = at; i < Math.min(bytes.length, at + 8); i++) {
            bytes[i] = INTERESTING[random.nextInt(INTERESTING.length)];
          }
        }
        default -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          byte[] spliced = Arrays.copyOf(bytes, at + other.length / 2);
          System.arraycopy(other, other.length - other.length / 2, spliced, at, other.length / 2);
          bytes = spliced;
        }
      }
    }
    return bytes;
  }

  /// Forms of lengths and special values.
  private static final byte[] INTERESTING = {
    0,
    1,
    0x3f,
    0x40,
    0x7f,
    (byte) 0x80,
    (byte) 0x81,
    (byte) 0xc0,
    (byte) 0xc3,
    (byte) 0xf0,
    (byte) 0xf4,
    (byte) 0xfc,
    (byte) 0xfe,
    (byte) 0xff
  };
}
