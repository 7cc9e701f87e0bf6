package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosedTogetherTest {

  @Test
  void closesEachOnceThoughOthersFail() throws IOException {
    List<Integer> closed = new ArrayList<>();
    ClosedTogether all = new ClosedTogether();
    for (int i = 0; i < 5; i++) {
      int number = i;
      all.add(() -> {
        closed.add(number);
        if (number == 1) {
          throw new IOException("one");
        }
        if (number == 3) {
          throw new IllegalStateException("three");
        }
      });
    }

    assertThatThrownBy(all::close)
        .hasMessage("three")
        .satisfies(e ->
            assertThat(e.getSuppressed()).extracting(Throwable::getMessage).containsExactly("one"));
    assertThat(closed).containsExactly(4, 3, 2, 1, 0);
    all.close();
    assertThat(closed).hasSize(5);
  }
}
