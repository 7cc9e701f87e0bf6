package io.redrill.rdb.convert;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A source that is damaged, or changes between the two times that it is read, is refused or gives
/// a file that nobody takes for sound.
class ChangedSourceTest {

  private static final SlotSet ALL_SLOTS = SlotSet.range(0, KeySlot.COUNT - 1);
  private static final RdbReading HOLDING_NOTHING = RdbReading.DEFAULT.holding(0);
  private static final int IN_THE_FIRST_ELEMENT = 85;

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

  /// Between the readings of a large value: what is counted is not what is encoded.
  @ParameterizedTest
  @EnumSource(Large.class)
  void aValueThatChangesWhileItIsWrittenIsRefused(Large large) throws IOException {
    Path file = large.write(directory);
    long last = Files.size(file) - large.fromEnd;
    OutputStream changing =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            if (length > 1) {
              change(file, last);
            }
          }
        };
    try (RdbSource source = RdbSource.open(file, _ -> {}, 1000, HOLDING_NOTHING)) {
      assertRefused(file, plan(source), changing);
    }
  }

  /// Between the pass, which has read the begin of the value ahead, and what is read again.
  @ParameterizedTest
  @EnumSource(Large.class)
  void aValueThatChangesBehindThePassIsRefused(Large large) throws IOException {
    Path file = large.write(directory);
    AtomicBoolean isWriting = new AtomicBoolean();
    LongConsumer changing =
        _ -> {
          if (isWriting.compareAndSet(true, false)) {
            change(file, IN_THE_FIRST_ELEMENT);
          }
        };
    try (RdbSource source = RdbSource.open(file, changing, 100_000, HOLDING_NOTHING)) {
      RdbConversion conversion = plan(source);
      isWriting.set(true);
      assertRefused(file, conversion, new ByteArrayOutputStream());
    }
  }

  private static RdbConversion plan(RdbSource source) throws IOException {
    return RdbConversion.plan(
        source, RdbTarget.REDIS_6_2, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0);
  }

  private static void assertRefused(Path file, RdbConversion conversion, OutputStream out) {
    assertThatThrownBy(() -> conversion.write(out, EnumSet.allOf(Loss.class)))
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            e -> {
              assertThat(e).hasMessageContaining("not the same each time");
              assertThat(e.input()).isEqualTo(file.toString());
              assertThat(e.key()).contains("large");
            });
  }

  private static void change(Path file, long at) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'!'}), at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A large value that changes its form for Redis 6.2, of texts that any change leaves texts.
  enum Large {
    /// Its end is a text, the end of the file and the checksum.
    HASH(9 + 20),
    /// Behind its nodes are ids and numbers as well.
    STREAM(9 + 200);

    private static final int ELEMENTS = 40_000;

    private final int fromEnd;

    Large(int fromEnd) {
      this.fromEnd = fromEnd;
    }

    Path write(Path directory) throws IOException {
      Path file = directory.resolve(this + ".rdb");
      String text = "x".repeat(60);
      if (this == HASH) {
        RdbBytes rdb = RdbBytes.file("REDIS0012").key(24, "large").little(8, 0).length(ELEMENTS);
        for (int i = 0; i < ELEMENTS; i++) {
          rdb.length(0).text("field" + i).text(text);
        }
        Files.write(file, rdb.end());
        return file;
      }
      List<StreamValue.Entry> entries = new ArrayList<>();
      for (int i = 1; i <= ELEMENTS; i++) {
        byte[] bytes = text.getBytes(US_ASCII);
        entries.add(new StreamValue.Entry(new StreamValue.Id(i, 0), List.of(bytes, bytes)));
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        RdbWriter rdb = new RdbWriter(out, new RdbWriterOptions(10, false, true));
        StreamValue.Id last = new StreamValue.Id(ELEMENTS, 0);
        rdb.write(
            0,
            "large".getBytes(US_ASCII),
            RdbRecord.Entry.NO_EXPIRY,
            new StreamValue(
                entries,
                ELEMENTS,
                last,
                new StreamValue.Id(1, 0),
                new StreamValue.Id(0, 0),
                ELEMENTS,
                List.of()));
        rdb.end();
      }
      return file;
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
