package io.redrill.rdb.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A value measured element by element has the measures of one that is held.
class WalkedMeasureTest {

  static List<Path> files() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("files")
  void measuresAreTheSameHoweverMuchIsHeld(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    RdbCursor held = new RdbCursor(ByteInput.of(bytes, "file"));
    RdbCursor passing =
        new RdbCursor(
            new ByteInput(new ByteArrayInputStream(bytes), "file", 64),
            RdbReading.DEFAULT.holding(0));
    KeyMeasure ofHeld = new KeyMeasure(Jemalloc.BUNDLED);
    KeyMeasure ofPassing = new KeyMeasure(Jemalloc.BUNDLED);
    while (held.next() != RdbCursor.Step.END) {
      passing.next();
      if (held.isAtKey()) {
        ofHeld.measure(held);
        ofPassing.measure(passing);

        assertThat(measures(ofPassing))
            .as("%s at %d", held.type(), held.recordOffset())
            .isEqualTo(measures(ofHeld));
      }
    }
  }

  private static List<Object> measures(KeyMeasure measure) {
    return List.of(
        measure.kind(), measure.storedBytes(), measure.elements(), measure.memoryBytes());
  }
}
