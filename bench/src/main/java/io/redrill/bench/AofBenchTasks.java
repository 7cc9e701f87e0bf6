package io.redrill.bench;

import io.redrill.aof.AofCheck;
import io.redrill.aof.AofCheckReport;
import io.redrill.aof.AofCursor;
import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.aof.AofStats;
import io.redrill.aof.LogCut;
import io.redrill.aof.LogCutter;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What is measured of an append-only file, as [BenchTasks] is of an RDB; commands are counted in
/// the place of keys.
final class AofBenchTasks {

  static final List<BenchTask> ALL =
      List.of(
          new BenchTask("aof-check", "check: positions, time marks", AofBenchTasks::check),
          new BenchTask("aof-arguments", "every argument, in place", AofBenchTasks::arguments),
          new BenchTask("aof-records", "every argument, as an object", AofBenchTasks::records),
          new BenchTask("aof-stats", "stats: keys, prefixes", AofBenchTasks::stats),
          new BenchTask("aof-cut", "cut before a match, written", AofBenchTasks::cut));

  private AofBenchTasks() {}

  private static long check(Path file) throws IOException {
    AofCheckReport report = AofCheck.check(file);
    if (!report.findings().isEmpty()) {
      throw new IOException("the file is damaged: " + report.findings());
    }
    return report.files().getFirst().commands();
  }

  private static long arguments(Path file) throws IOException {
    long commands = 0;
    long sum = 0;
    ByteSlice slice = new ByteSlice();
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      AofCursor log = new AofCursor(in);
      for (AofCursor.Step step = log.next(); step != AofCursor.Step.END; step = log.next()) {
        if (step == AofCursor.Step.COMMAND) {
          commands++;
          for (int i = 0; i < log.argumentsAtHand(); i++) {
            log.argument(i, slice);
            sum += slice.length() == 0 ? 0 : slice.get(0);
          }
        }
      }
    }
    if (sum == 0) {
      throw new IOException("no argument was seen");
    }
    return commands;
  }

  private static long records(Path file) throws IOException {
    long commands = 0;
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      AofReader log = new AofReader(in);
      while (log.next() instanceof AofRecord.Command) {
        commands++;
      }
    }
    return commands;
  }

  private static long stats(Path file) throws IOException {
    AofStats stats = new AofStats(":", 1);
    AofDirectory.open(file).read(stats);
    return stats.total().commands();
  }

  /// To the end: the pattern matches nothing. Durable, so that the disk has its part in the wall.
  private static long cut(Path file) throws IOException {
    Path target = file.resolveSibling("." + file.getFileName() + ".cut");
    Files.deleteIfExists(target);
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString());
        LogCutter cutter = new LogCutter(target, LogCut.BeforeMatch.of("DEL user:*", 1), 0)) {
      cutter.append(in);
      return cutter.finish().commands();
    } finally {
      Files.delete(target);
    }
  }
}
