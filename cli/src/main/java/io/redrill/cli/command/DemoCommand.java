package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.demo.Demonstration;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.verify.demo.DemoDataSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The self-proof in a few minutes, without any other software.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "See it work, in about a minute.",
      "A data set is loaded into a bundled server, backed up while writes go on, and destroyed with"
          + " FLUSHALL; the instant before is restored, every key compared, and a drill run for the"
          + " report.",
      "Touches nothing but a temporary directory."
    },
    footer = {"", "Example:", "  redrill demo --keys 200000"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {"0:every key is as it was, and the drill passed", "5:a difference was found"})
final class DemoCommand implements Callable<Integer> {

  private final CommandContext context;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--keys",
      defaultValue = "50000",
      paramLabel = "N",
      description = "About how many keys (default: 50000).")
  private int keys;

  @Option(
      names = "--traffic",
      defaultValue = "10",
      paramLabel = "SECONDS",
      description = "How long writes go on before the disaster (default: 10).")
  private int trafficSeconds;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where to keep everything, report included (default: a temporary directory).")
  private @Nullable Path directory;

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (keys < DemoDataSet.LEAST_KEYS || trafficSeconds < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--keys is at least %d, and --traffic at least 0".formatted(DemoDataSet.LEAST_KEYS));
    }
    Output output = context.output();
    Path home =
        directory == null
            ? Files.createTempDirectory("redrill-demo-")
            : Files.createDirectories(context.directory().resolve(directory));
    Demonstration.Outcome outcome =
        new Demonstration(context, home, keys, Duration.ofSeconds(trafficSeconds)).run();
    Path html = ReportFiles.write(outcome.report(), home);
    output.result(
        "measured     RPO %s, RTO %s"
            .formatted(
                outcome.report().measured().rpo().map(Quantity::duration).orElse("not measured"),
                outcome.report().measured().rto().map(Quantity::duration).orElse("not measured")));
    output.result(
        "verdict      " + outcome.report().verdict().words() + ": " + outcome.report().summary());
    output.result("report       " + html);
    output.message("everything lies in " + home + ", which can be removed");
    return outcome.equal() ? outcome.report().exitStatus() : ExitStatus.CHECK_FAILED.code();
  }
}
