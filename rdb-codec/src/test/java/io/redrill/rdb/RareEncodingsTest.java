package io.redrill.rdb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.encoding.ListpackBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Packed encodings in forms that no server at hand writes, and lengths longer than need be, each
/// put together byte by byte.
class RareEncodingsTest {

  /// A value and what a walk says of it.
  record Form(String name, int version, int number, byte[] value, String words) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Form> forms() {
    String long300 = "y".repeat(300);
    String long5000 = "z".repeat(5000);
    return Stream.of(
        new Form(
            "string with a length of 14 bits",
            11,
            0,
            bytes().put(0x40, 3).ascii("abc").bytes(),
            "abc"),
        new Form(
            "string with a length of 32 bits",
            11,
            0,
            bytes().put(0x80).big(4, 3).ascii("abc").bytes(),
            "abc"),
        new Form(
            "string with a length of 64 bits",
            11,
            0,
            bytes().put(0x81).big(8, 3).ascii("abc").bytes(),
            "abc"),
        new Form(
            "list with a count of 64 bits",
            11,
            1,
            bytes().put(0x81).big(8, 2).texts("a", "b").bytes(),
            "a b"),
        new Form(
            "string packed with long lengths",
            11,
            0,
            bytes().put(0xc3, 0x81).big(8, 4).put(0x80).big(4, 9).put(0, 'a', 0xc0, 0).bytes(),
            "aaaaaaaaa"),
        new Form("zipmap of 254 fields", 3, 9, bytes().blob(zipmap(254, 254)).bytes(), pairs(254)),
        new Form("zipmap of 300 fields", 3, 9, bytes().blob(zipmap(300, 254)).bytes(), pairs(300)),
        new Form("zipmap of 253 fields", 3, 9, bytes().blob(zipmap(253, 253)).bytes(), pairs(253)),
        new Form(
            "zipmap with long lengths and spare bytes",
            3,
            9,
            bytes()
                .blob(
                    bytes()
                        .put(2, 254)
                        .little(4, 300)
                        .ascii(long300)
                        .put(1, 2)
                        .ascii("v..")
                        .put(1)
                        .ascii("f")
                        .put(254)
                        .little(4, 254)
                        .put(0)
                        .ascii("y".repeat(254))
                        .put(255)
                        .bytes())
                .bytes(),
            long300 + "=v f=" + "y".repeat(254)),
        new Form("ziplist of 65534 elements", 9, 10, ziplist(65_534), numbers(65_534)),
        new Form("ziplist of 65535 elements", 9, 10, ziplist(65_535), numbers(65_535)),
        new Form("ziplist of 70000 elements", 9, 10, ziplist(70_000), numbers(70_000)),
        new Form(
            "ziplist of every form",
            9,
            10,
            bytes().blob(everyZiplistForm()).bytes(),
            "abc "
                + long300
                + " "
                + "w".repeat(20_000)
                + " -2 -30000 -8000000 -2000000000 -9000000000000000000 0 12"),
        new Form("listpack of 65535 elements", 11, 20, listpackSet(65_535), numbers(65_535)),
        new Form("listpack of 70000 elements", 11, 20, listpackSet(70_000), numbers(70_000)),
        new Form(
            "listpack of every form",
            11,
            20,
            bytes().blob(everyListpackForm(long5000)).bytes(),
            "127 abc -4096 "
                + long300
                + " "
                + long5000
                + " -30000 -8000000 -2000000000 -9000000000000000000 tiny"),
        new Form(
            "list of plain and packed nodes",
            11,
            18,
            bytes()
                .put(4, 1)
                .text(long5000)
                .put(2)
                .blob(RareValuesTest.listpack("a", 5L))
                .put(1, 0xc0, 0xfb, 2)
                .blob(RareValuesTest.listpack("b"))
                .bytes(),
            long5000 + " a 5 -5 b"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void decodesToWhereItEnds(Form form) throws IOException {
    RdbCursor cursor = new RdbCursor(ByteInput.of(file(form), "rare"));
    cursor.next();
    cursor.next();

    assertThat(cursor.valueOffset()).isEqualTo(17);
    assertThat(cursor.value().toByteArray()).isEqualTo(form.value());
    assertThat(Spelled.of(cursor).equals(form.words())).isTrue();
    assertThat(Spelled.of(RdbValues.decode(cursor.entry())).equals(form.words())).isTrue();
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.KEY);
    assertThat(cursor.recordOffset()).isEqualTo(17 + form.value().length);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isSoundAndWrittenAgainAsItIs(Form form) throws IOException {
    assertThat(RareForms.check(file(form)).findings()).isEmpty();
    assertThat(RareForms.check(file(form)).isSound()).isTrue();

    int version = Math.max(9, form.version());
    byte[] written = RareForms.rewritten(file(form), version);

    byte[] expected = file(new Form("", version, form.number(), form.value(), ""));
    assertThat(written).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isRefusedWhereItIsDamaged(Form form) throws IOException {
    // Of the very long ones a few places do: each means a walk of the whole.
    if (form.value().length < 50_000) {
      RareForms.refusesEveryTruncation(file(form));
    }
    if (form.value().length < 5_000) {
      RareForms.survivesEveryChangedByte(unprotected(form));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 10, 12, 13, 14, 16, 17, 18, 20, 24, 25})
  void warnsOfAnEmptyCollection(int type) throws IOException {
    byte[] empty =
        switch (type) {
          case 10, 12, 13 -> bytes().blob(ziplist(List.of())).bytes();
          case 16, 17, 20 -> bytes().blob(RareValuesTest.listpack()).bytes();
          case 24 -> bytes().little(8, 0).put(0).bytes();
          case 25 -> bytes().little(8, 0).blob(RareValuesTest.listpack()).bytes();
          default -> new byte[] {0};
        };

    var report = RareForms.check(file(new Form("", 12, type, empty, "")));

    assertThat(report.isSound()).isTrue();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Severity.WARNING);
          assertThat(finding.sentence()).contains("which servers drop");
          assertThat(finding.key()).contains("rare");
        });
  }

