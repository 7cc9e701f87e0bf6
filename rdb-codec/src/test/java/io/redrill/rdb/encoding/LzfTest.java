package io.redrill.rdb.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.CorruptInputException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LzfTest {

  private static final byte GUARD = 0x5a;
  private static final int MARGIN = 40;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTokenExpandsAsItSays(long seed) throws CorruptInputException {
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      Tokens tokens = Tokens.random(random);
      byte[] packed = withGuards(tokens.packed());
      byte[] plain = tokens.plain();
      byte[] out = new byte[plain.length + 2 * MARGIN];
      Arrays.fill(out, GUARD);

      int end = Lzf.decode(packed, MARGIN, packed.length - 2 * MARGIN, out, MARGIN, plain.length);

      assertThat(end).isEqualTo(MARGIN + plain.length);
      assertThat(out).as("round %d", round).isEqualTo(withGuards(plain));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void hostileBytesAreRefusedAndNothingElseIsTouched(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 5000; round++) {
      byte[] packed = Tokens.random(random).packed();
      for (int i = random.nextInt(4); i >= 0; i--) {
        packed[random.nextInt(packed.length)] = (byte) random.nextInt();
      }
      int outLength = random.nextInt(600);
      byte[] out = new byte[outLength + 2 * MARGIN];
      Arrays.fill(out, GUARD);
      try {
        assertThat(Lzf.decode(packed, 0, packed.length, out, MARGIN, outLength))
            .isEqualTo(MARGIN + outLength);
      } catch (CorruptInputException e) {
        assertThat(e.getMessage()).contains("lzf");
      }
      for (int i = 0; i < MARGIN; i++) {
        assertThat(out[i]).as("round %d, %d", round, i).isEqualTo(GUARD);
        assertThat(out[out.length - 1 - i]).as("round %d, end - %d", round, i).isEqualTo(GUARD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, -40, 40})
  void anotherLengthIsRefused(int difference) {
    byte[] plain = new byte[500];
    byte[] packed = Lzf.encode(plain, plain.length);
    assertThatThrownBy(() -> Lzf.decode(packed, plain.length + difference))
        .isInstanceOf(CorruptInputException.class);
  }

  private static byte[] withGuards(byte[] bytes) {
    byte[] guarded = new byte[bytes.length + 2 * MARGIN];
    Arrays.fill(guarded, GUARD);
    System.arraycopy(bytes, 0, guarded, MARGIN, bytes.length);
    return guarded;
  }

  /// Random tokens, and what they stand for when taken one byte at a time.
  private record Tokens(byte[] packed, byte[] plain) {

    static Tokens random(Random random) {
      byte[] packed = new byte[1000];
      byte[] plain = new byte[10_000];
      int at = 0;
      int to = 0;
      for (int tokens = random.nextInt(1, 20); tokens > 0; tokens--) {
        if (to == 0 || random.nextInt(3) == 0) {
          int count = random.nextInt(1, 33);
          packed[at++] = (byte) (count - 1);
          for (int i = 0; i < count; i++) {
            packed[at++] = plain[to++] = (byte) random.nextInt();
          }
          continue;
        }
        int count = random.nextInt(3, random.nextBoolean() ? 20 : 265);
        int distance = random.nextInt(1, 1 + (random.nextBoolean() ? Math.min(to, 18) : to));
        int length = count - 2;
        packed[at++] = (byte) (Math.min(length, 7) << 5 | (distance - 1) >>> 8);
        if (length >= 7) {
          packed[at++] = (byte) (length - 7);
        }
        packed[at++] = (byte) (distance - 1);
        for (int i = 0; i < count; i++, to++) {
          plain[to] = plain[to - distance];
        }
      }
      return new Tokens(Arrays.copyOf(packed, at), Arrays.copyOf(plain, to));
    }
  }
}
