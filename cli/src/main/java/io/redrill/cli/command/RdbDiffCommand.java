package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.DiffView;
import io.redrill.rdb.diff.DiffOptions;
import io.redrill.rdb.diff.RdbDiff;
import io.redrill.rdb.diff.RdbDiffReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Compares the data of two RDB files.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Compare the data of two RDB files, key by key: values, kinds, expiries, and functions.",
      "Encodings, versions, the order of keys, idle times and use frequencies count for nothing.",
      "Memory is bounded; of many keys temporary files are made below REDRILL_WORK, about 100 bytes a"
          + " key."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb diff before.rdb after.rdb",
      "  redrill rdb diff before.rdb after.rdb --by-prefix --limit 0",
      "  redrill rdb diff a.rdb b.rdb --key 'user:*' --ignore-expiry --json"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:the files hold the same",
      "2:the command line is wrong",
      "5:they differ, or one is damaged",
      "6:no such file"
    })
final class RdbDiffCommand implements Callable<Integer> {

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "The RDB file from before; - reads standard input.")
  private Path before = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "B",
      description = "The RDB file from after; - reads standard input.")
  private Path after = Path.of("");

  @Mixin private RdbFilterOptions filterOptions;

  @Option(names = "--ignore-expiry", description = "Let the expiries of keys count for nothing.")
  private boolean ignoreExpiry;

  @Option(names = "--by-prefix", description = "Print the number of differences by prefix, too.")
  private boolean byPrefix;

  @Mixin private PrefixOptions prefixes = new PrefixOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Print the first N differences, by database and key (default: ${DEFAULT-VALUE}); all are"
              + " counted.")
  private int limit;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbDiffCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    DiffOptions options = options();
    return RdbPass.run(before, ErrorCode.SOURCE_DAMAGED, () -> diff(options));
  }

  private DiffOptions options() {
    if (limit < 0 || limit > DiffOptions.MAX_LIMIT) {
      throw usage("--limit: from 0 to " + DiffOptions.MAX_LIMIT + " there may be");
    }
    if (before.equals(RdbPass.STANDARD_INPUT) && after.equals(before)) {
      throw usage("only one of the files can be standard input");
    }
    return new DiffOptions(
        filterOptions.filter(),
        ignoreExpiry,
        limit,
        prefixes.separator(),
        prefixes.depth(),
        WorkDirectory.spillLimits(context));
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  private ExitStatus diff(DiffOptions options) throws IOException {
    RdbDiffReport report;
    try (RdbDiff diff = new RdbDiff(options)) {
      try (RdbPass pass = RdbPass.open(context, before)) {
        diff.before(pass.in());
        pass.end();
      }
      try (RdbPass pass = RdbPass.open(context, after)) {
        diff.after(pass.in());
        pass.end();
      }
      report = diff.report();
    }
    DiffView view = new DiffView(report, byPrefix);
    if (json) {
      context.output().json(view.tree());
    } else {
      view.print(context.output());
    }
    return report.isEqual() ? ExitStatus.PROVEN : ExitStatus.CHECK_FAILED;
  }
}
