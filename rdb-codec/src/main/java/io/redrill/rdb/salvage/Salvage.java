package io.redrill.rdb.salvage;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.salvage.SalvageReport.Checksum;
import io.redrill.rdb.salvage.SalvageReport.Stretch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Recovers from a damaged RDB file what stands before, between and behind its holes.
///
/// [#survey] finds what is whole and changes nothing; [#write] copies that, byte for byte, into a
/// file of its own with a new checksum, and reads it again before it gives it its name. Both block
/// as the disk does. Memory: some times [SalvageOptions#maxValueBytes], and a few numbers for each
/// hole.
///
/// What no encoding and no length shows stays unseen: a bit that is flipped inside of a plain
/// string changes that string, and where bytes are lost there is no checksum to tell. Next to a
/// hole a sound key may be given up with it, rather than be restored with a wrong value or without
/// its expiry. That no key stands twice in the result is not checked.
public final class Salvage {

  private static final int COPY_BYTES = 256 * 1024;
  private static final int CHECKSUM_BYTES = 8;
  private static final int END_OPCODE = 0xff;

  private Salvage() {}

  /// Surveys `file`, which must not change meanwhile.
  ///
  /// @throws IOException if it cannot be read; what is wrong with its bytes is in the report
  ///   instead
  public static SalvageReport survey(Path file, SalvageOptions options) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileBytes bytes = new FileBytes(channel);
      Optional<RdbHeader> own = RdbGuess.own(bytes);
      Optional<RdbHeader> known = options.header().or(() -> own);
      RdbHeader header = known.isPresent() ? known.get() : RdbGuess.guess(bytes);
      boolean assumed = !own.equals(Optional.of(header));
      Survey whole = new Survey(bytes, header, assumed, options);
      Optional<SalvageReport> sound = whole.runWhileSound();
      if (sound.isPresent()) {
        SalvageReport report = withChecksum(channel, sound.get());
        if (report.checksum() == Checksum.MATCHES || !whole.isDoubtful()) {
          return report;
        }
      }
      Survey strict = new Survey(bytes, header, assumed, options);
      strict.learnFrom(whole);
      return withChecksum(channel, strict.run());
    }
  }

  private static SalvageReport withChecksum(FileChannel channel, SalvageReport report)
      throws IOException {
    return report.losses().isEmpty() && report.endFound()
        ? report.with(checksum(channel, report))
        : report;
  }

  private static Checksum checksum(FileChannel channel, SalvageReport report) throws IOException {
    if (!report.header().hasChecksum() || report.headerAssumed()) {
      return Checksum.NOT_COMPARED;
    }
    long end = report.fileBytes() - report.trailingBytes() - CHECKSUM_BYTES;
    byte[] stored = new byte[CHECKSUM_BYTES];
    copy(
        channel,
        end,
        end + CHECKSUM_BYTES,
        (bytes, count) -> System.arraycopy(bytes, 0, stored, 0, count));
    if (LittleEndian.getLong(stored, 0) == 0) {
      return Checksum.NOT_COMPARED;
    }
    Crc64 crc = new Crc64();
    copy(channel, 0, end, (bytes, count) -> crc.update(bytes, 0, count));
    return LittleEndian.getLong(stored, 0) == crc.value() ? Checksum.MATCHES : Checksum.DIFFERS;
  }

  /// Writes what `report` says is whole in `source` to `target`: under a temporary name beside it,
  /// made durable, read again and compared with the report, and only then moved into place.
  ///
  /// @param replace whether an existing target may be replaced
  /// @throws FileAlreadyExistsException if the target is there and must stay
  /// @throws CorruptInputException if what was written is not what the report says, as when the
  ///   source changed meanwhile; the target is then not written
  /// @throws IOException if reading or writing fails
  public static void write(Path source, SalvageReport report, Path target, boolean replace)
      throws IOException {
    if (!replace && Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path directory = Optional.ofNullable(target.toAbsolutePath().getParent()).orElse(target);
    Path temporary = Files.createTempFile(directory, ".salvage-", ".rdb");
    try {
      write(source, report, temporary);
      prove(temporary, report);
      if (replace) {
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        place(temporary, target);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  /// A link, unlike a rename, never replaces what has come into being meanwhile.
  private static void place(Path temporary, Path target) throws IOException {
    try {
      Files.createLink(target, temporary);
    } catch (UnsupportedOperationException e) {
      Files.move(temporary, target);
    }
  }

  private static void write(Path source, SalvageReport report, Path temporary) throws IOException {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
        OutputStream out =
            new BufferedOutputStream(Channels.newOutputStream(channel), COPY_BYTES)) {
      write(in, report, out);
      out.flush();
      channel.force(true);
    }
  }

  private static void write(FileChannel in, SalvageReport report, OutputStream out)
      throws IOException {
    Crc64 crc = new Crc64();
    Sink sink =
        (bytes, count) -> {
          crc.update(bytes, 0, count);
          out.write(bytes, 0, count);
        };
    put(sink, RecordWalk.headerBytes(report.header()));
    int db = 0;
    for (Stretch stretch : report.stretches()) {
      if (stretch.db() != db || stretch.dbAssumed()) {
        put(sink, RecordWalk.selection(stretch.db()));
      }
      copy(in, stretch.offset(), stretch.end(), sink);
      db = stretch.lastDb();
    }
    put(sink, new byte[] {(byte) END_OPCODE});
    if (report.header().hasChecksum()) {
      byte[] trailer = new byte[CHECKSUM_BYTES];
      LittleEndian.putLong(trailer, 0, crc.value());
      out.write(trailer);
    }
  }

  /// Where copied bytes go.
  private interface Sink {
    void accept(byte[] bytes, int count) throws IOException;
  }

  private static void put(Sink sink, byte[] bytes) throws IOException {
    sink.accept(bytes, bytes.length);
  }

  private static void copy(FileChannel in, long offset, long end, Sink sink) throws IOException {
    byte[] buffer = new byte[(int) Math.min(COPY_BYTES, end - offset)];
    for (long at = offset; at < end; ) {
      int wanted = (int) Math.min(buffer.length, end - at);
      int count = in.read(ByteBuffer.wrap(buffer, 0, wanted), at);
      if (count <= 0) {
        throw new IOException("the file became shorter while it was read");
      }
      sink.accept(buffer, count);
      at += count;
    }
  }

  /// What is written is a sound RDB with as many keys as the report says.
  private static void prove(Path written, SalvageReport report) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(written), written.toString())) {
      RdbCheckReport check =
          RdbCheck.checkFile(
              in, new RdbCheckOptions(Depth.STRUCTURE, RdbReading.DEFAULT, 1, Optional.empty()));
      if (check.end().isEmpty() || check.entryCount() != report.keys()) {
        throw new CorruptInputException(
            "what was salvaged reads as %d keys and not as %d: the damaged file may have changed"
                .formatted(check.entryCount(), report.keys()),
            written.toString(),
            check.findings().isEmpty() ? 0 : check.findings().getFirst().offset());
      }
    }
  }
}
