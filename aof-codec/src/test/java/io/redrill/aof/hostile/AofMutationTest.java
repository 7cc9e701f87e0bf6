package io.redrill.aof.hostile;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bytes of real files, changed at random from a seed, through every way into the codec. More
/// rounds: `-Dredrill.mutations=100000`.
class AofMutationTest {

  private static final int ROUNDS = Integer.getInteger("redrill.mutations", 1500);

  /// What steers a log.
  private static final String[] INTERESTING = {
    "*",
    "$",
    "\r\n",
    "#TS:",
    "0",
    "-1",
    "99999999999",
    "*1\r\n$5\r\nMULTI\r\n",
    "\0",
    "\r",
    "*1\r\n$4\r\nEXEC\r\n",
    "#REDRILL:AT=x:1\r\n",
    "#REDRILL:DB=",
    "*2\r\n$6\r\nSELECT\r\n",
    "\"",
    "\\x",
  };

  @ParameterizedTest
  @EnumSource
  void nothingButARefusal(Way way) throws IOException {
    List<byte[]> seeds = way.seeds();
    int rounds = way == Way.REPAIR || way == Way.CUT ? ROUNDS / 5 : ROUNDS; // they make files
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
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> changed(bytes, at, (byte) (1 << random.nextInt(8)));
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> without(bytes, at, 1 + random.nextInt(40));
            case 3 -> {
              String text = INTERESTING[random.nextInt(INTERESTING.length)];
              yield with(bytes, at, text.getBytes(StandardCharsets.ISO_8859_1));
            }
            default -> {
              byte[] other = seeds.get(random.nextInt(seeds.size()));
              yield with(bytes, at, Arrays.copyOf(other, random.nextInt(other.length)));
            }
          };
    }
    return bytes;
  }

  private static byte[] changed(byte[] bytes, int at, byte bit) {
    byte[] other = bytes.clone();
    other[at] ^= bit;
    return other;
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    int end = Math.min(bytes.length, at + count);
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - (end - at));
    System.arraycopy(bytes, end, shorter, at, bytes.length - end);
    return shorter;
  }

  private static byte[] with(byte[] bytes, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, longer, at, more.length);
    System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
    return longer;
  }
}
