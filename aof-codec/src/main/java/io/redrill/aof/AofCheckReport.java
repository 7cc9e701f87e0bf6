package io.redrill.aof;

import io.redrill.aof.AofFinding.Severity;
import java.util.List;
import java.util.Optional;

/// What a check of an append-only file found.
///
/// @param findings in the order of the files; empty if there is nothing to say
/// @param files what could be read of each file that a server would load, in its order
public record AofCheckReport(List<AofFinding> findings, List<CheckedFile> files) {

  /// What one file holds, up to where it can be read.
  ///
  /// @param soundBytes how many bytes there are up to the end of the last record that is whole and
  ///   in no open transaction: all, where nothing is wrong; 0 if its RDB is damaged
  /// @param isRdbDamaged whether its RDB is damaged
  /// @param keys the keys of the RDB in it
  /// @param commands its commands, those that steer the log among them
  /// @param firstTime,lastTime its time marks, if it has any
  public record CheckedFile(
      String name,
      long sizeBytes,
      long soundBytes,
      boolean isRdbDamaged,
      long keys,
      long commands,
      Optional<AofRecord.TimeMark> firstTime,
      Optional<AofRecord.TimeMark> lastTime) {}

  /// Copies the lists.
  public AofCheckReport {
    findings = List.copyOf(findings);
    files = List.copyOf(files);
  }

  /// The worst of the findings: [Severity#NOTE] means that a server loads all of it.
  public Severity worst() {
    return findings.stream().map(AofFinding::severity).max(Enum::compareTo).orElse(Severity.NOTE);
  }
}
