package io.redrill.rdb.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LzfTest {

  private static final byte GUARD = 0x5a;
  private static final int MARGIN = 40;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTokenExpandsAsItSays(long seed) throws FormatException {
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      Tokens tokens = Tokens.random(random);
      byte[] packed = withGuards(tokens.packed());
      byte[] plain = tokens.plain();
      int packedLength = packed.length - 2 * MARGIN;
      byte[] work = new byte[Lzf.workLength(packedLength, plain.length)];
      Arrays.fill(work, GUARD);

      Lzf.decode(packed, MARGIN, packedLength, work, plain.length);

      assertThat(Arrays.copyOf(work, plain.length)).as("round %d", round).isEqualTo(plain);
      assertThat(packed).isEqualTo(withGuards(tokens.packed()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void hostileBytesExpandAsTokenByTokenOrAreRefused(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 5000; round++) {
      byte[] packed = Tokens.random(random).packed();
      for (int i = random.nextInt(4); i >= 0; i--) {
        packed[random.nextInt(packed.length)] = (byte) random.nextInt();
      }
      Optional<byte[]> expected = Tokens.expand(packed);
      int length =
          expected.isPresent() && random.nextBoolean()
              ? expected.get().length
              : random.nextInt(600);
      try {
        byte[] plain = Lzf.decode(packed, length);
        assertThat(expected).as("round %d", round).isPresent();
        assertThat(plain).as("round %d", round).isEqualTo(expected.get());
      } catch (FormatException e) {
        assertThat(e.input()).isEqualTo("lzf");
        assertThat(expected.map(plain -> plain.length == length).orElse(false))
            .as("round %d", round)
            .isFalse();
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

    /// What `packed` stands for, taken one byte at a time, if it is well-formed.
    static Optional<byte[]> expand(byte[] packed) {
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      Deque<Integer> rest = new ArrayDeque<>();
      for (byte next : packed) {
        rest.add(next & 0xff);
      }
      try {
        while (!rest.isEmpty()) {
          int control = rest.remove();
          if (control < 32) {
            for (int i = 0; i <= control; i++) {
              plain.write(rest.remove());
            }
            continue;
          }
          int count = 2 + (control >> 5) + (control >> 5 == 7 ? rest.remove() : 0);
          int distance = 1 + ((control & 31) << 8) + rest.remove();
          if (distance > plain.size()) {
            return Optional.empty();
          }
          for (int i = 0; i < count; i++) {
            plain.write(plain.toByteArray()[plain.size() - distance]);
          }
        }
      } catch (NoSuchElementException e) {
        return Optional.empty();
      }
      return Optional.of(plain.toByteArray());
    }
  }
}
