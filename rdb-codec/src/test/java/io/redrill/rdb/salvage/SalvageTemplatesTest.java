package io.redrill.rdb.salvage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.encoding.ListpackBuilder;
import io.redrill.rdb.salvage.SalvageDamageTest.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hashes whose field names stand in templates, before or inside of a hole.
class SalvageTemplatesTest {

  private static final int KEYS = 200;

  @TempDir private Path directory;

  /// Texts, and hashes of two templates in the packed form; of the first also in the plain one.
  private static byte[] file() {
    RdbBytes bytes = RdbBytes.file("REDIS0015").put(254, 0, 251, 64, KEYS, 0);
    template(bytes, 1);
    text(bytes, 0);
    template(bytes, 2);
    for (int i = 1; i < KEYS; i++) {
      switch (i % 4) {
        case 0 -> text(bytes, i);
        case 1 -> bytes.key(32, "plain:%03d".formatted(i)).put(1).texts("value", "of " + i);
        default -> bytes.key(30, "packed:%03d".formatted(i)).blob(packed(1 + i % 2, i));
      }
    }
    return bytes.end();
  }

  private static void template(RdbBytes bytes, int id) {
    bytes.put(242, id, 2).texts("name" + id, "city" + id);
  }

  private static void text(RdbBytes bytes, int i) {
    bytes.key(0, "text:%03d".formatted(i)).text("text of " + i);
  }

  private static byte[] packed(long template, int i) {
    ListpackBuilder builder = new ListpackBuilder();
    builder.add(template);
    builder.add("value".getBytes(US_ASCII));
    builder.add(("of " + i).getBytes(US_ASCII));
    return builder.build().bytes();
  }

  private SalvageReport survey(byte[] bytes) throws IOException {
    Files.write(source(), bytes);
    return Salvage.survey(source(), Salvaged.options(), SalvageWatch.NOBODY);
  }

  private Path source() {
    return directory.resolve("dump.rdb");
  }

  private List<Stored> salvaged(SalvageReport report) throws IOException {
    return SalvageDamageTest.stored(Salvaged.sound(source(), report));
  }

  private static int find(byte[] bytes, String wanted) {
    return new String(bytes, ISO_8859_1).indexOf(wanted);
  }

  @Test
  void carriesTemplatesOverHoles() throws IOException {
    byte[] file = file();
    for (int at : new int[] {find(file, "packed:050"), find(file, "plain:101")}) {
      Arrays.fill(file, at, at + 100, (byte) 0);
    }

    SalvageReport report = survey(file);

    assertThat(report.losses()).hasSize(2);
    assertThat(report.keys()).isBetween(KEYS - 24L, KEYS - 6L);
    assertThat(salvaged(report))
        .extracting(Stored::key)
        .contains("plain:197", "packed:198", "packed:199");
  }

  @Test
  void namesTheHashesWhoseTemplateIsLost() throws IOException {
    byte[] file = file();
    int at = find(file, "name2");
    Arrays.fill(file, at - 4, at + 5, (byte) 0xee);

    SalvageReport report = survey(file);

    assertThat(report.losses().stream().filter(loss -> loss.key().isPresent()))
        .hasSizeGreaterThan(KEYS / 4 - 3)
        .allSatisfy(loss -> {
          assertThat(loss.key().orElseThrow()).startsWith("packed:");
          assertThat(loss.reason()).contains("field names are lost", "template");
        });
    assertThat(report.losses().size()).isLessThanOrEqualTo(KEYS / 4 + 2);
    assertThat(report.keys()).isGreaterThan(KEYS * 3L / 4 - 5);
    assertThat(salvaged(report)).extracting(Stored::key).contains("plain:197", "packed:198");
  }

  @Test
  void goesOnAtATemplateRightBehindAHole() throws IOException {
    byte[] file = file();
    int at = find(file, "text:000");
    Arrays.fill(file, at - 2, at + 8, (byte) 0xee);

    SalvageReport report = survey(file);

    assertThat(report.losses()).hasSize(1);
    assertThat(report.keys()).isEqualTo(KEYS - 1);
    assertThat(salvaged(report)).hasSize(KEYS - 1);
  }

