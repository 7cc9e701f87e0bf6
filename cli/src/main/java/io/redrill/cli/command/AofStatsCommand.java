package io.redrill.cli.command;

import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofStats;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.AofStatsView;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Says what the commands of an append-only file are.
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = {
      "Say what the commands of an append-only file are: how many of each name and database, the keys and"
          + " prefixes that are written most, and where it has time marks, commands and bytes per second.",
      "The files are read once, in bounded memory: of very many keys, those written most."
    },
    footer = {
      "",
      "Examples:",
      "  redrill aof stats /var/lib/redis/appendonlydir",
      "  redrill aof stats appendonly.aof --top 20 --prefix-depth 2 --json"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:read to the end",
      "2:the command line is wrong",
      "5:the file is damaged; the numbers are of what stands before",
      "6:no such file"
    })
final class AofStatsCommand implements Callable<Integer> {

  private static final int MOST_TOP = 1000;

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private AofFileArgument file = new AofFileArgument();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "List so many commands, keys and prefixes (default: ${DEFAULT-VALUE}).")
  private int top;

  @Mixin private PrefixOptions prefixes = new PrefixOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  AofStatsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (top < 0 || top > MOST_TOP) {
      throw new ParameterException(
          spec.commandLine(), "--top: from 0 to " + MOST_TOP + " there may be");
    }
    AofStats stats = new AofStats(prefixes.separator(), prefixes.depth());
    AofDirectory set = file.open(context, ErrorCode.AOF_DAMAGED);
    Optional<RedrillException> damage = Optional.empty();
    try {
      set.read(stats);
    } catch (IOException e) {
      damage = Optional.of(file.failure(e, ErrorCode.AOF_DAMAGED));
    }
    AofStatsView view = new AofStatsView(stats, top, damage.isEmpty());
    if (json) {
      context.output().json(view.tree());
    } else {
      view.print(context.output());
    }
    if (damage.isPresent()) {
      throw damage.get();
    }
    return ExitStatus.PROVEN.code();
  }
}
