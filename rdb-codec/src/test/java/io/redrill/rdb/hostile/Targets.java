package io.redrill.rdb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.PassingValues;
import io.redrill.rdb.RdbBatch;
import io.redrill.rdb.RdbBatcher;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbEnvelope;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValueEncoder;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.ValueWalker;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.Lz4Frame;
import io.redrill.rdb.encoding.Lzf;
import io.redrill.rdb.encoding.Ziplist;
import io.redrill.rdb.encoding.Zipmap;
import io.redrill.rdb.salvage.Salvage;
import io.redrill.rdb.salvage.SalvageOptions;
import io.redrill.rdb.salvage.SalvageReport;
import io.redrill.rdb.salvage.SalvageWatch;
import io.redrill.rdb.spill.SpillLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What must hold whatever the bytes are, one method for each way into the codec: nothing but a
/// [FormatException] comes out, each level of reading agrees where a record ends, and what is
/// accepted can be written and read again as the same.
final class Targets {

  private static final int NEWEST_REDIS = 15;
  private static final int NEWEST_VALKEY = 81;
  private static final int SMALL_BUFFER_BYTES = 64;
  private static final ElementHandler NOBODY = new ElementHandler() {};
  private static final SpillLimits KEYS =
      new SpillLimits(Path.of(System.getProperty("java.io.tmpdir")), 1 << 16);
  private static final RdbCheckOptions CHECK =
      new RdbCheckOptions(RdbCheck.Depth.ELEMENTS, RdbReading.DEFAULT, 1, Optional.of(KEYS));

  private Targets() {}

  static void records(byte[] input) throws IOException {
    RdbReader reader = new RdbReader(small(input));
    while (!(reader.next() instanceof RdbRecord.End)) {
      assertThat(reader.recordOffset()).isBetween(0L, (long) input.length);
    }
  }

  private static ByteInput small(byte[] input) {
    return new ByteInput(new ByteArrayInputStream(input), "test", SMALL_BUFFER_BYTES);
  }

  /// A walk finds the same, however much of a value is held.
  static void passing(byte[] input) throws IOException {
    PassingValues.compareDigests(input);
  }

  /// Three walks in step: past each value, with its bytes, and through its elements.
  static void levels(byte[] input) throws IOException {
    ByteInput passingInput = ByteInput.of(input, "test");
    ByteInput holdingInput = small(input);
    ByteInput walkingInput = small(input);
    RdbCursor passing = new RdbCursor(passingInput);
    RdbCursor holding = new RdbCursor(holdingInput);
    RdbCursor walking = new RdbCursor(walkingInput);
    Optional<String> refusal;
    do {
      refusal = refusal(passing::next);
      assertThat(refusal(holding::next)).isEqualTo(refusal);
      assertThat(refusal(walking::next)).isEqualTo(refusal);
      if (refusal.isEmpty() && passing.isAtKey()) {
        refusal = refusal(passing::skipValue);
        Optional<String> held = refusal(holding::value);
        if (isTooLarge(held)) {
          return;
        }
        assertThat(held).isEqualTo(refusal);
        Optional<String> damage = refusal(() -> walking.walk(NOBODY));
        assertThat(walking.isValueDelimited()).isEqualTo(refusal.isEmpty());
        if (refusal.isEmpty()) {
          RdbRecord.Entry entry = holding.entry();
          assertThat(refusal(() -> RdbValues.decode(entry)).isPresent())
              .isEqualTo(damage.isPresent());
        }
      }
      assertThat(holdingInput.offset()).isEqualTo(passingInput.offset());
      assertThat(walkingInput.offset()).isEqualTo(passingInput.offset());
      assertThat(walking.recordOffset()).isEqualTo(passing.recordOffset());
      assertThat(walking.db()).isEqualTo(passing.db());
    } while (refusal.isEmpty() && !(passing.record() instanceof RdbRecord.End));
  }

