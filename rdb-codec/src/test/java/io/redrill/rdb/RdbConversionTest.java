package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.convert.CompatReport;
import io.redrill.rdb.convert.Loss;
import io.redrill.rdb.convert.LossCount;
import io.redrill.rdb.convert.RdbConversion;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.filter.KeyGlob;
import io.redrill.rdb.filter.RdbFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every healthy file, written for every target: what can be held is what the server that wrote the
/// file said, and only what was announced is lost.
class RdbConversionTest {

  private static final long NOW = 1_800_000_000_000L;
  private static final EnumSet<Loss> EVERYTHING = EnumSet.allOf(Loss.class);

  @TempDir private Path directory;

  static Stream<Arguments> filesAndTargets() {
    return Corpus.healthyFiles().stream()
        .flatMap(file ->
            Arrays.stream(RdbTarget.values())
                .map(target ->
                    Arguments.argumentSet(
                        file.getName(file.getNameCount() - 3)
                            + "/"
                            + file.getFileName()
                            + " for "
                            + target,
                        file,
                        target)));
  }

  @ParameterizedTest
  @MethodSource("filesAndTargets")
  void holdsWhatTheServerSaid(Path file, RdbTarget target) throws IOException {
    Converted converted = convert(file, target, RdbFilter.ALL);
    List<RdbRecord> written = read(converted.bytes);
    Set<Loss> losses = converted.losses();

    assertThat(
            Truth.differences(
                known(Truth.of(written), target, losses),
                known(Truth.of(Corpus.truthOf(file)), target, losses)))
        .isEmpty();
    RdbCheckReport check = RdbCheck.check(ByteInput.of(converted.bytes, "converted"));
    assertThat(check.findings())
        .allMatch(each -> each.sentence().contains("is newer than known here"));
    assertThat(check.header().orElseThrow())
        .isEqualTo(new RdbHeader(target.dialect(), target.version()));
    assertThat(written)
        .filteredOn(RdbRecord.Entry.class::isInstance)
        .allMatch(record -> target.reads(((RdbRecord.Entry) record).type()));
  }

  /// The keys with what `target` can know about them.
  private static Map<String, String> known(
      Map<String, String> lines, RdbTarget target, Set<Loss> losses) {
    Map<String, String> known = new TreeMap<>();
    lines.forEach((key, line) -> {
      if (losses.contains(Loss.VECTOR_SETS) && line.matches("expires \\S+ module")) {
        return;
      }
      String text = line;
      if (losses.contains(Loss.FIELD_EXPIRY) && line.matches("(?s)expires \\S+ hash.*")) {
        text = text.replaceAll("@\\d+", "@-1");
      }
      if (line.matches("(?s)expires \\S+ stream.*")) {
        if (target.version() < 11) {
          text = text.replaceAll("(?m)^(consumer .* \\S+) \\S+$", "$1 ?");
        }
        if (target.version() < 10) {
          text = text.replaceFirst("stream (\\S+ \\S+) \\S+ \\S+ \\S+", "stream $1 ? ? ?");
          text = text.replaceAll("(?m)^(group .* \\S+) \\S+ pending \\[", "$1 ? pending [");
        }
      }
      known.put(key, text);
    });
    return known;
  }

  @ParameterizedTest
  @MethodSource("filesAndTargets")
  void keepsByteForByteWhatItCan(Path file, RdbTarget target) throws IOException {
    byte[] original = Files.readAllBytes(file);
    Converted converted = convert(file, target, RdbFilter.ALL);
    Map<String, String> before = entries(read(original));
    Map<String, String> after = entries(read(converted.bytes));

    long changed =
        after.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
            .count();

    assertThat(changed).isEqualTo(converted.report.targets().getFirst().encodedAnew());
    RdbHeader header = new RdbReader(ByteInput.of(original, "test")).header();
    if (header.equals(new RdbHeader(target.dialect(), target.version()))
        && converted.losses().isEmpty()) {
      int trailer = 8;
      assertThat(Arrays.copyOf(converted.bytes, converted.bytes.length - trailer))
          .isEqualTo(Arrays.copyOf(original, original.length - trailer));
    }
  }

