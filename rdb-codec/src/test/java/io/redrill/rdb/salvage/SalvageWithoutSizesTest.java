package io.redrill.rdb.salvage;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.salvage.SalvageDamageTest.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files whose databases stand without their sizes, as other programs than servers write them, and
/// a salvage too: two bytes name a database.
class SalvageWithoutSizesTest {

  private static final int FIRST_KEY = 11;

  @TempDir private Path directory;

  private static byte[] file(int databases, int keys) {
    RdbBytes bytes = RdbBytes.file("REDIS0009");
    for (int db = 0; db < databases; db++) {
      bytes.put(0xfe, db);
      for (int i = 0; i < keys; i++) {
        bytes.key(0, "user:%d:%d".formatted(db, i)).text("value of " + i);
      }
    }
    return bytes.endUnchecked();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 30})
  void losesNoDatabaseToAFlippedBitInAKeyOfAnother(int keys) throws IOException {
    byte[] file = file(8, keys);
    List<Stored> truth = SalvageDamageTest.stored(file);
    int recordBytes = (int) (truth.get(0).end() - FIRST_KEY);
    for (int bit = 0; bit < recordBytes * 8; bit++) {
      byte[] damaged = file.clone();
      damaged[FIRST_KEY + bit / 8] ^= (byte) (1 << bit % 8);
      Path source = directory.resolve("dump.rdb");
      Files.write(source, damaged);

      SalvageReport report = Salvage.survey(source, Salvaged.options(), SalvageWatch.NOBODY);

      List<Stored> salvaged = SalvageDamageTest.stored(Salvaged.sound(source, report));
      assertThat(othersThanFirst(salvaged))
          .as("bit %d of the first key", bit)
          .isEqualTo(othersThanFirst(truth));
    }
  }

  private static List<String> othersThanFirst(List<Stored> keys) {
    return keys.stream()
        .filter(key -> key.db() > 0)
        .map(key -> key.db() + " " + key.key() + " " + key.text())
        .toList();
  }
}