  /// A claim that no array could hold is refused before its bytes are looked for.
  private static boolean isTooLarge(Optional<String> refusal) {
    return refusal.filter(text -> text.contains("larger than 2 GiB")).isPresent();
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static Optional<String> refusal(Reading reading) throws IOException {
    try {
      reading.run();
      return Optional.empty();
    } catch (FormatException e) {
      return Optional.of(e.toString());
    }
  }

  static void check(byte[] input) throws IOException {
    RdbCheckReport report = RdbCheck.checkFile(ByteInput.of(input, "test"));
    if (report.isSound()) {
      assertThat(RdbCheck.checkFile(ByteInput.of(rewritten(input), "test")).digest())
          .isEqualTo(report.digest());
    }
  }

  /// The sound RDB `input` with every value encoded anew.
  private static byte[] rewritten(byte[] input) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(input, "test"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int version = newest(reader.header().dialect());
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(version));
    RdbRecord record;
    do {
      record = reader.next();
      if (record instanceof RdbRecord.Entry entry) {
        writer.write(entry.db(), entry.key(), entry.expireAtMillis(), RdbValues.decode(entry));
      } else {
        writer.write(record);
      }
    } while (!(record instanceof RdbRecord.End));
    return out.toByteArray();
  }

  private static int newest(RdbDialect dialect) {
    return dialect == RdbDialect.VALKEY ? NEWEST_VALKEY : NEWEST_REDIS;
  }

  /// Batches hold the records that a walk through the whole finds, and end as it does.
  static void batches(byte[] input) throws IOException {
    RdbCursor whole = new RdbCursor(ByteInput.of(input, "test"));
    RdbBatcher batcher = new RdbBatcher(small(input), RdbReading.DEFAULT.holding(200), 100);
    Optional<RdbBatch> batch = batcher.next();
    while (batch.isPresent()) {
      RdbCursor part = batch.get().cursor();
      while (part.next() != RdbCursor.Step.END) {
        whole.next();
        assertThat(part.recordOffset()).isEqualTo(whole.recordOffset());
        assertThat(part.db()).isEqualTo(whole.db());
      }
      if (batcher.largeValue().isPresent()) {
        RdbCursor large = batcher.largeValue().get();
        whole.next();
        assertThat(large.recordOffset()).isEqualTo(whole.recordOffset());
        assertThat(large.db()).isEqualTo(whole.db());
        Optional<String> damage = refusal(() -> whole.walk(NOBODY));
        if (isTooLarge(damage)) {
          return;
        }
        assertThat(refusal(() -> large.walk(NOBODY))).isEqualTo(damage);
        if (!large.isValueDelimited()) {
          return;
        }
      }
      Optional<String> refusal = refusal(batcher::header);
      assertThat(refusal).isEmpty();
      batch = batcher.next();
    }
    assertThat(whole.next()).isEqualTo(RdbCursor.Step.END);
    assertThat(batcher.end()).isEqualTo(whole.record());
  }

  /// The first byte chooses type and dialect.
  static void value(byte[] input, Way.Choice choice) throws IOException {
    if (input.length > 0) {
      RdbDialect dialect = (input[0] & 0x80) == 0 ? RdbDialect.REDIS : RdbDialect.VALKEY;
      Optional<RdbType> type = RdbType.of(input[0] & 0x7f, dialect);
      if (type.filter(choice::takes).isPresent()) {
        byte[] stored = Arrays.copyOfRange(input, 1, input.length);
        RdbValue value = RdbValues.decode(type.get(), stored);
        new ValueWalker().walk(type.get(), ByteSlice.of(stored), NOBODY);
        if (areDistinct(value)) {
          RdbValueEncoder.Encoded encoded = new RdbValueEncoder(newest(dialect)).encode(value);
          assertThat(digest(RdbValues.decode(encoded.type(), encoded.value())))
              .isEqualTo(digest(value));
        }
      }
    }
  }

