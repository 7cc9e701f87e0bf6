package io.redrill.rdb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.encoding.ListpackBuilder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Value types that no server at hand writes, each put together byte by byte: what they decode to,
/// where they end, that they are written again as they were, and that damage in them is refused.
class RareValuesTest {

  private static final long T = 1_900_000_000_000L;

  /// A value of type `number`, of which a walk says `words`.
  record Form(String name, String header, int number, byte[] value, String words) {
    @Override
    public String toString() {
      return name;
    }

    int version() {
      return Integer.parseInt(header.replaceAll("[A-Z]+", ""));
    }
  }

  static Stream<Form> forms() {
    return Stream.of(
        new Form(
            "hash with expiring fields of a candidate of 7.4",
            "REDIS0012",
            22,
            new RdbBytes().put(2).length(T).texts("f", "1").length(0).texts("g", "22").bytes(),
            "f=1@" + T + " g=22"),
        new Form(
            "packed hash with expiring fields of a candidate of 7.4",
            "REDIS0012",
            23,
            new RdbBytes().blob(listpack("f", "1", T, "g", "2", 0L)).bytes(),
            "f=1@" + T + " g=2"),
        new Form(
            "stream with idempotence",
            "REDIS0013",
            26,
            stream().raw(group(-1, 1, 1).bytes()).raw(idempotence().bytes()).bytes(),
            "1000-0 f=v1 1001-0 g=v2 length:2 last:1001-0 first:1000-0 deleted:900-1 added:5"
                + " group:grp,1001-0,-1 pending:1000-0,1700,3 consumer:c,1701,-1 its:1000-0"
                + " remember:100,200 producer:p message:m1,1000-0 producer:idle counts:7,2"),
        new Form(
            "stream with entries given back",
            "REDIS0014",
            27,
            stream()
                .raw(group(2, 2, 1).length(1).id(1001, 0).bytes())
                .raw(idempotence().bytes())
                .bytes(),
            "1000-0 f=v1 1001-0 g=v2 length:2 last:1001-0 first:1000-0 deleted:900-1 added:5"
                + " group:grp,1001-0,2 pending:1000-0,1700,3 pending:1001-0,1700,3"
                + " consumer:c,1701,-1 its:1000-0 nobody's:1001-0"
                + " remember:100,200 producer:p message:m1,1000-0 producer:idle counts:7,2"),
        new Form(
            "array",
            "REDIS0014",
            28,
            new RdbBytes()
                .put(5, 1)
                .length(1L << 33)
                .put(0, 0)
                .text("a long text")
                .put(3, 1)
                .little(8, -5)
                .put(7, 2)
                .little(8, Double.doubleToRawLongBits(2.5))
                .length(1L << 32)
                .put(3)
                .text("short")
                .length(-2)
                .put(0, 0)
                .bytes(),
            "next:8589934592 0=text:a long text 3=whole:-5 7=double:2.5 4294967296=text:short -2=text:"),
        new Form(
            "array that does not say where to insert",
            "REDIS0014",
            28,
            new RdbBytes().put(1, 0, 9, 3).text("x").bytes(),
            "9=text:x"),
        new Form(
            "packed hash with names as a listpack",
            "REDIS0015",
            29,
            new RdbBytes().put(0).blob(listpack("a", "bb")).blob(listpack(7L, "1", "two")).bytes(),
            "a=1 bb=two"),
        new Form(
            "packed hash with names as strings",
            "REDIS0015",
            29,
            new RdbBytes().put(1, 2).texts("a", "bb").blob(listpack(7L, "1", "two")).bytes(),
            "a=1 bb=two"),
        new Form(
            "hash with names as a listpack",
            "REDIS0015",
            31,
            new RdbBytes().put(0).blob(listpack("a", "bb")).texts("1", "two").bytes(),
            "a=1 bb=two"),
        new Form(
            "hash with names as strings",
            "REDIS0015",
            31,
            new RdbBytes().put(1, 2).texts("a", "bb").texts("1", "two").bytes(),
            "a=1 bb=two"),
        new Form("rate limiter", "REDIS0015", 33, new RdbBytes().length(T).bytes(), "opaque:GCRA"),
        new Form(
            "scheduled script of KeyDB",
            "REDIS0009",
            64,
            new RdbBytes()
                .text("return 1")
                .little(8, T)
                .little(8, 5000)
                .put(1)
                .text("k")
                .put(2)
                .texts("x", "y")
                .bytes(),
            "opaque:CRON_KEYDB"),
        new Form(
            "hash with expiring fields of Valkey",
            "VALKEY081",
            22,
            new RdbBytes()
                .put(2)
                .texts("f", "1")
                .little(8, -1)
                .texts("g", "2")
                .little(8, T)
                .bytes(),
            "f=1 g=2@" + T),
        new Form(
            "hash of hashes of Valkey",
            "VALKEY081",
            23,
            new RdbBytes()
                .put(2)
                .text("p")
                .put(1)
                .texts("f", "1")
                .text("q")
                .put(1)
                .texts("g", "2")
                .bytes(),
            "opaque:PATH_HASH_VALKEY"));
  }

