package io.redrill.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final long MEBIBYTE = 1 << 20;

  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private String printedBy(boolean interactive) {
    PrintStream messages = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Output output = new Output(messages, messages, interactive);
    try (Progress progress = new Progress(output, clock, "reading", 100 * MEBIBYTE)) {
      for (int done = 0; done <= 50; done++) {
        progress.at(done * MEBIBYTE);
        now = now.plusMillis(100);
      }
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void saysShareRateAndTimeLeft() {
    assertThat(Progress.line("reading", 25 * MEBIBYTE, 100 * MEBIBYTE, Duration.ofSeconds(5)))
        .isEqualTo("reading: 25%, 5.0 MiB/s, 15 s left");
    assertThat(Progress.line("reading", 25 * MEBIBYTE, 0, Duration.ofSeconds(5)))
        .isEqualTo("reading: 25 MiB, 5.0 MiB/s");
  }

  @Test
  void rewritesOneLineAndRemovesIt() {
    String line = printedBy(true);

    assertThat(line).contains("reading: 50%, 10 MiB/s, 5 s left").endsWith("\r\u001b[K");
    assertThat(line).doesNotContain("\n");
  }

  @Test
  void printsNothingWhereNobodyWatches() {
    assertThat(printedBy(false)).isEmpty();
  }
}
