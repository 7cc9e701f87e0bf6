package io.redrill.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

  @Test
  void readsTheScheduleInUtc() {
    assertThat(new Cron("0 30 3 * * ?").next(Instant.parse("2026-11-24T03:30:00Z")))
        .contains(Instant.parse("2026-11-25T03:30:00Z"));
  }

  @Test
  void knowsWhenNoTickIsLeft() {
    assertThat(new Cron("0 0 0 1 1 ? 2020").next(Instant.parse("2026-11-24T00:00:00Z"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 99 * * * ?     | 99 is above 59 in the field of the minutes
          0 0/60 * * * ?   | 60 is above 59 in the field of the minutes
          0 0 25 * * ?     | 25 is above 23 in the field of the hours
          0 0 * * *        | it has 5 fields
          0 0 0 1 1 ? 2027 x | it has 8 fields
          every day        | it has 2 fields
          0 0 0 ? * FOO    | FOO
          0 0 0 * * *      | both a day-of-week AND a day-of-month
          """)
  void saysWhatIsWrong(String expression, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Cron(expression))
        .withMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0/2 * * * * ?",
        "0 0 3 ? * MON-FRI",
        "0 0 0 L * ?",
        "0 0 0 ? * 6#3",
        "0 15 10 15W * ?"
      })
  void takesWhatQuartzTakes(String expression) {
    assertThat(new Cron(expression).next(Instant.parse("2026-11-24T00:00:00Z"))).isPresent();
  }
}
