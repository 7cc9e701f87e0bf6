package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SourceUrl;
import io.redrill.cli.composition.BundledServer;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.DaemonRun;
import io.redrill.cli.config.Configuration;
import io.redrill.cli.config.ConsoleConfig;
import io.redrill.cli.config.SourceConfig;
import io.redrill.cli.daemon.DataDirectory;
import io.redrill.cli.output.Output;
import io.redrill.scheduler.Cron;
import io.redrill.scheduler.job.JobKind;
import io.redrill.storage.StoreUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Starts everything on this machine: server, daemon, repository, console.
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Start the bundled server, the daemon that protects it, and the console.",
      "Ctrl-C stops them in order; a second start finds the data again."
    },
    footer = {"", "Example:", "  redrill up --port 6380 --data /var/lib/redrill"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:stopped by a signal, and everything received is stored",
      "7:a port is taken, or it runs already"
    })
final class UpCommand implements Callable<Integer> {

  private static final String HOURLY = "0 0 * * * ?";
  private static final String NIGHTLY = "0 30 3 * * ?";

  private final CommandContext context;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--port",
      defaultValue = "6379",
      paramLabel = "N",
      description = "Where the server listens on 127.0.0.1; 0 is any free port (default: 6379).")
  private int port;

  @Option(
      names = "--console-port",
      defaultValue = "8379",
      paramLabel = "N",
      description = "Where the console listens on 127.0.0.1; 0 is any free port (default: 8379).")
  private int consolePort;

  @Option(
      names = "--data",
      defaultValue = "redrill-data",
      paramLabel = "DIR",
      description = "Where server, repository and history lie (default: ./redrill-data).")
  private Path data = Path.of("");

  UpCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    requirePort("--port", port);
    requirePort("--console-port", consolePort);
    Path home = context.directory().resolve(data).normalize();
    Output output = context.output();
    // Claimed before the server starts: a second one must not even read the files of the first.
    try (DataDirectory _ = DataDirectory.claim(home);
        BundledServer server = BundledServer.start(home.resolve("server"), port, context);
        DaemonRun run = DaemonRun.start(configuration(home, server.port()), context)) {
      output.result("Redrill is up.");
      output.result(
          "  server      redis://127.0.0.1:"
              + server.port()
              + "  (data in "
              + home.resolve("server")
              + ")");
      run.describe();
      output.result("Ctrl-C stops it.");
      run.awaitSignal();
      output.message("stopping");
    }
    output.message("stopped; everything received is stored");
    return ExitStatus.PROVEN.code();
  }

  private void requirePort(String option, int value) {
    if (value < 0 || value > 65_535) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is a port from 1 to 65535, or 0 for any free one, and not %d"
              .formatted(option, value));
    }
  }

  private Configuration configuration(Path home, int serverPort) {
    SourceConfig source =
        SourceConfig.of(SourceName.of("main"), SourceUrl.parse("redis://127.0.0.1:" + serverPort))
            .withSchedule(
                Map.of(
                    JobKind.SNAPSHOT, new Cron(HOURLY),
                    JobKind.DRILL, new Cron(NIGHTLY)));
    return new Configuration(
        new StoreUrl.Directory(home.resolve("repository")),
        home.resolve("daemon"),
        new ConsoleConfig("127.0.0.1", consolePort),
        List.of(source));
  }
}
