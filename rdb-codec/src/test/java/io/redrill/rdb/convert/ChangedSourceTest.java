package io.redrill.rdb.convert;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A source that is damaged, or changes between the two times that it is read, is refused or gives
/// a file that nobody takes for sound.
class ChangedSourceTest {

  private static final SlotSet ALL_SLOTS = SlotSet.range(0, KeySlot.COUNT - 1);

  @TempDir private Path directory;

  @Test
  void findsAWrongChecksumBeforeAnythingIsWritten() throws IOException {
    byte[] bytes = RandomFile.plain();
    bytes[bytes.length / 2] ^= 1;
    Path file = directory.resolve("flipped.rdb");
    Files.write(file, bytes);
    RdbTarget target = RdbTarget.REDIS_7_0;
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      assertThatThrownBy(() ->
              RdbConversion.plan(source, target, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0))
          .isInstanceOf(CorruptInputException.class);
      assertThatThrownBy(() -> RdbSplit.plan(source, RdbFilter.ALL, List.of(ALL_SLOTS)))
          .isInstanceOf(CorruptInputException.class);
      assertThatThrownBy(() ->
              RdbMerge.plan(
                  List.of(source), RdbFilter.ALL, OnConflict.FIRST, 10, directory, _ -> {}))
          .isInstanceOf(CorruptInputException.class);
    }
  }

  /// The checksum vouches for what was surveyed, and not for what came instead.
  @Test
  void aFileThatChangedMeanwhileIsNotTakenForSound() throws IOException {
    byte[] bytes = RandomFile.plain();
    Path file = directory.resolve("changing.rdb");
    Files.write(file, bytes);
    RdbTarget target = RdbTarget.REDIS_7_0;
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      RdbConversion conversion =
          RdbConversion.plan(source, target, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0);
      RdbSplit split = RdbSplit.plan(source, RdbFilter.ALL, List.of(ALL_SLOTS));
      byte[] changed = bytes.clone();
      changed[bytes.length / 2] ^= 1;
      Files.write(file, changed);
      ByteArrayOutputStream converted = new ByteArrayOutputStream();
      ByteArrayOutputStream dealt = new ByteArrayOutputStream();
      conversion.write(converted, Set.of());
      split.write(List.of(dealt));

      for (ByteArrayOutputStream out : List.of(converted, dealt)) {
        assertThatThrownBy(() -> readAll(out.toByteArray()))
            .isInstanceOf(CorruptInputException.class)
            .hasMessageContaining("checksum");
      }

      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      assertThatThrownBy(() -> conversion.write(new ByteArrayOutputStream(), Set.of()))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining(file + " became shorter");
    }
  }

  @Test
  void aFileThatChangedMeanwhileIsRefusedWhereRecordsAreReadAgain() throws IOException {
    byte[] bytes = RandomFile.plain();
    Path file = directory.resolve("changing.rdb");
    Files.write(file, bytes);
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      RdbSplit split = RdbSplit.plan(source, RdbFilter.ALL, SlotSet.even(2));
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);

      assertThatThrownBy(
              () -> split.write(List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream())))
          .isInstanceOf(CorruptInputException.class);
    }
  }

  private static void readAll(byte[] bytes) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(bytes, "written"));
    RdbRecord record = reader.next();
    while (!(record instanceof RdbRecord.End)) {
      record = reader.next();
    }
  }
}
