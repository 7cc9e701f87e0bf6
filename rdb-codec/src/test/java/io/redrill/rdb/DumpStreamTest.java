package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.digest.DatasetDigest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DumpStreamTest {

  private static final RdbRecord.Entry LIST =
      new RdbRecord.Entry(
          3, new byte[] {'k'}, 4_102_444_800_000L, -1, -1, RdbType.LIST, new byte[] {1, 1, 'e'});

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  /// Of every key of every file: the same digest as from the file.
  @ParameterizedTest
  @MethodSource("healthyFiles")
  void isReadAsTheKeyOfAFile(Path file) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(Files.readAllBytes(file), "file"));
    RdbDialect dialect = reader.header().dialect();
    RdbRecord record;
    do {
      record = reader.next();
      if (record instanceof RdbRecord.Entry entry && entry.metadata().length == 0) {
        DatasetDigest expected = new DatasetDigest();
        expected.add(entry);

        assertThat(digest(DumpPayload.of(entry), dialect, entry)).isEqualTo(expected);
      }
    } while (!(record instanceof RdbRecord.End));
  }

  private static DatasetDigest digest(byte[] payload, RdbDialect dialect, RdbRecord.Entry entry)
      throws IOException {
    DatasetDigest digest = new DatasetDigest();
    DumpStream.read(new ByteArrayInputStream(payload), payload.length, dialect, entry, digest::add);
    return digest;
  }

  @Test
  void refusesEveryCutAndEveryFlippedBit() throws IOException {
    byte[] payload = DumpPayload.of(LIST);
    assertThat(digest(payload, RdbDialect.REDIS, LIST).keys()).isEqualTo(1);

    for (int length = 0; length < payload.length; length++) {
      byte[] cut = Arrays.copyOf(payload, length);
      assertThatThrownBy(() -> digest(cut, RdbDialect.REDIS, LIST))
          .isInstanceOf(FormatException.class);
      // The server said how long it is, and the connection ended.
      assertThatThrownBy(() ->
              DumpStream.read(
                  new ByteArrayInputStream(cut),
                  payload.length,
                  RdbDialect.REDIS,
                  LIST,
                  RdbCursor::skipValue))
          .isInstanceOfAny(FormatException.class, EOFException.class);
    }
    for (int bit = 0; bit < payload.length * 8; bit++) {
      byte[] flipped = payload.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> digest(flipped, RdbDialect.REDIS, LIST))
          .as("bit %d", bit)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void whatNobodyLooksAtIsPassedOver() throws IOException {
    byte[] payload = DumpPayload.of(LIST);
    ByteArrayInputStream in = new ByteArrayInputStream(payload);

    DumpStream.read(
        in,
        payload.length,
        RdbDialect.REDIS,
        LIST,
        cursor -> {
          assertThat(cursor.db()).isEqualTo(3);
          assertThat(cursor.key().toByteArray()).isEqualTo(LIST.key());
          assertThat(cursor.expireAtMillis()).isEqualTo(LIST.expireAtMillis());
          assertThat(cursor.type()).isEqualTo(RdbType.LIST);
        });

    assertThat(in.available()).isZero();
  }
}
