package io.redrill.backup.repository;

import io.redrill.rdb.RdbRecord.Checksum;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// The description and checksums of one snapshot. Its presence in the repository is the commit.
///
/// @param startedAt when the taking began
/// @param takenAt the moment that the image shows
/// @param finishedAt when the last part was durable
/// @param position where in the log the image stands; empty where no log can follow it
/// @param compressionLevel of zstd
/// @param warnings what is odd about the RDB and not wrong
public record Manifest(
    SnapshotId id,
    SourceName source,
    CaptureMode capture,
    Consistency consistency,
    Server server,
    Instant startedAt,
    Instant takenAt,
    Instant finishedAt,
    Optional<LogPosition> position,
    Rdb rdb,
    int compressionLevel,
    List<Part> parts,
    DatasetSummary dataset,
    List<String> warnings) {

  /// The version of the manifests that this code writes, and the highest that it reads.
  public static final int VERSION = 1;

  /// Copies the lists, and keeps whole milliseconds, which is what the stored form holds.
  public Manifest {
    startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
    takenAt = takenAt.truncatedTo(ChronoUnit.MILLIS);
    finishedAt = finishedAt.truncatedTo(ChronoUnit.MILLIS);
    parts = List.copyOf(parts);
    warnings = List.copyOf(warnings);
  }

  /// Who wrote the RDB; either may be empty text where nothing says so.
  ///
  /// @param product `redis`, `valkey`, ...
  public record Server(String product, String version) {}

  /// The RDB as a whole.
  ///
  /// @param dialect `redis` or `valkey`
  /// @param version the RDB version in its header
  public record Rdb(String dialect, int version, long bytes, String sha256, Checksum checksum) {}

  /// One object of the snapshot's data.
  ///
  /// @param name the last part of its key
  /// @param storedBytes its length in the store
  /// @param rawBytes how much of the RDB it holds
  /// @param sha256 of the stored bytes
  public record Part(String name, long storedBytes, long rawBytes, String sha256) {}

  /// The stored size of all parts.
  public long storedBytes() {
    return parts.stream().mapToLong(Part::storedBytes).sum();
  }
}
