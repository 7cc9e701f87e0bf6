package io.redrill.server.log;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes log lines: `PID:ROLE DD Mon YYYY HH:MM:SS.mmm LEVEL text`.
///
/// The role is always `M` (a primary). May be used by any thread; a call blocks while the stream
/// does.
public final class ServerLog {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd MMM uuuu HH:mm:ss.SSS", Locale.ROOT);

  private final PrintStream out;
  private final InstantSource time;
  private final ZoneId zone;
  private final long pid = ProcessHandle.current().pid();
  private volatile Level threshold;

  /// How much a line matters; named as the values of `loglevel`.
  public enum Level {
    DEBUG('.'),
    VERBOSE('-'),
    NOTICE('*'),
    WARNING('#'),
    /// As a threshold: no lines.
    NOTHING(' ');

    private final char sign;

    Level(char sign) {
      this.sign = sign;
    }
  }

  /// Writes lines of level `threshold` and above to `out`, with the time of `time` in `zone`.
  public ServerLog(PrintStream out, InstantSource time, ZoneId zone, Level threshold) {
    this.out = out;
    this.time = time;
    this.zone = zone;
    this.threshold = threshold;
  }

  /// A log that writes nothing.
  public static ServerLog silent(InstantSource time) {
    return new ServerLog(
        new PrintStream(PrintStream.nullOutputStream()), time, ZoneId.of("UTC"), Level.NOTHING);
  }

  /// Changes how much is written.
  public void threshold(Level next) {
    threshold = next;
  }

  /// Writes a line of little interest.
  public void verbose(String text) {
    write(Level.VERBOSE, text);
  }

  /// Writes what an operator expects to read.
  public void notice(String text) {
    write(Level.NOTICE, text);
  }

  /// Writes what an operator should act on.
  public void warning(String text) {
    write(Level.WARNING, text);
  }

  private void write(Level level, String text) {
    if (level.compareTo(threshold) < 0) {
      return;
    }
    out.println(
        "%d:M %s %c %s".formatted(pid, TIME.format(time.instant().atZone(zone)), level.sign, text));
    out.flush();
  }
}
