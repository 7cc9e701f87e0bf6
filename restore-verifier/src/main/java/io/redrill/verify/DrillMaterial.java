package io.redrill.verify;

import io.redrill.aof.AofDirectoryWriter;
import io.redrill.aof.AofNames;
import io.redrill.aof.AofWriter;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.LogRecord;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartReader;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A recovery point as a directory that a server starts from: the snapshot as the base of an
/// append-only file, and the log after it as its increment.
///
/// Every part and segment is proved by its readers while it is copied. Memory: one command.
///
/// @param data the server's data directory
/// @param base the snapshot's RDB in it
/// @param bytes the length of both files
/// @param commands how many commands of the log were written, housekeeping not counted
/// @param reached the offset at which the log ends; empty if the snapshot has no position
/// @param lastMillis the time mark of the last command, 0 if there is none
record DrillMaterial(
    Path data, Path base, long bytes, long commands, Optional<Long> reached, long lastMillis) {

  /// Writes the directory.
  ///
  /// @param segments those after the snapshot, without a gap
  /// @param untilMillis commands with a later time mark are left out, but no transaction is torn
  static DrillMaterial write(
      Repository repository,
      SourceName source,
      Manifest manifest,
      List<SegmentName> segments,
      long untilMillis,
      Path data) {
    try {
      AofDirectoryWriter directory =
          new AofDirectoryWriter(data.resolve("appendonlydir"), AofNames.DEFAULT);
      Path base = directory.addBase(true);
      try (InputStream in = new PartReader(repository, manifest)) {
        Files.copy(in, base);
      }
      LogCopy log = new LogCopy(manifest, untilMillis);
      Path increment = directory.addIncrement();
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(increment))) {
        log.copy(repository, source, segments, new AofWriter(out));
      }
      directory.commit();
      return new DrillMaterial(
          data,
          base,
          Files.size(base) + Files.size(increment),
          log.commands,
          manifest.position().isPresent() ? Optional.of(log.reached) : Optional.empty(),
          log.lastMillis);
    } catch (IOException e) {
      throw Failures.of(e, "source", source);
    }
  }

  /// The copying of the log, which ends with the last segment or at the cut.
  private static final class LogCopy {

    private final long untilMillis;
    private long reached;
    private long commands;
    private long lastMillis;

    LogCopy(Manifest manifest, long untilMillis) {
      this.untilMillis = untilMillis;
      this.reached = manifest.position().map(position -> position.offset()).orElse(0L);
    }

    void copy(Repository repository, SourceName source, List<SegmentName> segments, AofWriter out)
        throws IOException {
      for (SegmentName segment : segments) {
        try (SegmentReader reader = SegmentReader.open(repository, source, segment)) {
          if (!copy(reader, out)) {
            return;
          }
        }
      }
    }

    /// Returns whether to go on with the next segment.
    private boolean copy(SegmentReader reader, AofWriter out) throws IOException {
      boolean openTransaction = false;
      for (Optional<LogRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
        LogRecord record = next.get();
        if (record.end() <= reached) {
          continue;
        }
        if (record.offset() != reached) {
          throw new RedrillException(
              ErrorCode.REPOSITORY_DAMAGED,
              "problem",
              "a command does not begin where the one before ends",
              "offset",
              record.offset());
        }
        if (record.atMillis() > untilMillis && !openTransaction) {
          return false;
        }
        reached = record.end();
        lastMillis = record.atMillis();
        openTransaction = record.command().inTransaction() && !record.command().is("EXEC");
        if (!record.isHousekeeping() && !record.command().is("SELECT")) {
          out.write(record.command().db(), record.command().args());
          commands++;
        }
      }
      return true;
    }
  }
}
