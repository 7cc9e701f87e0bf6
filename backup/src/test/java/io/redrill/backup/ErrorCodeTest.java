package io.redrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

  @Test
  void everyNumberIsUsedOnce() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number))
        .doesNotHaveDuplicates()
        .allMatch(number -> number.matches("E\\d{4}"));
  }

  @Test
  void sentencesAndHintsKeepTheirForm() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(code.sentence()).as("%s", code).doesNotEndWith(".").isNotBlank();
      assertThat(code.hint()).as("%s", code).isNotBlank();
    }
  }
}
