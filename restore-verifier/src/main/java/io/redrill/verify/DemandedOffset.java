package io.redrill.verify;

import io.redrill.aof.LogCut;
import io.redrill.backup.Failures;
import io.redrill.backup.log.LogRecord;
import io.redrill.backup.log.SegmentReader;
import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SegmentName;
import java.io.IOException;
import java.util.Optional;

/// Where in the log a recovery has to end, found without the code that cuts the log: what that one
/// reached is compared with this.
///
/// A plan's cut lies in its last segment, and a segment holds whole transactions. So that segment
/// is all that has to be read, and at the end of the log not even that.
final class DemandedOffset {

  private DemandedOffset() {}

  /// The offset at which the log of `plan`, which has some, has to end.
  static long of(Repository repository, RecoveryPlan plan) {
    SegmentName last = plan.segments().getLast();
    long first =
        Math.max(last.first(), plan.snapshot().position().map(LogPosition::offset).orElse(0L));
    return switch (plan.cut()) {
      case LogCut.AtEnd _ -> last.end();
      case LogCut.BeforeMatch _ -> plan.end().map(LogPosition::offset).orElse(last.end());
      case LogCut.AtTime _, LogCut.AtOffset _ -> cutIn(repository, plan, last, first);
    };
  }

  private static long cutIn(
      Repository repository, RecoveryPlan plan, SegmentName last, long first) {
    long whole = first;
    try (SegmentReader reader = SegmentReader.open(repository, plan.source(), last)) {
      for (Optional<LogRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
        LogRecord record = next.get();
        if (isBehind(plan.cut(), record)) {
          return whole;
        }
        if (!record.command().inTransaction() || record.command().is("EXEC")) {
          whole = Math.max(whole, record.end());
        }
      }
      return whole;
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private static boolean isBehind(LogCut cut, LogRecord record) {
    return switch (cut) {
      case LogCut.AtTime(var time) -> record.atMillis() > time.toEpochMilli();
      case LogCut.AtOffset(long offset) -> record.end() > offset;
      case LogCut.AtEnd _, LogCut.BeforeMatch _ -> false;
    };
  }
}
