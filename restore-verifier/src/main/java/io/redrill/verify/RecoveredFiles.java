package io.redrill.verify;

import io.redrill.aof.AofNames;
import io.redrill.aof.LogCutReport;
import io.redrill.backup.Failures;
import io.redrill.backup.recovery.Materializer;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A recovery point as a directory that a server starts from, with every stored byte proved.
///
/// @param data the server's data directory
/// @param base the snapshot's RDB in it
/// @param bytes the length of the RDB and the log
/// @param log what was kept of the log, if the plan has any
record RecoveredFiles(Path data, Path base, long bytes, Optional<LogCutReport> log) {

  /// Writes the directory.
  static RecoveredFiles write(Repository repository, RecoveryPlan plan, Path data) {
    Optional<LogCutReport> log = new Materializer(repository).writeDataDirectory(plan, data);
    Path base = data.resolve(Materializer.AOF_DIRECTORY).resolve(AofNames.DEFAULT.base(1, true));
    try {
      long bytes = Files.size(base) + log.map(LogCutReport::sizeBytes).orElse(0L);
      return new RecoveredFiles(data, base, bytes, log);
    } catch (IOException e) {
      throw Failures.of(e, "file", base);
    }
  }

  /// How many commands of the log were kept.
  long commands() {
    return log.map(LogCutReport::commands).orElse(0L);
  }
}