  private static Map<String, String> entries(List<RdbRecord> records) {
    return records.stream()
        .filter(RdbRecord.Entry.class::isInstance)
        .map(RdbRecord.Entry.class::cast)
        .collect(
            Collectors.toMap(
                entry -> entry.db() + " " + Arrays.toString(entry.key()),
                entry -> RdbReaderTest.texts(List.of(entry)).getFirst()));
  }

  @ParameterizedTest
  @CsvSource({
    "redis-7.4.1, everything, redis-7.2, field-expiry",
    "redis-7.4.1, everything, redis-7.0, active-times field-expiry",
    "redis-7.4.1, everything, redis-6.2, active-times field-expiry functions stream-counts",
    "redis-7.4.1, everything, valkey-9, ''",
    "redis-7.4.1, everything, valkey-8, field-expiry",
    "redis-7.0.15, everything, redis-7.0, ''",
    "redis-7.0.15, everything, redis-6.2, functions stream-counts",
    "redis-8.0.6, vector-sets, redis-7.4, vector-sets",
    "redis-8.0.6, vector-sets, redis-8.8, ''",
    "valkey-9.1.2, everything, redis-7.4, ''",
    "valkey-9.1.2, everything, redis-7.2, field-expiry",
    "redis-2.4.18, everything, redis-6.2, ''",
    "redis-2.4.18, everything, valkey-9, ''"
  })
  void namesWhatIsLost(String server, String name, String target, String losses)
      throws IOException {
    Path end = Path.of(server, "rdb", name + ".rdb");
    Optional<Path> found =
        Corpus.healthyFiles().stream().filter(each -> each.endsWith(end)).findFirst();
    Assumptions.assumeTrue(found.isPresent(), end + " is not at hand");
    Path file = found.orElseThrow();

    Converted converted = convert(file, RdbTarget.named(target).orElseThrow(), RdbFilter.ALL);

    assertThat(converted.losses().stream().map(Loss::id).sorted().collect(Collectors.joining(" ")))
        .isEqualTo(losses);
  }

