package io.redrill.rdb.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrisuDoubleTest {

  /// As Redis 8.0.6 prints them, two of them with more digits than the fewest that would do.
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "3, 3",
    "0.1, 0.1",
    "-0.5, -0.5",
    "-991910.9284647503, -9.919109284647503e+5",
    "-9223372036854775808, -9223372036854776000",
    "1e300, 1e+300",
    "1e-7, 1e-7",
    "0.000001234, 1.234e-6",
    "4.9e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "-1.345230994095406e86, -1.3452309940954061e+86",
    "57122192567298540, 57122192567298544",
    "Infinity, inf",
    "-Infinity, -inf"
  })
  void isPrintedAsServersDo(double value, String text) {
    assertThat(GrisuDouble.text(value)).isEqualTo(text);
  }

  @Test
  void readsBackAsTheSame() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isNaN(value) && !Double.isInfinite(value)) {
        String text = GrisuDouble.text(value);
        assertThat(Double.parseDouble(text)).as("seed %d: %s", seed, text).isEqualTo(value);
      }
    }
  }
}
