package io.redrill.backup.recovery;

import io.redrill.aof.AofDirectoryWriter;
import io.redrill.aof.AofNames;
import io.redrill.aof.LogCutReport;
import io.redrill.aof.LogCutter;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.log.SegmentStream;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.repository.PartReader;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.source.DatasetSummarizer;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Turns a plan into files, and proves every byte on the way: each part by its SHA-256, the RDB by
/// its own checksum and the manifest's digest, each segment by its last line.
///
/// Writes only what does not exist yet. Blocks; memory does not grow with the data.
public final class Materializer {

  /// The directory of the append-only file inside a server's directory.
  public static final String AOF_DIRECTORY = "appendonlydir";

  private static final int BUFFER_BYTES = 256 * 1024;

  private final Repository repository;

  /// Reads from `repository`.
  public Materializer(Repository repository) {
    this.repository = repository;
  }

  /// Writes the RDB of a snapshot to `file`, byte for byte as the server made it, and makes it
  /// durable.
  ///
  /// @throws RedrillException naming the damaged object, or with [ErrorCode#DIGEST_DIFFERS]
  public void writeRdb(Manifest snapshot, Path file) {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out =
            new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
      read(snapshot, out);
      out.flush();
      channel.force(true);
    } catch (IOException e) {
      throw Failures.of(e, "snapshot", snapshot.id(), "file", file);
    }
  }

  /// Reads a snapshot to its end and proves it, without keeping it.
  public void prove(Manifest snapshot) {
    try {
      read(snapshot, OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw Failures.of(e, "snapshot", snapshot.id());
    }
  }

  private void read(Manifest snapshot, OutputStream out) throws IOException {
    String name = RepositoryKeys.snapshots(snapshot.source()) + snapshot.id();
    try (ByteInput in = new ByteInput(new PartReader(repository, snapshot), name)) {
      in.tap(out::write);
      RdbCursor rdb = new RdbCursor(in);
      DatasetSummarizer dataset = new DatasetSummarizer();
      while (rdb.next() != RdbCursor.Step.END) {
        dataset.add(rdb);
      }
      in.flushTap();
      if (!in.atEnd()) {
        throw new RedrillException(
            ErrorCode.REPOSITORY_DAMAGED, "object", name, "problem", "bytes follow the RDB");
      }
      if (!dataset.summary().equals(snapshot.dataset())) {
        throw new RedrillException(
            ErrorCode.DIGEST_DIFFERS, "source", snapshot.source(), "snapshot", snapshot.id());
      }
    }
  }

  /// Writes a server's directory: a multi-part append-only file with the snapshot as its base and
  /// the log up to the cut as its incremental file, from which Redis 7.0 and later starts with
  /// `appendonly yes`.
  ///
  /// @param directory is made if it is not there
  /// @return what was kept of the log, if the plan has any
  public Optional<LogCutReport> writeDataDirectory(RecoveryPlan plan, Path directory) {
    try {
      AofDirectoryWriter files =
          new AofDirectoryWriter(directory.resolve(AOF_DIRECTORY), AofNames.DEFAULT);
      writeRdb(plan.snapshot(), files.addBase(true));
      Optional<LogCutReport> report = Optional.of(writeLog(plan, files.addIncrement()));
      files.commit();
      return plan.needsReplay() ? report : Optional.empty();
    } catch (IOException e) {
      throw Failures.of(e, "directory", directory);
    }
  }

  private LogCutReport writeLog(RecoveryPlan plan, Path file) throws IOException {
    long first = plan.snapshot().position().map(LogPosition::offset).orElse(0L);
    try (LogCutter cutter = new LogCutter(file, plan.cut(), first)) {
      boolean wanted = true;
      for (SegmentName segment : plan.segments()) {
        if (wanted) {
          wanted = append(plan, cutter, segment);
        }
      }
      return cutter.finish();
    }
  }

  /// Reads the segment to its end even if the cut comes before: only there it is proved.
  private boolean append(RecoveryPlan plan, LogCutter cutter, SegmentName segment)
      throws IOException {
    String key = RepositoryKeys.segment(plan.source(), segment).value();
    try (ByteInput in = new ByteInput(new SegmentStream(repository, plan.source(), segment), key)) {
      boolean wanted = cutter.append(in, segment.first());
      while (!in.atEnd()) {
        in.skip(in.buffered());
      }
      return wanted;
    } catch (IllegalArgumentException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPOSITORY_DAMAGED, "object", key, "problem", "the log before it is short");
    }
  }
}
