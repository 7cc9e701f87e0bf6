package io.redrill.scheduler.history;

import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Every run, from its beginning to its end; survives restarts.
///
/// Each method is one transaction, blocks on the database, and may be called by any thread.
/// Failures are [io.redrill.backup.RedrillException]s.
public final class RunHistory {

  private static final String COLUMNS =
      "ID, SOURCE, KIND, CAUSE, STARTED, FINISHED, OUTCOME, ERROR_CODE, ERROR_MESSAGE, REFERENCE,"
          + " NUMBERS";
  private static final int MAX_MESSAGE = 4000;

  private final HistoryDatabase database;

  /// Reads and writes the runs of that database, which the caller closes.
  public RunHistory(HistoryDatabase database) {
    this.database = database;
  }

  /// Writes down that a run begins.
  public Run begin(JobName job, RunTrigger trigger, Instant started) {
    return database.query(
        "INSERT INTO RUN (SOURCE, KIND, CAUSE, STARTED) VALUES (?, ?, ?, ?)",
        statement -> {
          bind(statement, job.source(), job.kind().name(), trigger.name(), time(started));
          statement.executeUpdate();
          try (ResultSet keys = statement.getGeneratedKeys()) {
            keys.next();
            return new Run(keys.getLong(1), job, trigger, started, Optional.empty());
          }
        });
  }

  /// Writes down how a run ended, and returns it so.
  public Run end(Run run, RunEnd end) {
    return database.query(
        "UPDATE RUN SET FINISHED = ?, OUTCOME = ?, ERROR_CODE = ?, ERROR_MESSAGE = ?,"
            + " REFERENCE = ?, NUMBERS = ? WHERE ID = ?",
        statement -> {
          bind(
              statement,
              time(end.finished()),
              end.outcome().name(),
              end.error().map(RunError::code).orElse(null),
              end.error().map(error -> shortened(error.message())).orElse(null),
              end.reference().orElse(null),
              RunNumbers.encode(end.numbers()),
              run.id());
          statement.executeUpdate();
          return new Run(run.id(), run.job(), run.trigger(), run.started(), Optional.of(end));
        });
  }

  /// Ends every run that is still shown as going on; returns how many there were. To be called
  /// before the first run of a process.
  public int markInterrupted(Instant now) {
    RunEnd end = RunEnd.interrupted(now);
    RunError error = end.error().orElseThrow();
    return database.query(
        "UPDATE RUN SET FINISHED = ?, OUTCOME = ?, ERROR_CODE = ?, ERROR_MESSAGE = ?"
            + " WHERE FINISHED IS NULL",
        statement -> {
          bind(statement, time(now), end.outcome().name(), error.code(), error.message());
          return statement.executeUpdate();
        });
  }

  /// The last `limit` runs, newest first, those that are going on included.
  public List<Run> latest(int limit) {
    return select("ORDER BY ID DESC LIMIT ?", limit);
  }

  /// The last `limit` runs of one kind, newest first.
  public List<Run> latest(JobKind kind, int limit) {
    return select("WHERE KIND = ? ORDER BY ID DESC LIMIT ?", kind.name(), limit);
  }

  /// The last run of the job that has ended, however it ended.
  public Optional<Run> lastEnded(JobName job) {
    return select(
            "WHERE SOURCE = ? AND KIND = ? AND FINISHED IS NOT NULL ORDER BY ID DESC LIMIT 1",
            job.source(),
            job.kind().name())
        .stream()
        .findFirst();
  }

  /// The last run of the job that did all that was asked.
  public Optional<Run> lastSucceeded(JobName job) {
    return select(
            "WHERE SOURCE = ? AND KIND = ? AND OUTCOME = ? ORDER BY ID DESC LIMIT 1",
            job.source(),
            job.kind().name(),
            RunOutcome.SUCCEEDED.name())
        .stream()
        .findFirst();
  }

  /// Forgets all but the newest `count` runs, so that the database stays small.
  public int keepLatest(int count) {
    return database.query(
        "DELETE FROM RUN WHERE ID <= (SELECT MAX(ID) FROM RUN) - ?",
        statement -> {
          bind(statement, count);
          return statement.executeUpdate();
        });
  }

  private List<Run> select(String rest, Object... values) {
    return database.query(
        "SELECT " + COLUMNS + " FROM RUN " + rest,
        statement -> {
          bind(statement, values);
          List<Run> runs = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              runs.add(run(rows));
            }
          }
          return runs;
        });
  }

  private static Run run(ResultSet row) throws SQLException {
    return new Run(
        row.getLong("ID"),
        new JobName(row.getString("SOURCE"), JobKind.valueOf(row.getString("KIND"))),
        RunTrigger.valueOf(row.getString("CAUSE")),
        instant(row, "STARTED").orElseThrow(),
        end(row));
  }

  private static Optional<RunEnd> end(ResultSet row) throws SQLException {
    Optional<Instant> finished = instant(row, "FINISHED");
    if (finished.isEmpty()) {
      return Optional.empty();
    }
    String message = row.getString("ERROR_MESSAGE");
    return Optional.of(
        new RunEnd(
            finished.get(),
            RunOutcome.valueOf(row.getString("OUTCOME")),
            Optional.ofNullable(row.getString("ERROR_CODE"))
                .map(code -> new RunError(code, message)),
            Optional.ofNullable(row.getString("REFERENCE")),
            RunNumbers.decode(row.getString("NUMBERS"))));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