  /// A value that holds a member twice is found damaged by a check, and cannot be encoded anew.
  private static boolean areDistinct(RdbValue value) {
    return switch (value) {
      case RdbValue.SetValue set -> areDistinct(set.members().stream());
      case RdbValue.HashValue hash ->
          areDistinct(hash.fields().stream().map(RdbValue.HashValue.Field::field));
      case RdbValue.SortedSetValue set ->
          areDistinct(set.members().stream().map(RdbValue.SortedSetValue.Member::member));
      default -> true;
    };
  }

  private static boolean areDistinct(Stream<byte[]> elements) {
    Set<List<Byte>> seen = new HashSet<>();
    return elements.allMatch(element -> seen.add(boxed(element)));
  }

  private static List<Byte> boxed(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return List.of(boxed);
  }

  private static DatasetDigest digest(RdbValue value) throws IOException {
    DatasetDigest digest = new DatasetDigest();
    digest.add(0, new byte[] {'k'}, RdbRecord.Entry.NO_EXPIRY, value);
    return digest;
  }

  static void dump(byte[] input) throws IOException {
    DumpPayload payload = DumpPayload.parse(input);
    RdbValues.decode(payload.type(), payload.value());
    int version = (input[input.length - 10] & 0xff) | (input[input.length - 9] & 0xff) << 8;
    DumpPayload again = DumpPayload.parse(payload.bytes(version));
    assertThat(again.type()).isEqualTo(payload.type());
    assertThat(again.value()).isEqualTo(payload.value());
    assertThat(again.metadata()).isEqualTo(payload.metadata());
  }

  static void listpack(byte[] input) throws IOException {
    List<byte[]> elements = Listpack.parse(input).elements();
    assertThat(Listpack.of(elements).elements())
        .usingElementComparator(Arrays::compare)
        .isEqualTo(elements);
  }

  static void ziplist(byte[] input) throws IOException {
    Ziplist.elements(input);
  }

  static void zipmap(byte[] input) throws IOException {
    Zipmap.elements(input);
  }

  static void intset(byte[] input) throws IOException {
    Intset set = Intset.parse(input);
    for (int i = 1; i < set.size(); i++) {
      assertThat(set.get(i)).isGreaterThan(set.get(i - 1));
    }
  }

  /// The first two bytes are the claimed length.
  static void lzf(byte[] input) throws IOException {
    if (input.length >= 2) {
      int length = (input[0] & 0xff) << 8 | (input[1] & 0xff);
      byte[] plain = Lzf.decode(Arrays.copyOfRange(input, 2, input.length), length);
      byte[] packed = Lzf.encode(plain, plain.length);
      assertThat(packed.length == 0 ? plain : Lzf.decode(packed, length)).isEqualTo(plain);
    }
  }

  static void lz4(byte[] input) throws IOException {
    try (InputStream frame = new Lz4Frame(new ByteArrayInputStream(input), "test")) {
      frame.transferTo(OutputStream.nullOutputStream());
    }
  }

  static void envelope(byte[] input) throws IOException {
    try (InputStream rdb =
        RdbEnvelope.open(new ByteArrayInputStream(input), "test", (packed, _) -> packed).rdb()) {
      RdbCheck.checkFile(new ByteInput(rdb, "test"));
    }
  }

  static void salvage(byte[] input) throws IOException {
    Path source = Files.createTempFile("salvage", ".rdb");
    try {
      Files.write(source, input);
      SalvageReport report =
          Salvage.survey(source, SalvageOptions.defaults(KEYS), SalvageWatch.NOBODY);
      if (report.keys() > 0) {
        ByteArrayOutputStream salvaged = new ByteArrayOutputStream();
        Salvage.write(source, report, salvaged, SalvageWatch.NOBODY);
        RdbCheckReport check =
            RdbCheck.checkFile(ByteInput.of(salvaged.toByteArray(), "salvaged"), CHECK);
        assertThat(check.isSound()).as("%s", check.findings()).isTrue();
        assertThat(check.entryCount()).isEqualTo(report.keys());
      }
    } finally {
      Files.deleteIfExists(source);
    }
  }
}
