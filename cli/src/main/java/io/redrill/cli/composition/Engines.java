package io.redrill.cli.composition;

import io.redrill.backup.recovery.ReplayEngine;
import io.redrill.verify.instance.BundledReplayEngine;
import java.nio.file.Path;
import java.time.Duration;

/// Picks what replays a log, and where work is done on local disk.
public final class Engines {

  private static final String WORK_VARIABLE = "REDRILL_WORK";

  /// Longer than any load that works.
  private static final Duration LOAD_TIMEOUT = Duration.ofHours(2);

  private Engines() {}

  /// The bundled server, in a child process.
  public static ReplayEngine replay(CommandContext context) {
    return new BundledReplayEngine(workDirectory(context), LOAD_TIMEOUT, System::nanoTime);
  }

  /// Where data is staged that has no place of its own: the directory in the variable
  /// `REDRILL_WORK`, else one below the system's temporary directory. It needs room for the data
  /// set.
  public static Path workDirectory(CommandContext context) {
    String named = context.environment().get(WORK_VARIABLE);
    return named == null || named.isBlank()
        ? Path.of(System.getProperty("java.io.tmpdir"), "redrill-work")
        : context.directory().resolve(named);
  }
}
