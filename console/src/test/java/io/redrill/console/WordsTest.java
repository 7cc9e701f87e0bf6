package io.redrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.25S, 250 ms",
    "PT1.44S, 1.4 s",
    "PT59.9S, 59 s",
    "PT1M, 1 min",
    "PT2M5S, 2 min 5 s",
    "PT3H, 3 h",
    "PT76H, 3 d 4 h"
  })
  void durations(Duration duration, String words) {
    assertThat(Words.duration(duration)).isEqualTo(words);
  }

  @Test
  void timesAndSizes() {
    Instant now = Instant.parse("2026-11-24T02:41:07.9Z");
    assertThat(Words.time(now)).isEqualTo("2026-11-24 02:41:07 UTC");
    assertThat(Words.relative(now.minusSeconds(60), now)).isEqualTo("1 min ago");
    assertThat(Words.relative(now.plusSeconds(60), now)).isEqualTo("in 1 min");
    assertThat(Words.bytes(1023)).isEqualTo("1023 B");
    assertThat(Words.bytes(1_500_000)).isEqualTo("1.4 MiB");
  }
}
