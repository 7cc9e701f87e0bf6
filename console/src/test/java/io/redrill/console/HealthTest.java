package io.redrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

  @Test
  void aNightWithoutTroubleIsHealthy() {
    assertThat(Health.of(StatusSamples.well()).problems()).isEmpty();
  }

  @Test
  void everythingThatEndangersRecoveryIsNamed() {
    assertThat(Health.of(StatusSamples.trouble()).problems())
        .extracting(Health.Problem::sentence)
        .anySatisfy(sentence ->
            assertThat(sentence)
                .isEqualTo("the newest recovery point is 3 h old, the objective is 1 min"))
        .anySatisfy(sentence -> assertThat(sentence).startsWith("the log is not being archived"))
        .anySatisfy(sentence -> assertThat(sentence).startsWith("nothing can be restored yet"))
        .anySatisfy(sentence -> assertThat(sentence).startsWith("the last drill failed: E5108"))
        .hasSize(4);
  }

  @Test
  void anUnreadableRepositoryIsOneProblemAndNotAlsoAMissingSnapshot() {
    Status well = StatusSamples.well();
    Status unreadable =
        new Status(
            well.now(),
            well.version(),
            well.repository(),
            Optional.of("E3001: the store does not answer"),
            List.of(StatusSamples.trouble().sources().get(1)),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    assertThat(Health.of(unreadable).problems())
        .containsExactly(
            new Health.Problem(
                "repository", "the repository cannot be read: E3001: the store does not answer"));
  }
}
