package io.redrill.rdb.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

  @Test
  void textOfEveryPowerAndItsNeighbours() {
    for (long power = 1; ; power *= 10) {
      for (long value : new long[] {power - 1, power, power + 1}) {
        agrees(value);
        agrees(-value);
      }
      if (power == 1_000_000_000_000_000_000L) {
        break;
      }
    }
    LongStream.of(Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE)
        .flatMap(value -> LongStream.of(value, value + 1, value - 1))
        .forEach(DecimalTextTest::agrees);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void textOfAnyNumber(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      agrees(random.nextLong() >> random.nextInt(64));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "-0",
        "00",
        "01",
        "+1",
        " 1",
        "1 ",
        "1a",
        "--1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "18446744073709551616",
        "123456789012345678x"
      })
  void anythingElseStaysText(String text) {
    assertThat(DecimalText.isLong(ascii(text))).isFalse();
    assertThat(DecimalText.isLong(ascii("7" + text + "7"), 1, text.length())).isFalse();
  }

  private static void agrees(long value) {
    byte[] text = ascii(Long.toString(value));
    byte[] out = new byte[30];
    int end = DecimalText.put(value, out, 3);
    assertThat(new String(out, 3, end - 3, StandardCharsets.US_ASCII))
        .isEqualTo(Long.toString(value));
    assertThat(out[2]).isZero();
    assertThat(out[end]).isZero();
    assertThat(DecimalText.length(value)).isEqualTo(text.length);
    assertThat(DecimalText.isLong(text)).as("%d", value).isTrue();
    assertThat(DecimalText.parse(text)).isEqualTo(value);
    assertThat(DecimalText.isLong(out, 3, text.length)).as("%d", value).isTrue();
    assertThat(DecimalText.parse(out, 3, text.length)).isEqualTo(value);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
