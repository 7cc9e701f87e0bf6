package io.redrill.scheduler.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The daemon's own database: what ran, and when each job is next due.
///
/// One H2 file. It may be lost without losing a backup: the repository is the only source of truth.
/// A process that is killed may leave it damaged, seldom, and at times so that only a later query
/// finds out; [#setAside] makes room for a new one then. One process at a time has it open. Its
/// threads may share an instance.
public final class HistoryDatabase implements AutoCloseable {

  private static final String FILE = "history";
  private static final String SUFFIX = ".mv.db";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final HikariDataSource pool;

  private HistoryDatabase(HikariDataSource pool) {
    this.pool = pool;
  }

  /// Opens the database in `directory`, which exists, and brings its tables up to date.
  ///
  /// @throws RedrillException if it cannot be opened, or another daemon has it open
  public static HistoryDatabase open(Path directory) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url(directory));
    config.setUsername("redrill");
    config.setPassword("");
    config.setMaximumPoolSize(12);
    config.setPoolName("history");
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw unopened(directory, e);
    }
    try {
      Flyway.configure()
          .dataSource(pool)
          .locations("classpath:io/redrill/scheduler/migration")
          .load()
          .migrate();
      return new HistoryDatabase(pool);
    } catch (FlywayException e) {
      pool.close();
      throw unopened(directory, e);
    }
  }

  /// Moves the file of the database in `directory` away, so that the next [#open] begins a new one.
  /// Nobody has it open, and nothing is deleted.
  ///
  /// @param now when, which becomes part of the new name, to the second
  /// @return where the file lies now, in the same directory; empty if there is none
  /// @throws RedrillException if it cannot be moved
  public static Optional<Path> setAside(Path directory, Instant now) {
    Path file = directory.resolve(FILE + SUFFIX);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Path aside = directory.resolve(FILE + "-damaged-" + STAMP.format(now) + SUFFIX);
    try {
      return Optional.of(Files.move(file, aside));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Undoes [#setAside], and drops what was begun in the place of `aside`.
  ///
  /// @throws RedrillException if it cannot be moved
  public static void putBack(Path aside) {
    try {
      Files.move(aside, aside.resolveSibling(FILE + SUFFIX), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// A semicolon would end the path and begin the settings of the URL.
  private static String url(Path directory) {
    String file = directory.resolve(FILE).toAbsolutePath().normalize().toString();
    if (file.indexOf(';') >= 0) {
      throw new RedrillException(
          ErrorCode.DATA_DIRECTORY_UNUSABLE,
          "directory",
          directory,
          "problem",
          "its path has a semicolon");
    }
    return "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE";
  }

  private static RedrillException unopened(Path directory, Exception cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql
          && sql.getErrorCode() == org.h2.api.ErrorCode.DATABASE_ALREADY_OPEN_1) {
        return RedrillException.causedBy(
            cause, ErrorCode.DATA_DIRECTORY_IN_USE, "directory", directory);
      }
    }
    return failure(cause);
  }

  /// The failure that an exception of this database, or of the clockwork kept in it, is to an
  /// operator: with the messages of its causes, as those outside seldom say what went wrong.
  public static RedrillException failure(Exception cause) {
    Set<String> messages = new LinkedHashSet<>();
    for (Throwable at = cause; at != null; at = at.getCause()) {
      messages.add(
          at instanceof FileSystemException file
              ? file.getFile() + ": " + Failures.words(file)
              : String.valueOf(at.getMessage()));
    }
    return RedrillException.causedBy(
        cause, ErrorCode.HISTORY_FAILED, "problem", String.join("; ", messages));
  }

  /// What is done with a prepared statement.
  @FunctionalInterface
  interface Query<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  /// Runs one statement in a transaction of its own; keys that it generates can be asked for.
  <T> T query(String sql, Query<T> query) {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      return query.run(statement);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// The connections; closing this database ends them.
  public DataSource dataSource() {
    return pool;
  }

  @Override
  public void close() {
    pool.close();
  }
}
