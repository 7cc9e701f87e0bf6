package io.redrill.bench;

import io.redrill.aof.RestoreCommands;
import io.redrill.aof.RestoreOptions;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.convert.RdbConversion;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbSplit;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import io.redrill.rdb.json.RdbJson;
import io.redrill.rdb.stats.Jemalloc;
import io.redrill.rdb.stats.RdbStats;
import io.redrill.rdb.stats.StatsOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is measured, in the order of the table: the code behind the commands, with what they write
/// thrown away. A new task is one more line here.
final class BenchTasks {

  static final List<BenchTask> ALL =
      List.of(
          new BenchTask("crc64", "CRC-64 of the file", BenchTasks::crc64),
          new BenchTask("check", "check structure, CRC", BenchTasks::structure),
          new BenchTask("deep", "check every element, digest", file -> deep(file, 1)),
          new BenchTask("deep2", "... with two threads", file -> deep(file, 2)),
          new BenchTask("stats", "stats with memory estimate", BenchTasks::stats),
          new BenchTask("json", "JSON lines", BenchTasks::json),
          new BenchTask("restore", "RESTORE commands", BenchTasks::restore),
          new BenchTask("copy", "convert to the same target", BenchTasks::copy),
          new BenchTask("filter", "filter, half of the slots", BenchTasks::filter));

  private BenchTasks() {}

  private static ByteInput open(Path file) throws IOException {
    return new ByteInput(Files.newInputStream(file), file.toString());
  }

  private static long crc64(Path file) throws IOException {
    Crc64 crc = new Crc64();
    byte[] buffer = new byte[ByteInput.DEFAULT_BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        crc.update(buffer, 0, count);
      }
    }
    // The CRC of a file with its own CRC at the end is zero.
    if (crc.value() != 0) {
      throw new IOException("the file's checksum is wrong");
    }
    return 0;
  }

  private static long structure(Path file) throws IOException {
    return check(
        file, new RdbCheckOptions(Depth.STRUCTURE, RdbReading.DEFAULT, 1, Optional.empty()));
  }

  private static long deep(Path file, int threads) throws IOException {
    return check(
        file, new RdbCheckOptions(Depth.ELEMENTS, RdbReading.DEFAULT, threads, Optional.empty()));
  }

  private static long check(Path file, RdbCheckOptions options) throws IOException {
    try (ByteInput in = open(file)) {
      RdbCheckReport report = RdbCheck.checkFile(in, options);
      if (!report.isSound()) {
        throw new IOException("the file is damaged: " + report.findings());
      }
      return report.entryCount();
    }
  }

  private static long stats(Path file) throws IOException {
    try (ByteInput in = open(file)) {
      StatsOptions options = new StatsOptions(RdbFilter.ALL, 0, 10, ":", 1, Jemalloc.BUNDLED);
      return RdbStats.read(in, options).total().keys();
    }
  }

  private static long json(Path file) throws IOException {
    RdbJson json = new RdbJson(OutputStream.nullOutputStream());
    return eachKey(file, json::key);
  }

  private static long restore(Path file) throws IOException {
    RestoreCommands commands =
        new RestoreCommands(
            OutputStream.nullOutputStream(), new RestoreOptions(false, false, true));
    return eachKey(file, commands::key);
  }

  private interface KeyAction {
    void accept(RdbCursor cursor) throws IOException;
  }

  private static long eachKey(Path file, KeyAction action) throws IOException {
    try (ByteInput in = open(file)) {
      RdbCursor cursor = new RdbCursor(in);
      long keys = 0;
      for (RdbCursor.Step step = cursor.next(); step != RdbCursor.Step.END; step = cursor.next()) {
        if (step == RdbCursor.Step.KEY) {
          action.accept(cursor);
          keys++;
        }
      }
      return keys;
    }
  }

  /// Both passes: what the target cannot hold is looked for first.
  private static long copy(Path file) throws IOException {
    RdbTarget target = RdbTarget.REDIS_7_0;
    try (RdbSource source = RdbSource.open(file, bytes -> {})) {
      RdbConversion conversion =
          RdbConversion.plan(source, target, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0);
      conversion.write(OutputStream.nullOutputStream(), Set.of());
      return conversion.survey().keys();
    }
  }

  /// Both passes, over keys that stay and go in turn.
  private static long filter(Path file) throws IOException {
    RdbFilter filter =
        new RdbFilter(
            Set.of(),
            List.of(),
            List.of(),
            Set.of(),
            Optional.of(SlotSet.range(0, KeySlot.COUNT / 2 - 1)),
            List.of());
    try (RdbSource source = RdbSource.open(file, bytes -> {})) {
      RdbSplit split = RdbSplit.plan(source, filter, List.of(SlotSet.range(0, KeySlot.COUNT - 1)));
      split.write(List.of(OutputStream.nullOutputStream()));
      return split.keys(0);
    }
  }
}
