package io.redrill.aof;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Writes an append-only file anew, up to a cut, as a directory for Redis 7.0 and later: the base
/// as it was, then one incremental file.
///
/// The source is only read. With [LogCut.AtEnd] the result is a copy without the unfinished tail. A
/// base is a state and not a log: a cut can fall after it, never into it. The log of a single file
/// begins after its RDB, if it has one.
public final class AofDirectoryCut {

  private static final byte[] CREATION_TIME = "ctime".getBytes(StandardCharsets.US_ASCII);

  private final AofDirectoryWriter target;
  private final LogCut cut;
  private Optional<LastFile> last = Optional.empty();

  private AofDirectoryCut(AofDirectoryWriter target, LogCut cut) {
    this.target = target;
    this.cut = cut;
  }

  /// Writes `source` up to `cut` into `directory`, which is created. Offsets count from the first
  /// command after the base.
  ///
  /// @throws CutBeforeBaseException if the base is known to be later than the cut
  /// @throws io.redrill.rdb.FormatException if the source is damaged before the cut
  public static LogCutReport write(AofDirectory source, LogCut cut, Path directory, AofNames names)
      throws IOException {
    AofDirectoryWriter target = new AofDirectoryWriter(directory, names);
    return new AofDirectoryCut(target, cut).write(source);
  }

  /// As above, up to the last record that ends at `offset` of `file`, which is one of the source's,
  /// or before.
  public static LogCutReport write(
      AofDirectory source, Path file, long offset, Path directory, AofNames names)
      throws IOException {
    AofDirectoryWriter target = new AofDirectoryWriter(directory, names);
    AofDirectoryCut cut = new AofDirectoryCut(target, new LogCut.AtEnd());
    cut.last = Optional.of(new LastFile(file, offset));
    return cut.write(source);
  }

  /// The file that is read last, and how much of it.
  private record LastFile(Path file, long length) {}

  private LogCutReport write(AofDirectory source) throws IOException {
    List<Path> files = source.files();
    boolean hasBase = source.manifest().flatMap(AofManifest::base).isPresent();
    LogCutReport report;
    try (LogCutter cutter = new LogCutter(target.addIncrement(), cut, 0)) {
      boolean more = true;
      for (int i = 0; more && i < files.size(); i++) {
        try (ByteInput in = open(files.get(i))) {
          if (i == 0 && AofPreamble.isNext(in)) {
            copyRdb(in);
          } else if (i == 0 && hasBase) {
            copyCommands(in);
          }
          more = cutter.append(in) && !isLast(files.get(i));
        }
      }
      report = cutter.finish();
    }
    target.commit();
    return report;
  }

  private void copyRdb(ByteInput in) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target.addBase(true)))) {
      in.tap(out::write);
      readRdb(in);
      in.tap((bytes, offset, length) -> {});
    }
  }

  private void readRdb(ByteInput in) throws IOException {
    try {
      RdbReader rdb = new RdbReader(in);
      for (RdbRecord record = rdb.next(); !(record instanceof RdbRecord.End); record = rdb.next()) {
        if (record instanceof RdbRecord.Aux(byte[] name, byte[] value)
            && Arrays.equals(name, CREATION_TIME)) {
          refuseLater(in.name(), seconds(value));
        }
      }
    } catch (CorruptInputException damage) {
      throw cutShort(in, damage);
    }
  }

  /// A server of Redis 7.0 or later takes a base of commands whole. What stands in it is no
  /// history, unless it is the single file of an older server; then its marks say so.
  private void copyCommands(ByteInput in) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(target.addBase(false)))) {
      in.tap(out::write);
      AofCursor log = new AofCursor(in);
      for (AofCursor.Step step = log.next(); step != AofCursor.Step.END; step = log.next()) {
        if (step == AofCursor.Step.TIME_MARK) {
          refuseLater(in.name(), Math.floorDiv(log.time().orElseThrow().unixMillis(), 1000));
        }
      }
      if (!(log.end().tail() instanceof AofRecord.Tail.Clean)) {
        throw cutShort(
            in, new CorruptInputException("base cut short", in.name(), log.goodOffset()));
      }
      in.tap((bytes, offset, length) -> {});
    }
  }

  private void refuseLater(String base, long writtenSecond) throws CutBeforeBaseException {
    Instant written = Instant.ofEpochSecond(writtenSecond);
    if (cut instanceof LogCut.AtTime(Instant instant) && written.isAfter(instant)) {
      throw new CutBeforeBaseException(base, written, instant);
    }
  }

  /// The time in an aux field; the epoch, earlier than any cut, where it is none.
  private static long seconds(byte[] digits) {
    String text = new String(digits, StandardCharsets.US_ASCII);
    return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : 0;
  }

  private ByteInput open(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    return new ByteInput(
        isLast(file) ? new FirstBytes(bytes, last.orElseThrow().length()) : bytes, file.toString());
  }

  private boolean isLast(Path file) {
    return last.isPresent() && last.get().file().equals(file);
  }

  /// A base that ends before its end, as far as it is read.
  private IOException cutShort(ByteInput in, IOException damage) {
    return last.isPresent() && in.offset() == last.get().length()
        ? new CutBeforeBaseException(in.name(), last.get().length())
        : damage;
  }
}
