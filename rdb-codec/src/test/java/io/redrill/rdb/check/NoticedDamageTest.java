package io.redrill.rdb.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbRecord.Checksum;
import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Of files with a checksum, every cut and every flipped bit is noticed, whatever their version. By
/// one rule a flip is not: where it turns the checksum into zero, which says that none was
/// computed. That takes a checksum of a single bit.
class NoticedDamageTest {

  private static final int CHECKSUM_BYTES = 8;

  /// One file of each version.
  static Stream<Named<byte[]>> files() throws IOException {
    return Stream.of(
        Named.of("5, made of 6", ofVersion5(Corpus.golden("redis-2.8.24", "small-unpacked.rdb"))),
        Named.of("6", Corpus.golden("redis-2.8.24", "small-unpacked.rdb")),
        Named.of("7", Corpus.golden("redis-3.2.13", "expired-at-load.rdb")),
        Named.of("8", Corpus.golden("redis-4.0.14", "module-hellotype.rdb")),
        Named.of("9 of KeyDB", Corpus.golden("keydb-6.3.4", "lfu-info.rdb")),
        Named.of("9 of Redis", Corpus.golden("redis-6.2.16", "small-unpacked.rdb")),
        Named.of("10", Corpus.golden("redis-7.0.15", "with-repl-aux.rdb")),
        Named.of("11", Corpus.golden("redis-7.2.6", "functions-only.rdb")),
        Named.of("12", Corpus.golden("redis-8.0.6", "small-unpacked.rdb")),
        Named.of("15, made", ofVersion15()),
        Named.of("80", Corpus.golden("valkey-9.1.2", "expired-at-load.rdb")),
        Named.of("11, with a checksum of one bit", withChecksum(1L << 42)));
  }

  /// Redis 2.6 wrote version 5 in its early releases, with the same records.
  private static byte[] ofVersion5(byte[] version6) {
    byte[] file = version6.clone();
    file[8] = '5';
    LittleEndian.putLong(file, file.length - CHECKSUM_BYTES, checksum(file));
    return file;
  }

  /// Two hashes that share a template of their field names.
  private static byte[] ofVersion15() {
    return RdbBytes.file("REDIS0015")
        .put(242, 7, 2)
        .texts("name", "town")
        .key(32, "one")
        .put(7)
        .texts("Ada", "London")
        .key(32, "two")
        .put(7)
        .texts("Emmy", "Erlangen")
        .end();
  }

  private static long checksum(byte[] file) {
    Crc64 crc = new Crc64();
    crc.update(file, 0, file.length - CHECKSUM_BYTES);
    return crc.value();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyTruncation(byte[] file) throws IOException {
    assertThat(check(file).end().orElseThrow().checksum()).isEqualTo(Checksum.MATCHES);
    for (int length = 0; length < file.length; length++) {
      RdbCheckReport report = check(Arrays.copyOf(file, length));
      assertThat(report.isSound()).as("cut to %d bytes", length).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFlippedBitButByTheRule(byte[] file) throws IOException {
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      boolean saysThatNoneWasComputed =
          LittleEndian.getLong(flipped, flipped.length - CHECKSUM_BYTES) == 0;
      RdbCheckReport report = check(flipped);
      assertThat(report.isSound()).as("bit %d flipped", bit).isEqualTo(saysThatNoneWasComputed);
      if (saysThatNoneWasComputed) {
        assertThat(report.findings())
            .singleElement()
            .satisfies(found -> assertThat(found.sentence()).contains("without a checksum"));
      }
    }
  }

  /// Before version 5 there is no checksum; a cut is noticed all the same, as the end is missing.
  @Test
  void everyTruncationOfAFileWithoutChecksum() throws IOException {
    byte[] file = Corpus.golden("redis-2.4.18", "small-unpacked.rdb");
    assertThat(check(file).isSound()).isTrue();
    for (int length = 0; length < file.length; length++) {
      assertThat(check(Arrays.copyOf(file, length)).isSound()).as("cut to %d", length).isFalse();
    }
  }

  /// A file of one string, of which eight bytes are chosen so that the checksum is `wanted`: it is
  /// a linear function of them, over bits.
  private static byte[] withChecksum(long wanted) {
    long target = wanted ^ checksum(fileOf(0));
    long[] effects = new long[64];
    long[] inputs = new long[64];
    for (int i = 0; i < 64; i++) {
      effects[i] = checksum(fileOf(1L << i)) ^ checksum(fileOf(0));
      inputs[i] = 1L << i;
    }
    long chosen = 0;
    for (int bit = 0; bit < 64; bit++) {
      int pivot = bit;
      while ((effects[pivot] >>> bit & 1) == 0) {
        pivot++;
      }
      swap(effects, bit, pivot);
      swap(inputs, bit, pivot);
      for (int i = 0; i < 64; i++) {
        if (i != bit && (effects[i] >>> bit & 1) == 1) {
          effects[i] ^= effects[bit];
          inputs[i] ^= inputs[bit];
        }
      }
    }
    for (int bit = 0; bit < 64; bit++) {
      chosen ^= (target >>> bit & 1) == 1 ? inputs[bit] : 0;
    }
    return fileOf(chosen);
  }

  private static void swap(long[] values, int one, int other) {
    long value = values[one];
    values[one] = values[other];
    values[other] = value;
  }

  private static byte[] fileOf(long eightBytes) {
    byte[] text = new byte[8];
    LittleEndian.putLong(text, 0, eightBytes);
    return RdbBytes.file("REDIS0011")
        .key(0, "key")
        .text(new String(text, StandardCharsets.ISO_8859_1))
        .end();
  }

  private static RdbCheckReport check(byte[] file) throws IOException {
    return RdbCheck.checkFile(ByteInput.of(file, "test"));
  }
}
