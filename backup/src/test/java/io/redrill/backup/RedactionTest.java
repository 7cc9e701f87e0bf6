package io.redrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

  @ParameterizedTest
  @CsvSource({
    "redis://user:secret@host:6379/0, redis://***@host:6379/0",
    "redis://:secret@host, redis://***@host",
    "redis://user:se:cr@e/t@host, redis://***@host",
    "bad URL 'rediss://u:secret@h' there, bad URL 'rediss://***@h' there",
    "redis://user@host:6379, redis://user@host:6379",
    "http://127.0.0.1:8379/, http://127.0.0.1:8379/",
    "s3://bucket/a:b, s3://bucket/a:b",
    "no URL: user:secret@host, no URL: user:secret@host"
  })
  void takesOutWhatStandsBeforeTheHost(String text, String expected) {
    assertThat(Redaction.withoutPasswords(text)).isEqualTo(expected);
  }

  @Test
  void isDoneToTheContextOfEveryFailure() {
    RedrillException e =
        new RedrillException(ErrorCode.BAD_NAME, "name", "http://user:secret@host");

    assertThat(e.context()).containsEntry("name", "http://***@host");
    assertThat(e).hasMessageNotContaining("secret");
  }
}
