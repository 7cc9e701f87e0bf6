package io.redrill.rdb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.check.RdbCheckReport;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hashes whose field names stand apart from their values, which no server at hand writes.
class RareTemplatesTest {

  @Test
  void findsTheFieldsThatHashesShare() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0015")
            .put(242, 7, 2)
            .texts("a", "bb")
            .put(242)
            .length(70_000)
            .put(1)
            .text("only")
            .put(254, 0)
            .key(30, "packed")
            .blob(RareValuesTest.listpack(7L, "1", "two"))
            .key(32, "plain")
            .put(7)
            .texts("3", "four")
            .key(32, "other")
            .length(70_000)
            .text("5")
            .end();

    List<RdbRecord> records = RareForms.records(file);

    RdbRecord.HashTemplate template = (RdbRecord.HashTemplate) records.get(0);
    assertThat(template.id()).isEqualTo(7);
    assertThat(template.fields()).containsExactly("a".getBytes(US_ASCII), "bb".getBytes(US_ASCII));
    assertThat(completed(records.get(3))).isEqualTo("HASH_TEMPLATE_LISTPACK a=1 bb=two");
    assertThat(completed(records.get(4))).isEqualTo("HASH_TEMPLATE_ARRAY a=3 bb=four");
    assertThat(completed(records.get(5))).isEqualTo("HASH_TEMPLATE_ARRAY only=5");
    RdbCheckReport report = RareForms.check(file);
    assertThat(report.isSound()).isTrue();
    assertThat(report.findings()).isEmpty();
    // Written again, each hash brings its fields with it.
    byte[] rewritten = RareForms.rewritten(file, 15);
    assertThat(RareForms.check(rewritten).digest()).isEqualTo(report.digest());
    assertThat(RareForms.records(rewritten))
        .noneMatch(record -> record instanceof RdbRecord.HashTemplate);
    RareForms.refusesEveryTruncation(file);
    RareForms.survivesEveryChangedByte(file);
  }

  private static String completed(RdbRecord record) throws IOException {
    RdbRecord.Entry entry = (RdbRecord.Entry) record;
    return entry.type() + " " + Spelled.of(entry.type(), entry.value());
  }

  @Test
  void refusesAReferenceToFieldsThatAreNotThere() throws IOException {
    byte[] file = RdbBytes.file("REDIS0015").put(254, 0).key(32, "k").put(9).text("1").end();

    assertThatThrownBy(() -> RareForms.records(file))
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            e -> {
              assertThat(e.problem()).contains("field template 9, which is not there");
              assertThat(e.key()).contains("k");
            });
  }

  @Test
  void refusesFieldsOfOneNumberTwice() {
    byte[] file =
        RdbBytes.file("REDIS0015").put(242, 7, 1).text("a").put(242, 7, 1).text("b").end();

    assertThatThrownBy(() -> RareForms.records(file))
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("the field template 7 is there twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 29, 60})
  void aTemplateThatTakesMoreThanItsRoomIsRefused(int roomBytes) throws IOException {
    byte[] template = new RdbBytes().put(7, 3).texts("", "a", "bb").bytes();
    RdbInput in = new RdbInput(ByteInput.of(template, "file"));
    assertThatThrownBy(() -> HashTemplates.read(in, roomBytes))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("field templates");

    RdbInput again = new RdbInput(ByteInput.of(template, "file"));
    assertThat(HashTemplates.read(again, 3 * 28 + 3).fields()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01 03 00 01 61 02 62 62",
        "00 10 10 00 00 00 03 00 80 01 81 61 02 82 62 62 03 ff"
      })
  void namesOfAHashThatTakeMoreThanTheirRoomAreRefused(String hex) throws IOException {
    byte[] names = HexFormat.ofDelimiter(" ").parseHex(hex);
    RdbInput in = new RdbInput(ByteInput.of(names, "file"));
    assertThat(HashTemplates.fields(in, 3 * 28 + 3))
        .extracting(String::new)
        .containsExactly("", "a", "bb");

    assertThatThrownBy(
            () -> HashTemplates.fields(new RdbInput(ByteInput.of(names, "file")), 3 * 28 + 2))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("the names of the fields of a hash");
  }
}
