package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.salvage.SalvageReport.Checksum;
import io.redrill.rdb.salvage.SalvageReport.Stretch;
import io.redrill.rdb.salvage.SalvageWatch.Pass;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// Recovers from a damaged RDB file what stands before, between and behind its holes.
///
/// [#survey] finds what is whole and changes nothing; [#write] copies that, byte for byte, with a
/// new checksum. Both block as the disk does. Memory: some times [SalvageOptions#maxValueBytes],
/// [SalvageOptions#keys], and a few numbers for each hole. No key stands twice in the result.
///
/// What no encoding and no length shows stays unseen: a bit that is flipped inside of a plain
/// string changes that string, and where bytes are lost there is no checksum to tell. Next to a
/// hole a sound key may be given up with it, rather than be restored with a wrong value or without
/// its expiry.
public final class Salvage {

  private static final int COPY_BYTES = 256 * 1024;
  private static final int CHECKSUM_BYTES = 8;
  private static final int END_OPCODE = 0xff;

  private Salvage() {}

  /// Surveys `file`, which must not change meanwhile.
  ///
  /// @throws IOException if it cannot be read, or the temporary files for the keys fail; what is
  ///   wrong with its bytes is in the report instead
  public static SalvageReport survey(Path file, SalvageOptions options, SalvageWatch watch)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return survey(channel, new FileBytes(channel), options, watch);
    }
  }

  static SalvageReport survey(
      FileChannel channel, FileBytes bytes, SalvageOptions options, SalvageWatch watch)
      throws IOException {
    Optional<RdbHeader> own = RdbGuess.own(bytes);
    Optional<RdbHeader> known = options.header().or(() -> own);
    RdbHeader header = known.isPresent() ? known.get() : RdbGuess.guess(bytes);
    boolean assumed = !own.equals(Optional.of(header));
    return new Damaged(channel, bytes, header, assumed, options, watch).survey();
  }

  /// A file that is open, and what it is read as.
  private record Damaged(
      FileChannel channel,
      FileBytes bytes,
      RdbHeader header,
      boolean headerAssumed,
      SalvageOptions options,
      SalvageWatch watch) {

    SalvageReport survey() throws IOException {
      Survey.Lesson lesson;
      try (Survey whole =
          new Survey(bytes, header, headerAssumed, options, bytes.size(), Map.of())) {
        if (whole.runWhileSound(watch.begin(Pass.READING, bytes.size()))) {
          boolean isDoubtful = whole.isDoubtful();
          boolean isListed = whole.leaveOutRepeated().isEmpty();
          SalvageReport report = withChecksum(whole.report());
          if (isListed && (report.checksum() == Checksum.MATCHES || !isDoubtful)) {
            return report;
          }
        }
        lesson = whole.lesson();
      }
      return search(lesson, bytes.size(), Map.of());
    }

    /// Searches again where a search shows that more is to be known before.
    private SalvageReport search(Survey.Lesson lesson, long limit, Map<Long, Integer> databases)
        throws IOException {
      OptionalLong tooMany;
      Optional<Map<Long, Integer>> more;
      try (Survey strict = new Survey(bytes, header, headerAssumed, options, limit, databases)) {
        strict.learn(lesson);
        strict.run(watch.begin(Pass.SEARCHING, bytes.size()));
        boolean isSound = strict.isSound();
        tooMany = strict.leaveOutRepeated();
        more = strict.lostDatabases();
        if (tooMany.isEmpty() && more.isEmpty()) {
          return isSound ? withChecksum(strict.report()) : strict.report();
        }
      }
      return more.isPresent()
          ? search(lesson, limit, more.get())
          : search(lesson, tooMany.getAsLong(), databases);
    }

    private SalvageReport withChecksum(SalvageReport report) throws IOException {
      return report.with(checksum(channel, report, watch));
    }
  }

  private static Checksum checksum(FileChannel channel, SalvageReport report, SalvageWatch watch)
      throws IOException {
    if (!report.header().hasChecksum() || report.headerAssumed()) {
      return Checksum.NOT_COMPARED;
    }
    long end = report.fileBytes() - report.trailingBytes() - CHECKSUM_BYTES;
    byte[] stored = new byte[CHECKSUM_BYTES];
    copy(
        channel,
        end,
        end + CHECKSUM_BYTES,
        at -> {},
        (bytes, count) -> System.arraycopy(bytes, 0, stored, 0, count));
    if (LittleEndian.getLong(stored, 0) == 0) {
      return Checksum.NOT_COMPARED;
    }
    Crc64 crc = new Crc64();
    LongConsumer progress = watch.begin(Pass.SUMMING, end);
    copy(channel, 0, end, progress, (bytes, count) -> crc.update(bytes, 0, count));
    return LittleEndian.getLong(stored, 0) == crc.value() ? Checksum.MATCHES : Checksum.DIFFERS;
  }

  /// Writes what `report` says is whole in `source` to `out`, which is left open.
  ///
  /// What comes out is an RDB as sound as the source was when it was surveyed; if that has changed
  /// since, only a check of the result tells.
  ///
  /// @throws IOException if reading or writing fails
  public static void write(Path source, SalvageReport report, OutputStream out, SalvageWatch watch)
      throws IOException {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
      write(in, report, out, watch.begin(Pass.COPYING, in.size()));
    }
  }

  private static void write(
      FileChannel in, SalvageReport report, OutputStream out, LongConsumer progress)
      throws IOException {
    Crc64 crc = new Crc64();
    Sink sink =
        (bytes, count) -> {
          crc.update(bytes, 0, count);
          out.write(bytes, 0, count);
        };
    put(sink, headerBytes(report.header()));
    int db = 0;
    for (Stretch stretch : report.stretches()) {
      if (stretch.db() != db || stretch.dbAssumed()) {
        put(sink, selection(stretch.db()));
      }
      copy(in, stretch.offset(), stretch.end(), progress, sink);
      db = stretch.lastDb();
    }
    put(sink, new byte[] {(byte) END_OPCODE});
    if (report.header().hasChecksum()) {
      byte[] trailer = new byte[CHECKSUM_BYTES];
      LittleEndian.putLong(trailer, 0, crc.value());
      out.write(trailer);
    }
  }

  private static byte[] headerBytes(RdbHeader header) {
    String text =
        switch (header.dialect()) {
          case REDIS -> "REDIS%04d".formatted(header.version());
          case VALKEY -> "VALKEY%03d".formatted(header.version());
        };
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] selection(int db) {
    return db < 64
        ? new byte[] {(byte) 0xfe, (byte) db}
        : new byte[] {
          (byte) 0xfe,
          (byte) 0x80,
          (byte) (db >>> 24),
          (byte) (db >>> 16),
          (byte) (db >>> 8),
          (byte) db
        };
  }

  /// Where copied bytes go.
  private interface Sink {
    void accept(byte[] bytes, int count) throws IOException;
  }

  private static void put(Sink sink, byte[] bytes) throws IOException {
    sink.accept(bytes, bytes.length);
  }

  private static void copy(FileChannel in, long offset, long end, LongConsumer progress, Sink sink)
      throws IOException {
    byte[] buffer = new byte[(int) Math.min(COPY_BYTES, end - offset)];
    for (long at = offset; at < end; ) {
      int wanted = (int) Math.min(buffer.length, end - at);
      int count = in.read(ByteBuffer.wrap(buffer, 0, wanted), at);
      if (count <= 0) {
        throw new IOException("the file became shorter while it was read");
      }
      sink.accept(buffer, count);
      at += count;
      progress.accept(at);
    }
  }
}
