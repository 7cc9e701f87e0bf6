package io.redrill.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespReply;
import io.redrill.verify.DrillAssertion.Expected;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DrillAssertionTest {

  @Test
  void equalTextIsTheWholeReply() {
    assertThat(new Expected.Equal("12").accepts("12")).isTrue();
    assertThat(new Expected.Equal("12").accepts("123")).isFalse();
  }

  @Test
  void aPatternIsFoundAnywhere() {
    assertThat(new Expected.Matching(Pattern.compile("o+p")).accepts("shoop")).isTrue();
    assertThat(new Expected.Matching(Pattern.compile("^o+p")).accepts("shoop")).isFalse();
  }

  @Test
  void aRangeTakesNumbersOnly() {
    Expected range = new Expected.Between(-5, 100);

    assertThat(List.of("-5", "0", "100")).allMatch(range::accepts);
    assertThat(List.of("-6", "101", "", "ten", "1e1", "(nil)", "99999999999999999999"))
        .noneMatch(range::accepts);
  }

  @Test
  void repliesHaveOneTextEach() {
    RespReply array =
        new RespReply.ArrayReply(
            List.of(
                new RespReply.BulkString("a".getBytes(UTF_8)),
                new RespReply.NullReply(),
                new RespReply.IntegerReply(-7)));

    assertThat(AssertionCheck.text(array)).isEqualTo("a\n(nil)\n-7");
    assertThat(AssertionCheck.text(new RespReply.ErrorReply("ERR no"))).isEqualTo("(error) ERR no");
    assertThat(AssertionCheck.text(new RespReply.SimpleString("OK"))).isEqualTo("OK");
  }

  @Test
  void aCommandIsNeeded() {
    assertThatThrownBy(() -> new DrillAssertion("none", 0, List.of(), new Expected.Equal("")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
