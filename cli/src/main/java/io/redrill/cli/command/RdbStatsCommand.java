package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.StatsView;
import io.redrill.rdb.stats.Jemalloc;
import io.redrill.rdb.stats.RdbStats;
import io.redrill.rdb.stats.RdbStatsReport;
import io.redrill.rdb.stats.StatsOptions;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Says what an RDB file consists of.
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = {
      "Say what an RDB file consists of: keys and bytes by database, type, encoding, expiry and prefix;"
          + " the biggest keys; the memory that a server takes for it.",
      "The file is read once. Memory is an estimate for redis-server 7.0 on 64 bits, as its MEMORY USAGE"
          + " counts. Packed values are not checked inside (rdb check does that)."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb stats dump.rdb",
      "  redrill rdb stats dump.rdb --type hash --top 20 --prefix-depth 2",
      "  zstd -dc dump.rdb.zst | redrill rdb stats - --json"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:read to the end",
      "2:the command line is wrong",
      "5:the file is damaged; the numbers are of what stands before",
      "6:no such file"
    })
final class RdbStatsCommand implements Callable<Integer> {

  /// Which build of jemalloc the server has.
  enum Allocator {
    BUNDLED,
    SYSTEM;

    Jemalloc jemalloc() {
      return this == BUNDLED ? Jemalloc.BUNDLED : Jemalloc.SYSTEM;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Mixin private RdbFilterOptions filterOptions;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "List so many of the biggest keys and prefixes (default: ${DEFAULT-VALUE}).")
  private int top;

  @Mixin private PrefixOptions prefixes = new PrefixOptions();

  @Option(
      names = "--allocator",
      paramLabel = "BUILD",
      defaultValue = "bundled",
      description =
          "The server's jemalloc: bundled, as Redis builds it, or system, as Debian and others link it"
              + " (default: ${DEFAULT-VALUE}).")
  private Allocator allocator = Allocator.BUNDLED;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbStatsCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    StatsOptions options = options();
    return RdbPass.run(file.path(), ErrorCode.RDB_DAMAGED, () -> print(options));
  }

  private StatsOptions options() {
    if (top < 0 || top > StatsOptions.MAX_TOP) {
      throw usage("--top: from 0 to " + StatsOptions.MAX_TOP + " there may be");
    }
    return new StatsOptions(
        filterOptions.filter(),
        context.clock().millis(),
        top,
        prefixes.separator(),
        prefixes.depth(),
        allocator.jemalloc());
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  private ExitStatus print(StatsOptions options) throws IOException {
    RdbStatsReport report;
    try (RdbPass pass = RdbPass.open(context, file.path())) {
      report = RdbStats.read(pass.in(), options);
      if (report.damage().isEmpty()) {
        pass.end();
      }
    }
    StatsView view = new StatsView(report, top);
    if (json) {
      context.output().json(view.tree());
    } else {
      view.print(context.output());
    }
    if (report.damage().isPresent()) {
      throw RdbFailure.of(report.damage().get(), ErrorCode.RDB_DAMAGED);
    }
    return report.isWhole() ? ExitStatus.PROVEN : ExitStatus.CHECK_FAILED;
  }
}
