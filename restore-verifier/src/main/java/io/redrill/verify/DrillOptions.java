package io.redrill.verify;

import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.RecoveryObjectives;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What one drill is to do. Start from [#of] and change what differs.
///
/// @param source the name of the source in the repository
/// @param point the recovery point to restore
/// @param scratch the program to restore into
/// @param crossCheck which second program replays the log too; that its data set is equal is what
///   proves the replay
/// @param assertions what else must hold of the restored data
/// @param objectives what the measured RPO and RTO are judged by
/// @param workDirectory where data directories are made; needs room for the data set, is created if
///   it is missing
/// @param loadTimeout how long a scratch instance may take until it has loaded
/// @param trigger why the drill runs, for the report: `command`, `schedule`, ...
public record DrillOptions(
    String source,
    DrillPoint point,
    ScratchKind scratch,
    CrossCheck crossCheck,
    List<DrillAssertion> assertions,
    RecoveryObjectives objectives,
    Path workDirectory,
    Duration loadTimeout,
    String trigger) {

  /// Copies the list.
  public DrillOptions {
    assertions = List.copyOf(assertions);
  }

  /// The newest recovery point of `source`, restored into the bundled server, without assertions or
  /// objectives, with data directories under `workDirectory`.
  public static DrillOptions of(String source, Path workDirectory) {
    return new DrillOptions(
        source,
        new DrillPoint.Latest(),
        ScratchKind.bundled(),
        new CrossCheck.Automatic(),
        List.of(),
        RecoveryObjectives.none(),
        workDirectory,
        Duration.ofMinutes(30),
        "command");
  }

  /// As this, for another recovery point.
  public DrillOptions withPoint(DrillPoint other) {
    return new DrillOptions(
        source,
        other,
        scratch,
        crossCheck,
        assertions,
        objectives,
        workDirectory,
        loadTimeout,
        trigger);
  }

  /// As this, restored into another program.
  public DrillOptions withScratch(ScratchKind other) {
    return new DrillOptions(
        source,
        point,
        other,
        crossCheck,
        assertions,
        objectives,
        workDirectory,
        loadTimeout,
        trigger);
  }

  /// As this, with the replay of a log proved in another way, or not.
  public DrillOptions withCrossCheck(CrossCheck other) {
    return new DrillOptions(
        source, point, scratch, other, assertions, objectives, workDirectory, loadTimeout, trigger);
  }

  /// As this, with other assertions.
  public DrillOptions withAssertions(List<DrillAssertion> others) {
    return new DrillOptions(
        source,
        point,
        scratch,
        crossCheck,
        others,
        objectives,
        workDirectory,
        loadTimeout,
        trigger);
  }

  /// As this, judged by other objectives.
  public DrillOptions withObjectives(RecoveryObjectives others) {
    return new DrillOptions(
        source,
        point,
        scratch,
        crossCheck,
        assertions,
        others,
        workDirectory,
        loadTimeout,
        trigger);
  }

  /// As this, with another time limit for loading.
  public DrillOptions withLoadTimeout(Duration other) {
    return new DrillOptions(
        source, point, scratch, crossCheck, assertions, objectives, workDirectory, other, trigger);
  }

  /// As this, with another reason for running.
  public DrillOptions withTrigger(String other) {
    return new DrillOptions(
        source,
        point,
        scratch,
        crossCheck,
        assertions,
        objectives,
        workDirectory,
        loadTimeout,
        other);
  }
}