  /// ... whatever stands in place of one byte of it, and wherever it is cut.
  @ParameterizedTest
  @MethodSource("forms")
  void isTheSameWhereItIsNotHeld(Form form) throws IOException {
    byte[] file = file(form);
    PassingValues.compare(file);
    for (int at = 11; at < file.length - 8; at++) {
      for (int probe : new int[] {0x00, 0x01, 0x40, 0x80, 0xc3, 0xff}) {
        byte[] changed = file.clone();
        Arrays.fill(changed, file.length - 8, file.length, (byte) 0);
        changed[at] = (byte) probe;
        PassingValues.compare(changed);
      }
      PassingValues.compare(Arrays.copyOf(file, at));
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void decodesToWhereItEnds(Form form) throws IOException {
    RdbCursor cursor = new RdbCursor(ByteInput.of(file(form), "rare"));
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.RECORD);
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.KEY);

    assertThat(cursor.recordOffset()).isEqualTo(11);
    assertThat(cursor.valueOffset()).isEqualTo(11 + 1 + 5);
    assertThat(cursor.type().number()).isEqualTo(form.number());
    assertThat(cursor.value().toByteArray()).isEqualTo(form.value());
    assertThat(Spelled.of(cursor)).isEqualTo(form.words());
    assertThat(Spelled.of(cursor.type(), cursor.entry().value())).isEqualTo(form.words());
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.KEY);
    assertThat(cursor.recordOffset()).isEqualTo(17 + form.value().length);
    assertThat(cursor.key().toByteArray()).isEqualTo("next".getBytes(US_ASCII));
    assertThat(cursor.next()).isEqualTo(RdbCursor.Step.END);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void decodesIntoAValueThatIsTheSame(Form form) throws IOException {
    RdbType type = RdbType.of(form.number(), RdbDialect.ofVersion(form.version())).orElseThrow();

    RdbValue value = RdbValues.decode(type, form.value());
    RdbValueEncoder.Encoded again = new RdbValueEncoder(form.version()).encode(value);

    assertThat(Spelled.of(value)).isEqualTo(form.words());
    assertThat(Spelled.of(again.type(), again.value())).isEqualTo(form.words());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isWrittenAgainByteForByte(Form form) throws IOException {
    assertThat(RareForms.rewritten(file(form), form.version())).isEqualTo(file(form));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isSound(Form form) throws IOException {
    var report = RareForms.check(file(form));

    assertThat(report.findings()).noneMatch(finding -> finding.severity() != Severity.INFO);
    assertThat(report.isSound()).isTrue();
    assertThat(report.digest().keys()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isCarriedInADump(Form form) throws IOException {
    RdbType type = RdbType.of(form.number(), RdbDialect.ofVersion(form.version())).orElseThrow();

    DumpPayload payload =
        DumpPayload.parse(new DumpPayload(type, form.value()).bytes(form.version()));

    assertThat(payload.type()).isEqualTo(type);
    assertThat(Spelled.of(payload.type(), payload.value())).isEqualTo(form.words());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isRefusedWhereItIsDamaged(Form form) throws IOException {
    RareForms.refusesEveryTruncation(file(form));
    RareForms.survivesEveryChangedByte(file(form));
  }

  /// A file of each form.
  static List<byte[]> files() {
    return forms().map(RareValuesTest::file).toList();
  }

  private static byte[] file(Form form) {
    return RdbBytes.file(form.header())
        .put(Opcode.SELECT_DB, 0)
        .key(form.number(), "rare")
        .raw(form.value())
        .key(0, "next")
        .text("v")
        .end();
  }

  /// Numbers become integers, texts strings.
  static byte[] listpack(Object... elements) {
    ListpackBuilder builder = new ListpackBuilder();
    for (Object element : elements) {
      switch (element) {
        case Long number -> builder.add(number);
        default -> builder.add(element.toString().getBytes(US_ASCII));
      }
    }
    return builder.build().bytes();
  }

  /// A stream's nodes and what it says about itself.
  private static RdbBytes stream() {
    List<Object> node =
        List.of(
            2L, 0L, 1L, "f", 0L, //
            2L, 0L, 0L, "v1", 4L, //
            0L, 1L, 0L, 1L, "g", "v2", 6L);
    return new RdbBytes()
        .put(1)
        .length(16)
        .id(1000, 0)
        .blob(listpack(node.toArray()))
        .put(2)
        .length(1001)
        .put(0)
        .length(1000)
        .put(0)
        .length(900)
        .put(1, 5);
  }

  /// One group, of whose `pending` entries its consumer has `owned`.
  private static RdbBytes group(long entriesRead, int pending, int owned) {
    RdbBytes group =
        new RdbBytes().put(1).text("grp").length(1001).put(0).length(entriesRead).put(pending);
    for (int i = 0; i < pending; i++) {
      group.id(1000 + i, 0).little(8, 1700).put(3);
    }
    group.put(1).text("c").little(8, 1701).little(8, -1).put(owned);
    for (int i = 0; i < owned; i++) {
      group.id(1000 + i, 0);
    }
    return group;
  }

  private static RdbBytes idempotence() {
    return new RdbBytes()
        .length(100)
        .length(200)
        .put(2)
        .text("p")
        .put(1)
        .text("m1")
        .length(1000)
        .put(0)
        .text("idle")
        .put(0)
        .put(7, 2);
  }
}
