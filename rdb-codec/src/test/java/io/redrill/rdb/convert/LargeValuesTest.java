package io.redrill.rdb.convert;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.check.Finding;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.filter.RdbFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What changes its form element by element holds the same as what was decoded as a whole: of
/// values that are held, and of those that are walked as they come.
class LargeValuesTest {

  private static final int BUFFER_BYTES = 100;
  private static final int NOTHING = 0;

  @TempDir private Path directory;

  static Stream<Path> files() {
    return Corpus.healthyFiles().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void holdTheSame(Path file) throws IOException {
    for (RdbTarget target : RdbTarget.values()) {
      RdbCheckReport whole = check(convert(file, RdbReading.DEFAULT, target, Integer.MAX_VALUE));
      for (RdbReading reading : List.of(RdbReading.DEFAULT, RdbReading.DEFAULT.holding(NOTHING))) {
        RdbCheckReport piecewise = check(convert(file, reading, target, NOTHING));

        assertThat(piecewise.digest())
            .as("for %s, holding %d", target, reading.heldBytes())
            .isEqualTo(whole.digest());
        assertThat(piecewise.findings())
            .extracting(Finding::sentence)
            .allMatch(sentence -> sentence.contains("is newer than known here"));
      }
    }
  }

  @Test
  void rareFormsToo() throws IOException {
    Path file = directory.resolve("rare.rdb");
    for (byte[] rare : Corpus.rareFiles()) {
      Files.write(file, rare);
      holdTheSame(file);
    }
  }

  /// Redis would take 0 for never, and 2^48 - 1 is too far from it for the file.
  @ParameterizedTest
  @ValueSource(ints = {NOTHING, Integer.MAX_VALUE})
  void aFieldThatExpiredIn1970StaysExpiredInRedis(int decodedBytes) throws IOException {
    Path file = directory.resolve("expired.rdb");
    RdbBytes rdb = RdbBytes.file("VALKEY080").key(22, "hash").length(3);
    rdb.texts("expired", "1").little(8, 0).texts("last", "2").little(8, (1L << 48) - 1);
    Files.write(file, rdb.texts("never", "3").little(8, -1).end());

    byte[] converted = convert(file, RdbReading.DEFAULT, RdbTarget.REDIS_8_0, decodedBytes);

    assertThat(check(converted).isSound()).isTrue();
    List<String> fields = new ArrayList<>();
    RdbCursor cursor = new RdbCursor(ByteInput.of(converted, "converted"));
    cursor.header();
    while (cursor.next() != RdbCursor.Step.KEY) {
      // what stands in front of the key
    }
    cursor.walk(
        new ElementHandler() {
          @Override
          public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
            fields.add(new String(field.toByteArray(), US_ASCII) + " " + expireAtMillis);
          }
        });
    assertThat(fields)
        .containsExactlyInAnyOrder("expired 1", "last " + ((1L << 48) - 1), "never -1");
  }

  /// What is walked out of the file once more is told of as what is held.
  @Test
  void damageIsNamedWithItsKeyAndItsPlace() throws IOException {
    assertThat(damage(new RdbBytes().put(1).text("")))
        .containsOnly("a plain node of a list is empty at 225 of the list");
    assertThat(damage(new RdbBytes().put(2).text("no listpack")))
        .containsOnly(
            "a listpack's length field does not match its length (byte 0 of the listpack) at 19 of the list");
  }

  /// What is said of a list with `node`, held and not.
  private List<String> damage(RdbBytes node) throws IOException {
    Path file = directory.resolve("damaged.rdb");
    Files.write(
        file,
        RdbBytes.file("REDIS0011")
            .key(18, "the list")
            .length(2)
            .put(1)
            .text("x".repeat(2 * BUFFER_BYTES))
            .raw(node.bytes())
            .endUnchecked());
    List<String> said = new ArrayList<>();
    for (RdbReading reading : List.of(RdbReading.DEFAULT, RdbReading.DEFAULT.holding(NOTHING))) {
      assertThatThrownBy(() -> convert(file, reading, RdbTarget.REDIS_6_2, NOTHING))
          .isInstanceOfSatisfying(
              CorruptInputException.class,
              e ->
                  said.add(
                      "%s at %d of %s"
                          .formatted(e.problem(), e.offset(), e.key().orElse("nothing"))));
    }
    return said;
  }

  private static RdbCheckReport check(byte[] converted) throws IOException {
    return RdbCheck.check(ByteInput.of(converted, "converted"));
  }

  private static byte[] convert(Path file, RdbReading reading, RdbTarget target, int decodedBytes)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RdbSource source = RdbSource.open(file, _ -> {}, BUFFER_BYTES, reading)) {
      RdbConversion.plan(
              source, target, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0, decodedBytes)
          .write(out, EnumSet.allOf(Loss.class));
    }
    return out.toByteArray();
  }
}
