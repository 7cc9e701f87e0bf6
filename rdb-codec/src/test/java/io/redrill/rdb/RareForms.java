package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// What is to be proven of every file in a rare form.
final class RareForms {

  private static final int[] PROBES = {0x00, 0x01, 0x3f, 0x7f, 0x80, 0x81, 0xc0, 0xc3, 0xfe, 0xff};

  /// Files larger than this are not damaged at every byte, but at as many places.
  private static final int DAMAGED_PLACES = 1500;

  private RareForms() {}

  /// The records, through a buffer that is smaller than most of them.
  static List<RdbRecord> records(byte[] file) throws IOException {
    return RdbReaderTest.records(new ByteInput(new ByteArrayInputStream(file), "rare", 64));
  }

  static RdbCheckReport check(byte[] file) throws IOException {
    return RdbCheck.checkFile(ByteInput.of(file, "rare"));
  }

  static List<String> sentences(byte[] file) throws IOException {
    return check(file).findings().stream().map(finding -> finding.sentence()).toList();
  }

  /// The file as the writer gives its records again.
  static byte[] rewritten(byte[] file, int version) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(version));
    for (RdbRecord record : records(file)) {
      writer.write(record);
    }
    return out.toByteArray();
  }

  /// Every beginning of `file` is refused with a typed error, and is not sound.
  static void refusesEveryTruncation(byte[] file) throws IOException {
    int step = Math.max(1, file.length / DAMAGED_PLACES);
    for (int length = 0; length < file.length; length += step) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> decodeAll(cut))
          .as("cut to %d bytes", length)
          .isInstanceOf(FormatException.class);
      assertThat(check(cut).isSound()).as("cut to %d bytes", length).isFalse();
    }
  }

  /// Whatever stands in place of one byte: there are values, or a typed error. The checksum is out
  /// of force, so that the damage reaches the decoders.
  static void survivesEveryChangedByte(byte[] file) throws IOException {
    int step = Math.max(1, file.length / DAMAGED_PLACES);
    for (int at = 9; at < file.length - 8; at += step) {
      for (int probe : PROBES) {
        byte[] changed = file.clone();
        Arrays.fill(changed, file.length - 8, file.length, (byte) 0);
        changed[at] = (byte) probe;
        try {
          decodeAll(changed);
        } catch (FormatException refused) {
          assertThat(refused.problem()).as("byte %d is %02x", at, probe).isNotEmpty();
        }
        assertThat(check(changed).findings()).as("byte %d is %02x", at, probe).isNotEmpty();
      }
    }
  }

  private static void decodeAll(byte[] file) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(file, "rare"));
    RdbRecord record;
    do {
      record = reader.next();
      if (record instanceof RdbRecord.Entry entry) {
        RdbValues.decode(entry);
      }
    } while (!(record instanceof RdbRecord.End));
  }
}
