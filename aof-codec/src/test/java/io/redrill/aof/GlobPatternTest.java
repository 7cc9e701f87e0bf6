package io.redrill.aof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobPatternTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|anything|true",
        "*|''|true",
        "''|''|true",
        "''|a|false",
        "user:*|user:1|true",
        "user:*|users:1|false",
        "h?llo|hello|true",
        "h?llo|hllo|false",
        "h[ae]llo|hallo|true",
        "h[ae]llo|hillo|false",
        "h[^e]llo|hello|false",
        "h[^e]llo|hallo|true",
        "h[a-c]llo|hbllo|true",
        "h[c-a]llo|hbllo|true",
        "h[a-c]llo|hdllo|false",
        "a\\*b|a*b|true",
        "a\\*b|axb|false",
        "a[\\]]b|a]b|true",
        "a[bc|ab|true",
        "a[bc|ad|false",
        "*a*b*c|xxaxxbxxc|true",
        "*a*b*c|xxaxxcxxb|false",
        "a**|a|true",
        "\\|\\|true"
      })
  void matchesAsServersDo(String pattern, String text, boolean expected) {
    assertThat(GlobPattern.of(pattern).matches(text.getBytes(UTF_8))).isEqualTo(expected);
  }

  @Test
  void takesNoTimeToRefuseAHostilePattern() {
    byte[] text = "a".repeat(10_000).getBytes(UTF_8);
    assertThat(GlobPattern.of("a*".repeat(500) + "b").matches(text)).isFalse();
  }
}
