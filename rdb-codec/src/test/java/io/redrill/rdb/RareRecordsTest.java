package io.redrill.rdb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.check.RdbCheckReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Records that no server at hand writes, or writes in such an order, each put together byte by
/// byte.
class RareRecordsTest {

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

  @Test
  void saysWhatTheFileEndsInside() throws IOException {
    byte[] cut = Arrays.copyOf(slotInfo(16383), 14);

    assertThatThrownBy(() -> RareForms.records(cut))
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("the file ends inside a slot's size");
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
}
