package io.redrill.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUrlTest {

  @Test
  void namesHostPortAndUser() {
    assertThat(SourceUrl.parse("redis://db.example:6400"))
        .isEqualTo(new SourceUrl(Optional.empty(), "db.example", 6400));
    assertThat(SourceUrl.parse("redis://backup@db.example/"))
        .isEqualTo(new SourceUrl(Optional.of("backup"), "db.example", 6379));
    assertThat(SourceUrl.parse("redis://[::1]:7000").endpoint(Optional.empty()).address())
        .contains("::1");
    assertThat(SourceUrl.parse("redis://[::1]:7000").defaultName().value()).endsWith("1-7000");
    assertThat(SourceUrl.parse("redis://backup@db.example"))
        .hasToString("redis://backup@db.example:6379");
  }

  @Test
  void aPasswordIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> SourceUrl.parse("redis://backup:secret@db.example"))
        .isInstanceOfSatisfying(
            RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PASSWORD_IN_URL))
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db.example:6379",
        "http://db.example",
        "redis://",
        "redis://db.example:0",
        "redis://db.example:65536",
        "redis://db.example/3",
        "redis://db.example?x=1",
        "redis://db.example#x",
        "redis://user:se cret@db.example"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> SourceUrl.parse(text))
        .isInstanceOfSatisfying(
            RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_SOURCE_URL))
        .hasMessageNotContaining("cret");
  }
}
