package io.redrill.server.persistence;

import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbVersions;
import io.redrill.rdb.encoding.Crc64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Finds the oldest RDB version that holds what is written, so that the oldest server that can know
/// the data can load it.
///
/// What a data set needs is only known when all of it has been seen, while the version stands in
/// front. So a file is written under a version that holds everything, and its header is set right
/// at the end.
final class RdbVersion {

  private static final int HIGHEST_REDIS = 12;
  private static final int HIGHEST_VALKEY = 80;
  private static final int HEADER_BYTES = 9;
  private static final int CHECKSUM_BYTES = 8;

  private final int written;
  private int needed = RdbVersions.BASELINE;

  /// For a file that may have to hold values of Valkey's own dialect, or not.
  RdbVersion(boolean valkeyForms) {
    written = valkeyForms ? HIGHEST_VALKEY : HIGHEST_REDIS;
  }

  /// The version to write the file under.
  int written() {
    return written;
  }

  /// The oldest version that holds everything noted.
  int needed() {
    return needed;
  }

  /// Notes what is written.
  void note(RdbRecord record) {
    needed = Math.max(needed, RdbVersions.oldestHolding(record));
  }

  /// Gives a file the version that it needs, its checksum included. The change must still be made
  /// durable.
  ///
  /// The checksum is linear: that of the changed file is that of the old one, exclusive or that of
  /// the difference, which is zero behind the header.
  void stamp(Path file) throws IOException {
    if (needed == written) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      byte[] header = header();
      byte[] difference = new byte[HEADER_BYTES];
      ByteBuffer old = read(channel, 0, HEADER_BYTES);
      for (int i = 0; i < HEADER_BYTES; i++) {
        difference[i] = (byte) (old.get(i) ^ header[i]);
      }
      long checksumAt = channel.size() - CHECKSUM_BYTES;
      long checksum = read(channel, checksumAt, CHECKSUM_BYTES).getLong(0);
      if (checksum != 0) {
        ByteBuffer changed = ByteBuffer.allocate(CHECKSUM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        changed.putLong(0, checksum ^ checksumOf(difference, checksumAt));
        write(channel, checksumAt, changed);
      }
      write(channel, 0, ByteBuffer.wrap(header));
    }
  }

  private byte[] header() {
    String text =
        RdbDialect.ofVersion(needed) == RdbDialect.VALKEY
            ? "VALKEY%03d".formatted(needed)
            : "REDIS%04d".formatted(needed);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// The checksum of `head` followed by zeros up to `length`.
  private static long checksumOf(byte[] head, long length) {
    Crc64 crc = new Crc64();
    crc.update(head, 0, head.length);
    byte[] zeros = new byte[64 * 1024];
    for (long left = length - head.length; left > 0; left -= zeros.length) {
      crc.update(zeros, 0, (int) Math.min(left, zeros.length));
    }
    return crc.value();
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file ends before its header or checksum");
      }
    }
    return bytes;
  }

  private static void write(FileChannel channel, long at, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
  }
}