  @Test
  void refusesALossThatNobodyAccepted() throws IOException {
    Path file = write(12, key -> key.write(0, text("h"), -1, expiringHash()));
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      RdbConversion conversion = plan(source, RdbTarget.REDIS_7_2, RdbFilter.ALL);
      ByteArrayOutputStream out = new ByteArrayOutputStream();

      assertThatThrownBy(() -> conversion.write(out, Set.of(Loss.FUNCTIONS)))
          .isInstanceOf(TargetTooOldException.class)
          .hasMessageContaining("expiries of hash fields");
      assertThat(out.size()).isZero();
      LossCount lost = conversion.losses().getFirst();
      assertThat(lost.count()).isEqualTo(1);
      assertThat(lost.example().orElseThrow()).hasToString("db 0 h");
    }
  }

  @Test
  void surveysOnlyWhatIsKept() throws IOException {
    Path file =
        write(
            12,
            rdb -> {
              rdb.write(0, text("h"), -1, expiringHash());
              rdb.write(3, text("s"), NOW - 1, new RdbValue.StringValue(text("v")));
            });
    RdbFilter filter =
        new RdbFilter(
            Set.of(), List.of(), List.of(KeyGlob.of("h*")), Set.of(), Optional.empty(), List.of());

    Converted converted = convert(file, RdbTarget.REDIS_6_2, filter);

    assertThat(converted.losses()).isEmpty();
    assertThat(converted.report.keys()).isEqualTo(1);
    assertThat(converted.report.expiredKeys()).isEqualTo(1);
    assertThat(converted.report.highestDb()).isEqualTo(3);
    assertThat(entries(read(converted.bytes))).hasSize(1);
  }

  @Test
  void copiesAKeyWhoseExpiryStandsApartFromIt() throws IOException {
    byte[] expiry = {(byte) 252, 1, 0, 0, 0, 0, 0, 0, 0};
    byte[] aux = {(byte) 250, 1, 'a', 1, 'b'};
    byte[] key = {0, 1, 'k', 1, 'v'};
    ByteArrayOutputStream rdb = new ByteArrayOutputStream();
    rdb.writeBytes(text("REDIS0011"));
    rdb.writeBytes(expiry);
    rdb.writeBytes(aux);
    rdb.writeBytes(key);
    rdb.writeBytes(new byte[] {-1, 0, 0, 0, 0, 0, 0, 0, 0});
    Path file = directory.resolve("apart.rdb");
    Files.write(file, rdb.toByteArray());

    List<RdbRecord> records = read(convert(file, RdbTarget.REDIS_7_0, RdbFilter.ALL).bytes);

    assertThat(records).hasSize(4);
    assertThat(((RdbRecord.Entry) records.get(2)).expireAtMillis()).isEqualTo(1);
  }

  @Test
  void refusesDamageBeforeAnythingIsWritten() throws IOException {
    Path file = write(11, rdb -> rdb.write(0, text("k"), -1, new RdbValue.StringValue(text("v"))));
    byte[] bytes = Files.readAllBytes(file);
    byte[] flipped = bytes.clone();
    flipped[12] ^= 1;

    for (byte[] bad : List.of(flipped, Arrays.copyOf(bytes, bytes.length - 4))) {
      Files.write(file, bad);
      try (RdbSource source = RdbSource.open(file, _ -> {})) {
        assertThatThrownBy(() -> plan(source, RdbTarget.REDIS_7_0, RdbFilter.ALL))
            .isInstanceOf(CorruptInputException.class);
      }
    }
  }

  @Test
  void leavesOutWhatFollowsTheEnd() throws IOException {
    Path file = write(11, rdb -> rdb.write(0, text("k"), -1, new RdbValue.StringValue(text("v"))));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length + 3));

    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThat(source.trailing()).isEmpty();
      plan(source, RdbTarget.REDIS_7_2, RdbFilter.ALL).write(out, Set.of());

      assertThat(source.trailing()).hasValue(bytes.length);
      assertThat(out.toByteArray()).isEqualTo(bytes);
    }
  }

  private static RdbValue expiringHash() {
    return new RdbValue.HashValue(
        List.of(
            new RdbValue.HashValue.Field(text("f"), text("v"), NOW),
            new RdbValue.HashValue.Field(text("g"), text("w"), -1)));
  }

  private record Converted(CompatReport report, byte[] bytes) {

    Set<Loss> losses() {
      return report.targets().getFirst().losses().stream()
          .map(LossCount::loss)
          .collect(Collectors.toSet());
    }
  }

  private static Converted convert(Path file, RdbTarget target, RdbFilter filter)
      throws IOException {
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      RdbConversion conversion = plan(source, target, filter);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      conversion.write(out, EVERYTHING);
      return new Converted(conversion.survey(), out.toByteArray());
    }
  }

  private static RdbConversion plan(RdbSource source, RdbTarget target, RdbFilter filter)
      throws IOException {
    return RdbConversion.plan(source, target, filter, PackingLimits.DEFAULT, true, NOW);
  }

  private interface Content {
    void write(RdbWriter writer) throws IOException;
  }

  private Path write(int version, Content content) throws IOException {
    Path file = directory.resolve("source.rdb");
    try (var out = Files.newOutputStream(file)) {
      RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(version));
      content.write(writer);
      writer.end();
    }
    return file;
  }

  private static List<RdbRecord> read(byte[] file) throws IOException {
    return RdbReaderTest.records(ByteInput.of(file, "test"));
  }

  private static byte[] text(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
