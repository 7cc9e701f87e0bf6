package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleTextTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsWrittenIsReadBack(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      double score = Double.longBitsToDouble(random.nextLong());
      score = i % 3 == 0 || Double.isNaN(score) ? random.nextInt(1000) - 500 : score;
      assertThat(DoubleText.parse(DoubleText.of(score))).hasValue(score);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void fractionsAreReadAsJavaReadsThem(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      StringBuilder text =
          new StringBuilder(Long.toString(random.nextLong() >>> random.nextInt(64)));
      text.insert(1 + random.nextInt(text.length()), '.');
      String number = text.toString();
      assertThat(parse(number)).as(number).hasValue(Double.parseDouble(number));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-0", "+7", "123456789012345678901", "1.", ".5", "-1.5e-3", "2E+10", "00012"})
  void decimalsAreReadAsJavaReadsThem(String text) {
    assertThat(parse(text)).hasValue(Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"inf", "+Infinity", "INF"})
  void infinityIsANumber(String text) {
    assertThat(parse(text)).hasValue(Double.POSITIVE_INFINITY);
    assertThat(parse("-" + text.replace("+", ""))).hasValue(Double.NEGATIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", ".", "e5", "1e", "1e+", "nan", "-nan", "0x10", "1f", "1d", " 1", "1 ", "--1"
      })
  void whatIsNoNumberIsRefused(String text) {
    assertThat(parse(text)).isEmpty();
  }

  private static java.util.OptionalDouble parse(String text) {
    return DoubleText.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
