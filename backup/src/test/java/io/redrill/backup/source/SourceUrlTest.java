package io.redrill.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.Tls;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUrlTest {

  @Test
  void namesHostPortAndUser() {
    assertThat(SourceUrl.parse("redis://db.example:6400"))
        .isEqualTo(new SourceUrl(Optional.empty(), "db.example", 6400, Optional.empty()));
    assertThat(SourceUrl.parse("redis://backup@db.example/"))
        .isEqualTo(new SourceUrl(Optional.of("backup"), "db.example", 6379, Optional.empty()));
    assertThat(SourceUrl.parse("redis://[::1]:7000").endpoint(Optional.empty()).address())
        .contains("::1");
    assertThat(SourceUrl.parse("redis://[::1]:7000").defaultName().value()).endsWith("1-7000");
    assertThat(SourceUrl.parse("redis://backup@db.example"))
        .hasToString("redis://backup@db.example:6379");
  }

  @Test
  void namesWhatTlsNeeds() {
    SourceUrl plain = SourceUrl.parse("rediss://db.example");
    assertThat(plain.tls()).contains(Tls.ofDefaults());
    assertThat(plain).hasToString("rediss://db.example:6379");
    assertThat(SourceUrl.isSourceUrl("rediss://db.example")).isTrue();
    assertThat(SourceUrl.isSourceUrl("redisss://db.example")).isFalse();

    SourceUrl full =
        SourceUrl.parse(
            "rediss://backup@db.example:6400?ca=pki/my%20ca+x.pem&cert=c.pem&key=k.pem&sni=redis.example&verify=no");
    Path here = Path.of("/here");
    assertThat(full.in(here).endpoint(Optional.empty()).tls())
        .contains(
            Tls.ofDefaults()
                .trusting(here.resolve("pki/my ca+x.pem"))
                .as(here.resolve("c.pem"), here.resolve("k.pem"))
                .named("redis.example")
                .withoutNameCheck());
    assertThat(SourceUrl.parse(full.toString())).isEqualTo(full);
    assertThat(full.withUser("other").toString()).startsWith("rediss://other@").contains("ca=");
    assertThat(SourceUrl.location(full.endpoint(Optional.of("s"))))
        .isEqualTo("rediss://db.example:6400");
  }

  @ParameterizedTest
  @CsvSource({
    "rediss://db.example?color=red,there is no parameter 'color'",
    "rediss://db.example?ca=,ca has no value",
    "rediss://db.example?ca=a&ca=b,given twice",
    "rediss://db.example?cert=a,go together",
    "rediss://db.example?key=a,go together",
    "rediss://db.example?verify=maybe,yes or no",
    "rediss://db.example?sni=no%20name,no host name",
    "redis://db.example?ca=a,rediss:// only"
  })
  void saysWhichParameterIsWrong(String text, String problem) {
    assertThatThrownBy(() -> SourceUrl.parse(text))
        .isInstanceOfSatisfying(
            RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_SOURCE_URL))
        .hasMessageContaining(problem);
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
