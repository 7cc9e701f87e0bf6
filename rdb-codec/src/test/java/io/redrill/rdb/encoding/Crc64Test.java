package io.redrill.rdb.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Crc64Test {

  @Test
  void isTheOneOfTheFormat() {
    assertThat(Crc64.of("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0xe9c6d914c4b8d9caL);
    assertThat(Crc64.of(new byte[0])).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithOneBitAtATime(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      byte[] bytes = new byte[random.nextInt(1 << random.nextInt(1, 17))];
      random.nextBytes(bytes);
      int from = random.nextInt(bytes.length + 1);
      int length = random.nextInt(bytes.length - from + 1);

      Crc64 crc = new Crc64();
      crc.update(bytes, from, length);

      assertThat(crc.value())
          .as("%d bytes from %d on", length, from)
          .isEqualTo(bitwise(bytes, from, length));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void piecesGiveTheSameAsTheWhole(long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[100_000 + random.nextInt(1000)];
    random.nextBytes(bytes);
    Crc64 crc = new Crc64();
    int at = 0;
    while (at < bytes.length) {
      int length = Math.min(bytes.length - at, random.nextInt(1 << random.nextInt(1, 15)));
      crc.update(bytes, at, length);
      at += length;
    }
    assertThat(crc.value()).isEqualTo(bitwise(bytes, 0, bytes.length));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void twoPartsCombine(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      byte[] bytes = new byte[random.nextInt(1 << random.nextInt(1, 17))];
      random.nextBytes(bytes);
      int cut = random.nextInt(bytes.length + 1);
      long first = Crc64.of(Arrays.copyOf(bytes, cut));
      long second = Crc64.of(Arrays.copyOfRange(bytes, cut, bytes.length));

      assertThat(Crc64.combine(first, second, bytes.length - cut))
          .as("%d bytes cut at %d", bytes.length, cut)
          .isEqualTo(Crc64.of(bytes));
      Crc64 crc = new Crc64();
      crc.update(bytes, 0, bytes.length);
      crc.reset();
      crc.update(bytes, 0, cut);
      crc.append(second, bytes.length - cut);
      assertThat(crc.value()).isEqualTo(Crc64.of(bytes));
    }
  }

  @Test
  void combinesOverLengthsThatNoArrayHas() {
    long crc = Crc64.of(new byte[] {1, 2, 3});
    long half = 5_000_000_001L;
    assertThat(Crc64.combine(Crc64.combine(crc, 0, half), 0, half))
        .isEqualTo(Crc64.combine(crc, 0, 2 * half))
        .isNotEqualTo(crc);
  }

  private static long bitwise(byte[] bytes, int from, int length) {
    long crc = 0;
    for (int i = from; i < from + length; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x95ac9329ac4bc9b5L;
      }
    }
    return crc;
  }
}