  /// The number of elements that the header claims is wrong by one.
  @Test
  void refusesAWrongCountOfAPackedEncoding() throws IOException {
    byte[] zipmap = zipmap(253, 252);
    byte[] ziplist = ziplist(List.of(entry(0xfe, 1), entry(0xfe, 2)));
    ziplist[8]++;

    for (Form form :
        List.of(
            new Form("zipmap", 3, 9, bytes().blob(zipmap).bytes(), ""),
            new Form("ziplist", 9, 10, bytes().blob(ziplist).bytes(), ""))) {
      assertThat(RareForms.check(file(form)).errors()).as(form.name()).isEqualTo(1);
      assertThat(RareForms.sentences(file(form)).getFirst()).contains(form.name());
    }
  }

  private static byte[] file(Form form) {
    RdbBytes file =
        RdbBytes.file("REDIS%04d".formatted(form.version()))
            .put(Opcode.SELECT_DB, 0)
            .key(form.number(), "rare")
            .raw(form.value())
            .key(0, "next")
            .text("v");
    return form.version() < 5 ? file.put(Opcode.END).bytes() : file.end();
  }

  /// The same in a version that has a checksum which can be zero.
  private static byte[] unprotected(Form form) {
    return file(new Form("", Math.max(9, form.version()), form.number(), form.value(), ""));
  }

  private static RdbBytes bytes() {
    return new RdbBytes();
  }

  private static String numbers(int count) {
    return String.join(" ", IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  private static String pairs(int count) {
    return String.join(" ", IntStream.range(0, count).mapToObj(i -> "f" + i + "=v" + i).toList());
  }

  private static byte[] zipmap(int fields, int count) {
    RdbBytes zipmap = bytes().put(count);
    for (int i = 0; i < fields; i++) {
      String text = "f" + i;
      zipmap.put(text.length()).ascii(text).put(text.length(), i % 3).ascii("v" + i);
      zipmap.raw(new byte[i % 3]);
    }
    return zipmap.put(255).bytes();
  }

  private static byte[] listpackSet(int count) {
    ListpackBuilder builder = new ListpackBuilder();
    IntStream.range(0, count).forEach(builder::add);
    return bytes().blob(builder.build().bytes()).bytes();
  }

  private static byte[] ziplist(int count) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(bytes().put(0xd0).little(4, i).bytes());
    }
    return bytes().blob(ziplist(entries)).bytes();
  }

  /// A ziplist of entries that are given without the length of their predecessor.
  private static byte[] ziplist(List<byte[]> entries) {
    RdbBytes body = bytes();
    int previous = 0;
    int tail = 10;
    for (byte[] entry : entries) {
      tail = 10 + body.size();
      if (previous < 254) {
        body.put(previous);
      } else {
        body.put(254).little(4, previous);
      }
      body.raw(entry);
      previous = 10 + body.size() - tail;
    }
    return bytes()
        .little(4, 11 + body.size())
        .little(4, tail)
        .little(2, Math.min(entries.size(), 65_535))
        .raw(body.bytes())
        .put(255)
        .bytes();
  }

  private static byte[] entry(int... bytes) {
    return bytes().put(bytes).bytes();
  }

  private static byte[] everyZiplistForm() {
    return ziplist(
        List.of(
            bytes().put(3).ascii("abc").bytes(),
            bytes().put(0x41, 0x2c).ascii("y".repeat(300)).bytes(),
            bytes().put(0x80).big(4, 20_000).ascii("w".repeat(20_000)).bytes(),
            bytes().put(0xfe).little(1, -2).bytes(),
            bytes().put(0xc0).little(2, -30_000).bytes(),
            bytes().put(0xf0).little(3, -8_000_000).bytes(),
            bytes().put(0xd0).little(4, -2_000_000_000).bytes(),
            bytes().put(0xe0).little(8, -9_000_000_000_000_000_000L).bytes(),
            entry(0xf1),
            entry(0xfd)));
  }

  /// Each entry is followed by its own length, to be read from the right.
  private static byte[] everyListpackForm(String long5000) {
    RdbBytes body =
        bytes()
            .put(127, 1)
            .put(0x83)
            .ascii("abc")
            .put(4)
            .put(0xd0, 0x00, 2)
            .put(0xe1, 0x2c)
            .ascii("y".repeat(300))
            .put(302 >>> 7, 0xae)
            .put(0xf0)
            .little(4, 5000)
            .raw(long5000.getBytes(US_ASCII))
            .put(5005 >>> 7, 0x8d)
            .put(0xf1)
            .little(2, -30_000)
            .put(3)
            .put(0xf2)
            .little(3, -8_000_000)
            .put(4)
            .put(0xf3)
            .little(4, -2_000_000_000)
            .put(5)
            .put(0xf4)
            .little(8, -9_000_000_000_000_000_000L)
            .put(9)
            // A string that would have had room in a shorter form.
            .put(0xf0)
            .little(4, 4)
            .ascii("tiny")
            .put(9);
    return bytes().little(4, 7 + body.size()).little(2, 10).raw(body.bytes()).put(255).bytes();
  }
}
