package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.convert.CompatReport;
import io.redrill.rdb.convert.CompatSurvey;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.filter.RdbFilter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says which servers load an RDB file.
@Command(
    name = "compat",
    mixinStandardHelpOptions = true,
    description = {
      "Say of an RDB file which servers load it as it is, which after a conversion, and what each"
          + " cannot hold.",
      "The names of losses are those that redrill rdb convert --accept-loss takes.",
      "Nothing is changed."
    },
    footer = {"", "Example:", "  redrill rdb compat /var/lib/redis/dump.rdb"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:the file was read to its end, and the table says the rest",
      "2:the command line is wrong",
      "5:damaged",
      "6:no such file"
    })
final class RdbCompatCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Mixin private RdbFilterOptions filterOptions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbCompatCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    RdbFilter filter = filterOptions.filter();
    CompatReport report =
        RdbPasses.run(
            context,
            file.path(),
            passes -> {
              try (RdbSource source = passes.open(file.path())) {
                passes.begin("reading", source);
                return CompatSurvey.of(
                    source, List.of(RdbTarget.values()), filter, context.clock().millis());
              }
            });
    if (json) {
      context.output().json(CompatView.tree(report));
    } else {
      print(report);
    }
    return ExitStatus.PROVEN.code();
  }

  private void print(CompatReport report) {
    Output output = context.output();
    output.result(
        "RDB version %d (%s), %s"
            .formatted(
                report.header().version(),
                report.header().dialect().name().toLowerCase(Locale.ROOT),
                Quantity.count(report.keys(), "key", "keys")));
    output.table(CompatView.table(report));
    CompatView.losses(report).forEach(output::result);
    CompatView.needs(report).forEach(output::result);
  }
}