  @Test
  void keepsTheFirstOfTwoTemplatesOfOneNumber() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0015").put(254, 0, 251, 64, KEYS, 0);
    template(bytes, 1);
    for (int i = 0; i < KEYS; i++) {
      if (i == KEYS / 2) {
        template(bytes, 1);
      }
      bytes.key(30, "packed:%03d".formatted(i)).blob(packed(1, i));
    }

    SalvageReport report = survey(bytes.end());

    assertThat(report.losses().getFirst().reason()).contains("templates stand twice");
    assertThat(report.keys()).isBetween(KEYS - 3L, (long) KEYS);
    assertThat(salvaged(report)).hasSize((int) report.keys());
  }

  /// Without its template nobody knows how many values a plain hash has, but all that refer to it
  /// have as many.
  @Test
  void findsTheEndOfPlainHashesWhoseTemplateIsLost() throws IOException {
    byte[] file = file();
    int at = find(file, "name1");
    Arrays.fill(file, at - 4, at + 5, (byte) 0xee);

    SalvageReport report = survey(file);

    assertThat(salvaged(report))
        .extracting(Stored::key)
        .hasSizeGreaterThan(KEYS / 2 - 6)
        .contains("text:196", "packed:199")
        .noneMatch(key -> key.startsWith("plain:"));
    assertThat(report.losses().stream().flatMap(loss -> loss.key().stream()))
        .hasSizeGreaterThan(KEYS / 2 - 6)
        .contains("plain:197", "packed:198");
  }

  @Test
  void saysOfAPlainHashWhichTemplateIsLost() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0015").put(254, 0, 251, 64, KEYS, 0);
    for (int i = 0; i < KEYS; i++) {
      text(bytes, i);
      if (i == KEYS / 2) {
        bytes.key(32, "plain").put(9).texts("value", "another");
      }
    }

    SalvageReport report = survey(bytes.end());

    assertThat(report.losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.key()).contains("plain");
          assertThat(loss.reason()).contains("field template 9", "stands nowhere before it");
        });
    assertThat(report.keys()).isEqualTo(KEYS);
  }

  /// Nothing else is in the file, so that only hashes of either kind vouch for each other.
  @Test
  void namesAllHashesOfTwoLostTemplates() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0015").put(254, 0, 251, 64, KEYS, 0);
    for (int i = 0; i < KEYS; i++) {
      if (i % 2 == 0) {
        bytes.key(32, "two:%03d".formatted(i)).put(1).texts("value", "of " + i);
      } else {
        bytes.key(32, "three:%03d".formatted(i)).put(2).texts("", "7", "0".repeat(i));
      }
    }

    SalvageReport report = survey(bytes.end());

    assertThat(report.keys()).isZero();
    assertThat(report.losses())
        .hasSize(KEYS)
        .allSatisfy(loss -> assertThat(loss.key()).isPresent());
  }

  /// Each takes memory to the end.
  @ParameterizedTest
  @ValueSource(ints = {30, 32})
  void listsNoMoreLostHashesThanThereIsMemoryFor(int type) throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0015").put(254, 0);
    byte[] packed = packed(1, 0);
    for (int i = 0; i < 110_000; i++) {
      bytes.key(type, "key:%06d".formatted(i));
      if (type == 30) {
        bytes.blob(packed);
      } else {
        bytes.put(1).texts("value");
      }
    }

    SalvageReport report = survey(bytes.end());

    assertThat(report.losses()).hasSizeBetween(100_000, 100_010);
    assertThat(report.losses().getLast().reason()).contains("too many damaged places");
    assertThat(report.losses().getLast().end()).isEqualTo(bytes.size());
  }

  /// Behind it other keys are found again, and none that there never was.
  @Test
  void searchesOnWhereNothingShowsTheEndOfAPlainHash() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0015").put(254, 0, 251, 64, KEYS, 0);
    for (int i = 0; i < KEYS; i++) {
      text(bytes, i);
      if (i == KEYS / 2) {
        bytes.key(32, "plain").put(9).texts("value").put(0xff, 0xff, 0xff, 0xff);
      }
    }

    SalvageReport report = survey(bytes.end());

    assertThat(report.losses())
        .singleElement()
        .satisfies(
            loss -> assertThat(loss.reason()).contains("key plain", "nothing shows where it ends"));
    assertThat(report.keys()).isBetween(KEYS - 1L, (long) KEYS);
    assertThat(salvaged(report)).allSatisfy(key -> assertThat(key.key()).startsWith("text:"));
  }
}
