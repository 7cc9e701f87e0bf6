package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Versions and types that no server at hand writes, and those that nobody can read.
class RareVersionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"REDIS0016", "REDIS0079", "VALKEY082"})
  void readsNewerVersionsUpToTheFirstUnknownRecord(String header) throws IOException {
    byte[] known = RdbBytes.file(header).put(254, 0).key(0, "k").text("v").end();
    assertThat(RareForms.check(known).isSound()).isTrue();
    assertThat(RareForms.sentences(known)).singleElement().asString().contains("newer than known");
    RareForms.refusesEveryTruncation(known);

    byte[] unknown = RdbBytes.file(header).put(254, 0).key(99, "new").text("v").end();
    assertThatThrownBy(() -> RareForms.records(unknown))
        .isInstanceOfSatisfying(
            TooNewException.class,
            e -> {
              assertThat(e.problem()).isEqualTo("unknown value type 99");
              assertThat(e.offset()).isEqualTo(11);
              assertThat(e.key()).contains("new");
            });
    assertThat(RareForms.check(unknown).isSound()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "REDIS0099, no known server writes RDB version 99",
    "VALKEY079, no known server writes RDB version 79",
    "REDIS0000, no known server writes RDB version 0",
    "REDIS00x1, the version of the RDB is no number",
    "RADIS0011, begins with another magic"
  })
  void refusesHeadersOfNoDialect(String header, String sentence) throws IOException {
    byte[] file = RdbBytes.file(header).end();

    assertThatThrownBy(() -> RareForms.records(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(sentence);
    assertThat(RareForms.check(file).isSound()).isFalse();
  }

  /// Numbers that one dialect has and the other not.
  @ParameterizedTest
  @CsvSource({
    "REDIS0015, 6, Redis 4.0",
    "REDIS0015, 8, unknown value type 8",
    "REDIS0015, 34, unknown value type 34",
    "REDIS0015, 241, unknown value type 241",
    "VALKEY081, 24, unknown value type 24",
    "VALKEY081, 64, unknown value type 64"
  })
  void namesTypesThatNobodyCanRead(String header, int type, String sentence) {
    byte[] file = RdbBytes.file(header).put(254, 0).key(type, "strange").text("v").end();

    assertThatThrownBy(() -> RareForms.records(file))
        .isInstanceOfSatisfying(
            FormatException.class,
            e -> {
              assertThat(e.problem()).contains(sentence);
              assertThat(e.key()).contains("strange");
              assertThat(e.offset()).isEqualTo(11);
            });
  }

  @Test
  void namesAnUnknownTypeWhateverFollows() {
    for (byte[] rest : new byte[][] {{}, {(byte) 0x90}, {1}, {(byte) 0xc3, 1, 1, 0}}) {
      byte[] file = RdbBytes.file("REDIS0015").put(99).raw(rest).bytes();
      assertThatThrownBy(() -> RareForms.records(file))
          .isInstanceOf(TooNewException.class)
          .hasMessageContaining("unknown value type 99");
    }
    byte[] enterprise = RdbBytes.file("REDIS0009").put(101, 1, 'x').bytes();
    assertThatThrownBy(() -> RareForms.records(enterprise))
        .isInstanceOf(TooNewException.class)
        .hasMessageContaining("opcode 101 of Redis Enterprise");
  }
}
