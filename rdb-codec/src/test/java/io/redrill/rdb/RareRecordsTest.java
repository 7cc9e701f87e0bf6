package io.redrill.rdb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.check.RdbCheckReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Records that no server at hand writes, or writes in such an order, each put together byte by
/// byte.
class RareRecordsTest {

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

  @Test
  void aValueThatWasPassedOverIsNotThere() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0011").key(0, "a").text("1").key(0, "b").text("2").endUnchecked();
    RdbCursor cursor = new RdbCursor(ByteInput.of(file, "file"));
    cursor.next();
    cursor.skipValue();
    assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::entry).isInstanceOf(IllegalStateException.class);
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.KEY);
    assertThat(cursor.value().toByteArray()).containsExactly(1, '2');
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.END);
    assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWriterLeavesHintsOutAndRefusesCommands() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
    writer.write(new RdbRecord.Verbatim(107, new byte[] {5}));
    assertThatThrownBy(() -> writer.write(new RdbRecord.Verbatim(242, new byte[] {'*', '0'})))
        .isInstanceOf(TargetTooOldException.class);
    writer.end();
    assertThat(RareForms.records(out.toByteArray()))
        .singleElement()
        .isInstanceOf(RdbRecord.End.class);
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

  @Test
  void carriesWhatModulesKeepAboutAKey() throws IOException {
    RdbBytes metadata =
        new RdbBytes()
            .put(2)
            .little(4, 0x12345678)
            .put(5)
            .text("text")
            .put(2, 5, 0)
            .little(4, 1)
            .put(4)
            .little(8, 0)
            .put(0);
    byte[] file =
        RdbBytes.file("REDIS0013")
            .put(254, 0, 252)
            .little(8, 1_900_000_000_000L)
            .put(249, 200, 243)
            .raw(metadata.bytes())
            .key(0, "k")
            .text("v")
            .key(0, "without")
            .text("v")
            .end();

    List<RdbRecord> records = RareForms.records(file);

    RdbRecord.Entry entry = (RdbRecord.Entry) records.get(1);
    assertThat(entry.metadata()).isEqualTo(metadata.bytes());
    assertThat(entry.expireAtMillis()).isEqualTo(1_900_000_000_000L);
    assertThat(entry.frequency()).isEqualTo(200);
    assertThat(((RdbRecord.Entry) records.get(2)).metadata()).isEmpty();
    assertThat(RdbVersions.oldestHolding(entry)).isEqualTo(13);
    assertThat(RdbVersions.oldestHolding(records.get(2))).isEqualTo(10);
    assertThat(DumpPayload.parse(DumpPayload.of(entry)).metadata()).isEqualTo(metadata.bytes());
    assertThat(RareForms.rewritten(file, 13)).isEqualTo(file);
    assertThat(RareForms.check(file).isSound()).isTrue();
    RareForms.refusesEveryTruncation(file);
    RareForms.survivesEveryChangedByte(file);
  }

  @Test
  void carriesMetadataInADump() throws IOException {
    byte[] metadata = new RdbBytes().put(1).little(4, 1).put(2, 9, 0).bytes();
    DumpPayload payload =
        new DumpPayload(RdbType.STRING, new RdbBytes().text("v").bytes(), metadata);
    byte[] bytes = payload.bytes(13);

    DumpPayload parsed = DumpPayload.parse(bytes);

    assertThat(bytes[0]).isEqualTo((byte) 243);
    assertThat(parsed.type()).isEqualTo(RdbType.STRING);
    assertThat(parsed.metadata()).isEqualTo(metadata);
    assertThat(Spelled.of(parsed.type(), parsed.value())).isEqualTo("v");
    for (int cut = 1; cut <= metadata.length + 1; cut++) {
      byte[] damaged = new DumpPayload(RdbType.STRING, new byte[0]).bytes(13);
      byte[] beginning = new byte[damaged.length - 1 + cut];
      System.arraycopy(bytes, 0, beginning, 0, cut);
      assertThatThrownBy(() -> DumpPayload.parse(beginning)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void readsValkeysSlotImportAndCommand() throws IOException {
    byte[] file =
        RdbBytes.file("VALKEY081")
            .put(243)
            .text("0123456789012345678901234567890123456789")
            .put(2, 0, 5)
            .length(100)
            .length(16383)
            .put(254, 0)
            .key(0, "k")
            .text("v")
            .put(242)
            .ascii("*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n")
            .key(0, "l")
            .text("w")
            .end();

    List<RdbRecord> records = RareForms.records(file);

    assertThat(((RdbRecord.Verbatim) records.get(0)).opcode()).isEqualTo(243);
    assertThat(((RdbRecord.Verbatim) records.get(3)).payload())
        .asString(US_ASCII)
        .isEqualTo("*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n");
    assertThat(records.get(4)).isInstanceOf(RdbRecord.Entry.class);
    assertThat(RareForms.rewritten(file, 81)).isEqualTo(file);
    assertThat(RareForms.check(file).isSound()).isTrue();
    assertThat(RareForms.sentences(file)).singleElement().asString().contains("only Valkey 9.2");
    RareForms.refusesEveryTruncation(file);
    RareForms.survivesEveryChangedByte(file);
  }

  @Test
  void passesOverAFunctionOfACandidateAndFieldsOfEnterprise() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0010")
            .put(246)
            .texts("name", "LUA")
            .put(1)
            .texts("what it does", "return 1")
            .put(246)
            .texts("short", "LUA")
            .put(0)
            .text("return 2")
            .put(254, 0, 121)
            .length(12_000)
            .put(252)
            .little(8, 1_900_000_000_000L)
            .put(107)
            .length(70_000)
            .key(0, "k")
            .text("v")
            .end();

    List<RdbRecord> records = RareForms.records(file);

    assertThat(records)
        .filteredOn(record -> record instanceof RdbRecord.Verbatim)
        .extracting(record -> ((RdbRecord.Verbatim) record).opcode())
        .containsExactly(246, 246, 121, 107);
    // The expiry holds, although another record stands between it and its key.
    assertThat(records)
        .filteredOn(record -> record instanceof RdbRecord.Entry)
        .extracting(record -> ((RdbRecord.Entry) record).expireAtMillis())
        .containsExactly(1_900_000_000_000L);
    assertThat(RareForms.sentences(file))
        .hasSize(4)
        .first()
        .asString()
        .contains("release candidate of Redis 7.0");
    assertThat(RareForms.check(file).isSound()).isTrue();
    RareForms.refusesEveryTruncation(file);
    RareForms.survivesEveryChangedByte(file);
  }

  @Test
  void refusesASlotThatDoesNotExist() throws IOException {
    byte[] sound = slotInfo(16383);
    assertThat(RareForms.check(sound).findings()).isEmpty();
    assertThat(RareForms.rewritten(sound, 12)).isEqualTo(sound);
    RareForms.refusesEveryTruncation(sound);

    for (long slot : new long[] {16384, 1L << 40, -1}) {
      assertThatThrownBy(() -> RareForms.records(slotInfo(slot)))
          .isInstanceOf(CorruptInputException.class)
          .hasMessageContaining("there are slots 0 to 16383 only");
    }
  }

  private static byte[] slotInfo(long slot) {
    return RdbBytes.file("REDIS0012")
        .put(254, 0, 244)
        .length(slot)
        .put(1, 0)
        .key(0, "k")
        .text("v")
        .end();
  }

  /// Aux fields between keys and of one name twice, databases again and beyond fifteen, functions
  /// at the end.
  @Test
  void takesRecordsInAnyOrder() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0010")
            .put(254)
            .length(70_000)
            .key(0, "a")
            .text("1st")
            .put(250)
            .texts("name", "old")
            .put(254, 3)
            .key(0, "b")
            .text("2nd")
            .put(250)
            .texts("name", "new")
            .put(250)
            .texts("", "")
            .put(254)
            .length(70_000)
            .put(251, 0)
            .length(-1)
            .key(0, "c")
            .text("3rd")
            .put(245)
            .text("#!lua name=f\n")
            .end();

    RdbCheckReport report = RareForms.check(file);

    assertThat(report.findings()).isEmpty();
    assertThat(report.aux()).containsEntry("name", "new").containsEntry("", "");
    assertThat(report.digest().keys()).isEqualTo(3);
    assertThat(RareForms.records(file))
        .filteredOn(record -> record instanceof RdbRecord.Entry)
        .extracting(record -> ((RdbRecord.Entry) record).db())
        .containsExactly(70_000, 3, 70_000);
    assertThat(RareForms.rewritten(file, 10)).isEqualTo(file);
    RareForms.refusesEveryTruncation(file);
    RareForms.survivesEveryChangedByte(file);
  }

  @Test
  void takesFunctionsWithoutKeys() throws IOException {
    byte[] file = RdbBytes.file("REDIS0010").put(245).text("#!lua name=f\n").end();

    assertThat(RareForms.check(file).isSound()).isTrue();
    assertThat(RareForms.rewritten(file, 10)).isEqualTo(file);
    RareForms.refusesEveryTruncation(file);
  }

  @Test
  void readsExpiriesInSeconds() throws IOException {
    byte[] file =
        RdbBytes.file("REDIS0002")
            .put(254, 0, 253)
            .little(4, 1_700_000_000)
            .key(0, "k")
            .text("v")
            .put(253)
            .little(4, -5)
            .key(0, "l")
            .text("v")
            .put(255)
            .bytes();

    assertThat(RareForms.records(file))
        .filteredOn(record -> record instanceof RdbRecord.Entry)
        .extracting(record -> ((RdbRecord.Entry) record).expireAtMillis())
        .containsExactly(1_700_000_000_000L, -5_000L);
    RareForms.refusesEveryTruncation(file);
  }

  @Test
  void saysThatThereIsNoChecksum() throws IOException {
    byte[] file = RdbBytes.file("REDIS0011").endUnchecked();

    RdbCheckReport report = RareForms.check(file);

    assertThat(report.isSound()).isTrue();
    assertThat(report.end().orElseThrow().checksum()).isEqualTo(RdbRecord.Checksum.UNCHECKED);
    assertThat(RareForms.sentences(file)).singleElement().asString().contains("without a checksum");
    RareForms.refusesEveryTruncation(file);
  }

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
    "REDIS0099, no dialect of RDB has version 99",
    "VALKEY079, no dialect of RDB has version 79",
    "REDIS0000, no dialect of RDB has version 0",
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

  private static String completed(RdbRecord record) throws IOException {
    RdbRecord.Entry entry = (RdbRecord.Entry) record;
    return entry.type() + " " + Spelled.of(entry.type(), entry.value());
  }
}
