package io.redrill.rdb.salvage;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.salvage.SalvageReport.Basis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How many keys a hole is said to have held.
class SalvageEstimateTest {

  private static final int LARGE_BYTES = 1_000_000;
  private static final int KEYS = 500;

  @TempDir private Path directory;

  /// Large values, each of which goes on behind the end of a file that is cut inside of it.
  enum Large {
    STRING {
      @Override
      void put(RdbBytes file) {
        file.key(0, "large").blob(text(LARGE_BYTES));
      }
    },
    LIST {
      @Override
      void put(RdbBytes file) {
        file.key(1, "large").length(LARGE_BYTES / 10);
        for (int i = 0; i < LARGE_BYTES / 10; i++) {
          file.text("elem%05d".formatted(i));
        }
      }
    },
    QUICKLIST {
      @Override
      void put(RdbBytes file) {
        file.key(18, "large").length(LARGE_BYTES / 100);
        for (int i = 0; i < LARGE_BYTES / 100; i++) {
          file.put(1).blob(text(98));
        }
      }
    },
    SORTED_SET {
      @Override
      void put(RdbBytes file) {
        file.key(5, "large").length(LARGE_BYTES / 18);
        for (int i = 0; i < LARGE_BYTES / 18; i++) {
          file.text("member%03d".formatted(i)).little(8, Double.doubleToLongBits(i));
        }
      }
    },
    STREAM {
      @Override
      void put(RdbBytes file) {
        file.key(21, "large").length(1).put(16).id(1, 0).blob(text(LARGE_BYTES));
      }
    };

    abstract void put(RdbBytes file);

    static byte[] text(int length) {
      byte[] text = new byte[length];
      Arrays.fill(text, (byte) 'x');
      return text;
    }
  }

  private SalvageReport survey(byte[] bytes) throws IOException {
    Path source = directory.resolve("dump.rdb");
    Files.write(source, bytes);
    return Salvage.survey(source, Salvaged.options(), SalvageWatch.NOBODY);
  }

  private static void small(RdbBytes file, int from, int to) {
    for (int i = from; i < to; i++) {
      file.key(0, "user:%05d".formatted(i)).text("text");
    }
  }

  @ParameterizedTest
  @EnumSource
  void countsAValueThatWasCutAsOneKey(Large large) throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011").put(254, 0);
    small(file, 0, 1);
    large.put(file);

    SalvageReport report = survey(Arrays.copyOf(file.bytes(), LARGE_BYTES / 2));

    assertThat(report.keys()).isEqualTo(1);
    assertThat(report.lostKeys()).isEqualTo(1);
    assertThat(report.losses())
        .singleElement()
        .satisfies(loss -> assertThat(loss.keys()).isEqualTo(1));
    assertThat(report.endFound()).isFalse();
  }

  @Test
  void namesTheKeyThatWasCut() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011").put(254, 0);
    small(file, 0, 1);
    Large.STRING.put(file);

    SalvageReport report = survey(Arrays.copyOf(file.bytes(), LARGE_BYTES / 2));

    assertThat(report.losses().getFirst().reason()).contains("key large", "the file was cut");
  }

  /// The elements in front of a hole say how far the others go.
  @Test
  void countsALargeListWithAHoleAsOneKey() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011").put(254, 0);
    small(file, 0, KEYS);
    Large.LIST.put(file);
    small(file, KEYS, 2 * KEYS);
    byte[] bytes = file.end();
    Arrays.fill(bytes, LARGE_BYTES / 5, LARGE_BYTES / 5 + 1000, (byte) 0xff);

    SalvageReport report = survey(bytes);

    assertThat(report.keys()).isBetween(2 * KEYS - 3L, 2L * KEYS);
    assertThat(report.lostKeys()).isBetween(1L, 5L);
  }

  @Test
  void countsWhatAHoleOfZerosTookByTheMeanSize() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011").put(254, 0);
    small(file, 0, KEYS);
    byte[] bytes = file.end();
    Arrays.fill(bytes, 3_000, 5_000, (byte) 0);

    SalvageReport report = survey(bytes);

    assertThat(report.basis()).isEqualTo(Basis.MEAN_SIZE);
    assertThat(report.keys() + report.lostKeys()).isBetween(KEYS - 4L, KEYS + 4L);
  }

  @Test
  void givesNoNumberWhereTooFewKeysWereRead() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011").put(254, 0);
    small(file, 0, 3);
    file.raw(new byte[LARGE_BYTES]);

    SalvageReport report = survey(file.bytes());

    assertThat(report.keys()).isBetween(2L, 3L);
    assertThat(report.basis()).isEqualTo(Basis.UNKNOWN);
    assertThat(report.lostKeys()).isLessThanOrEqualTo(1);
  }

  /// A large value may be one of few lost keys, and a small hole have held the others.
  @Test
  void sharesTheMissingKeysByWhatEachHoleHeld() throws IOException {
    RdbBytes file = RdbBytes.file("REDIS0011").put(254, 0, 251).length(2 * KEYS + 1).length(0);
    small(file, 0, KEYS);
    int largeAt = file.size();
    Large.LIST.put(file);
    int behind = file.size();
    small(file, KEYS, 2 * KEYS);
    byte[] bytes = file.end();
    Arrays.fill(bytes, largeAt + LARGE_BYTES / 2, largeAt + LARGE_BYTES / 2 + 100, (byte) 0xff);
    Arrays.fill(bytes, behind + 2_000, behind + 4_000, (byte) 0);

    SalvageReport report = survey(bytes);

    assertThat(report.basis()).isEqualTo(Basis.DATABASE_SIZES);
    assertThat(report.keys() + report.lostKeys()).isEqualTo(2 * KEYS + 1);
    assertThat(report.losses()).hasSize(2);
    assertThat(report.losses().getFirst().keys()).isLessThanOrEqualTo(3);
    assertThat(report.losses().getLast().keys()).isGreaterThan(100);
  }
}
