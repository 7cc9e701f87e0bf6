package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
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

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void exponentsAreReadAsJavaReadsThem(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      String digits = Long.toUnsignedString(random.nextLong() >>> random.nextInt(64));
      String number = digits + "e" + (random.nextInt(100) - 50);
      assertThat(parse(number)).as(number).hasValue(Double.parseDouble(number));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void scoresInSeventeenDigitsAreReadAsJavaReadsThem(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      double score = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(30) - 15);
      String number = "%.17g".formatted(score);
      assertThat(parse(number)).as(number).hasValue(Double.parseDouble(number));
    }
  }

  /// Between two neighbours of one power of two, and one unit of the last digit to either side.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void halfwayIsRoundedAsJavaRoundsIt(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long even = (1L << 53) + random.nextLong(1L << 52) * 2;
      for (long near = even; near <= even + 2; near++) {
        String number = Long.toString(near);
        assertThat(parse(number)).as(number).hasValue(Double.parseDouble(number));
        BigDecimal halved = BigDecimal.valueOf(near).divide(BigDecimal.valueOf(8));
        assertThat(parse(halved.toPlainString())).as(number).hasValue(halved.doubleValue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "36893488147419103232",
        "18446744073709551616",
        "18446744073709551615",
        "9007199254740993",
        "0.00000000000000000000000000000000000000000000000001",
        "000000000000000000000000000000000000000000000.5",
        "1e400",
        "1e-400",
        "4.9e-324",
        "1.7976931348623157e308",
        "0e999",
        "12345678901234567890e-20"
      })
  void extremesAreReadAsJavaReadsThem(String text) {
    assertThat(parse(text)).hasValue(Double.parseDouble(text));
    assertThat(parse("-" + text)).hasValue(-Double.parseDouble(text));
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
        "", "-", ".", "e5", "1e", "1e+", "1e-x", "e", ".e1", "-.", "1e1.5", "1.2.3", "nan", "-nan",
        "0x10", "1f", "1d", " 1", "1 ", "--1"
      })
  void whatIsNoNumberIsRefused(String text) {
    assertThat(parse(text)).isEmpty();
  }

  private static java.util.OptionalDouble parse(String text) {
    return DoubleText.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
