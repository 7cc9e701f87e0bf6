package io.redrill.aof;

import io.redrill.aof.AofFinding.Severity;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.check.Finding;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks an append-only file in one pass: the manifest, each file that it names, the RDB in front
/// as [RdbCheck] does, and every record up to the end of the last transaction.
///
/// What commands mean is not checked: a server that does not know one refuses the file, and no
/// check tool tells.
public final class AofCheck {

  private static final String OURS = "REDRILL:";

  private final List<AofFinding> findings = new ArrayList<>();
  private final List<AofCheckReport.CheckedFile> files = new ArrayList<>();

  private final RdbCheckOptions rdbOptions;

  private AofCheck(RdbCheckOptions rdbOptions) {
    this.rdbOptions = rdbOptions;
  }

  /// Checks what is at `path`: see [AofDirectory#open]. Reads every byte.
  ///
  /// @throws NoSuchFileException if nothing is at `path`
  /// @throws IOException if it cannot be read; damage is a finding, not an exception
  public static AofCheckReport check(Path path) throws IOException {
    return check(path, RdbCheckOptions.DEFAULT);
  }

  /// As above, with an RDB in front checked as `rdbOptions` say.
  public static AofCheckReport check(Path path, RdbCheckOptions rdbOptions) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    AofCheck check = new AofCheck(rdbOptions);
    try {
      check.checkFiles(AofDirectory.open(path));
      return check.report();
    } catch (CorruptInputException manifest) {
      check.find(
          Severity.DAMAGE,
          fileName(Path.of(manifest.input())),
          manifest.offset(),
          "manifest: " + manifest.problem(),
          0);
    } catch (NoSuchFileException nothing) {
      check.find(
          Severity.DAMAGE,
          fileName(path),
          0,
          Optional.ofNullable(nothing.getReason()).orElse("no such file")
              + "; a server would start empty",
          0);
    }
    return check.report();
  }

  /// As above, of what was opened before.
  public static AofCheckReport check(AofDirectory set) throws IOException {
    AofCheck check = new AofCheck(RdbCheckOptions.DEFAULT);
    check.checkFiles(set);
    return check.report();
  }

  private AofCheckReport report() {
    return new AofCheckReport(findings, files);
  }

  private void checkFiles(AofDirectory set) throws IOException {
    for (Path file : set.files()) {
      if (Files.isRegularFile(file)) {
        checkFile(file, file.equals(set.files().getLast()));
      } else {
        find(Severity.DAMAGE, fileName(file), 0, "the manifest names this file, and it is gone", 0);
      }
    }
    if (set.manifest().isPresent()) {
      findUnlisted(set.directory(), set.manifest().get());
    }
  }

  private void checkFile(Path file, boolean isLast) throws IOException {
    String name = fileName(file);
    long size = Files.size(file);
    LogTotals totals = new LogTotals();
    try (ByteInput in = AofDirectory.input(file, name)) {
      if (AofPreamble.isNext(in)) {
        checkRdb(in, totals, size);
      }
      if (!totals.isRdbUnreadable) {
        checkLog(in, totals, size, isLast);
      }
    }
    files.add(
        new AofCheckReport.CheckedFile(
            name,
            size,
            totals.isRdbDamaged ? 0 : totals.soundBytes,
            totals.isRdbDamaged,
            totals.keys,
            totals.commands,
            totals.firstTime,
            totals.lastTime));
    if (totals.annotations > 0) {
      find(Severity.NOTE, name, 0, "annotations of unknown meaning: " + totals.annotations, 0);
    }
    if (totals.timeStepsBack > 0) {
      find(Severity.NOTE, name, 0, "time marks that step back: " + totals.timeStepsBack, 0);
    }
  }

  private void checkRdb(ByteInput in, LogTotals totals, long size) throws IOException {
    RdbCheckReport rdb = RdbCheck.check(in, rdbOptions);
    totals.keys = rdb.entryCount();
    totals.isRdbUnreadable = rdb.end().isEmpty();
    totals.isRdbDamaged = !rdb.isSound();
    for (Finding finding : rdb.findings()) {
      String sentence = "rdb: " + finding.sentence();
      String problem = finding.key().map(key -> sentence + ", key " + key).orElse(sentence);
      switch (finding.severity()) {
        case ERROR -> find(Severity.DAMAGE, in.name(), finding.offset(), problem, size);
        case WARNING -> find(Severity.NOTE, in.name(), finding.offset(), problem, 0);
        case INFO -> {
          // Of interest to whoever checks the RDB alone.
        }
      }
    }
  }

  private void checkLog(ByteInput in, LogTotals totals, long size, boolean isLast)
      throws IOException {
    AofCursor log = new AofCursor(in);
    try {
      for (AofCursor.Step step = log.next(); step != AofCursor.Step.END; step = log.next()) {
        switch (step) {
          case COMMAND -> totals.commands += log.complete() ? 1 : 0;
          case TIME_MARK -> totals.add(log.time().orElseThrow());
          case ANNOTATION -> totals.annotations += log.annotation().startsWith(OURS) ? 0 : 1;
          case DATABASE_MARK, POSITION_MARK, LENGTH_MARK, END -> {
            // Ours, and well-formed, or the cursor would have refused it.
          }
        }
      }
      totals.soundBytes = log.goodOffset();
      findTail(in.name(), log.end(), isLast);
    } catch (CorruptInputException damage) {
      long good = log.goodOffset();
      totals.soundBytes = good;
      find(
          Severity.DAMAGE,
          in.name(),
          good,
          "%s at offset %d".formatted(damage.problem(), damage.offset()),
          size - good);
    }
  }

  private void findTail(String name, AofRecord.End end, boolean isLast) {
    String problem =
        switch (end.tail()) {
          case AofRecord.Tail.Clean() -> "";
          case AofRecord.Tail.CutInCommand(long offset) ->
              "ends in the middle of the record at offset " + offset;
          case AofRecord.Tail.OpenTransaction(long multiOffset) ->
              "ends in the middle of the transaction at offset " + multiOffset;
        };
    if (!problem.isEmpty()) {
      find(
          isLast ? Severity.UNFINISHED : Severity.DAMAGE,
          name,
          end.offset(),
          isLast ? problem : problem + ", and is not the last file",
          end.lostBytes());
    }
  }

  /// A file that the manifest does not name is not loaded. That is how a rewrite that died leaves
  /// them, and also how data looks that someone copied without its manifest.
  private void findUnlisted(Path directory, AofManifest manifest) throws IOException {
    Set<String> listed =
        manifest.parts().stream().map(AofManifest.Part::name).collect(Collectors.toSet());
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .map(AofCheck::fileName)
          .filter(name -> name.matches(".*\\.(base\\.(rdb|aof)|incr\\.aof)"))
          .filter(name -> !listed.contains(name))
          .sorted()
          .forEach(name -> find(Severity.NOTE, name, 0, "the manifest does not name this file", 0));
    }
  }

  private void find(Severity severity, String file, long offset, String problem, long lostBytes) {
    findings.add(new AofFinding(severity, file, offset, problem, lostBytes));
  }

  private static String fileName(Path file) {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }

  /// What one file adds up to while it is read.
  private static final class LogTotals {
    private long keys;
    private long commands;
    private long annotations;
    private long timeStepsBack;
    private long soundBytes;

    /// Whether something is wrong in the RDB, and whether its end could not be found.
    private boolean isRdbDamaged;

    private boolean isRdbUnreadable;

    private Optional<AofRecord.TimeMark> firstTime = Optional.empty();
    private Optional<AofRecord.TimeMark> lastTime = Optional.empty();

    void add(AofRecord.TimeMark mark) {
      if (lastTime.isPresent() && mark.unixMillis() < lastTime.get().unixMillis()) {
        timeStepsBack++;
      }
      firstTime = firstTime.or(() -> Optional.of(mark));
      lastTime = Optional.of(mark);
    }
  }
}
