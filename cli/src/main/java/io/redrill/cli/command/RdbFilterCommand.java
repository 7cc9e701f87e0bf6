package io.redrill.cli.command;

import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbSplit;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Writes some keys of an RDB file to another.
@Command(
    name = "filter",
    mixinStandardHelpOptions = true,
    description = {
      "Write the keys of an RDB file that the options choose to another, byte for byte.",
      "Function libraries and modules' aux fields stay. Expired keys stay too, unless you filter them.",
      "What is written is read back to its last element before it takes its place; of many keys that"
          + " makes temporary files below REDRILL_WORK."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb filter dump.rdb --to sessions.rdb --key 'session:*' --db 0",
      "  redrill rdb filter dump.rdb --to alive.rdb --alive-at now"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written, also if no key was kept",
      "2:the command line is wrong",
      "4:refused: the file to write is there already",
      "5:the source is damaged",
      "6:no such file"
    })
final class RdbFilterCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Mixin private NewFileOptions newFile = new NewFileOptions();

  @Mixin private RdbFilterOptions filterOptions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbFilterCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    RdbFilter filter = filterOptions.filter();
    Path out = context.directory().resolve(newFile.path());
    NewFile.refuseExisting(out, newFile.force());
    return RdbPasses.run(context, file.path(), passes -> filter(passes, filter, out));
  }

  private int filter(RdbPasses passes, RdbFilter filter, Path out) throws IOException {
    try (RdbSource source = passes.open(file.path());
        NewFile written = NewFile.begin(out, newFile.force())) {
      passes.begin("reading", source);
      RdbSplit split = RdbSplit.plan(source, filter, List.of(SlotSet.range(0, KeySlot.COUNT - 1)));
      passes.begin("filtering", source);
      split.write(List.of(written.stream()));
      passes.close();
      long sizeBytes =
          written.check(split.keys(0), WorkDirectory.spillLimits(context), file.path().toString());
      written.place();
      report(split, sizeBytes);
      return ExitStatus.PROVEN.code();
    }
  }

  private void report(RdbSplit split, long sizeBytes) {
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("to", newFile.path().toString());
      tree.put("version", split.version());
      tree.put("keys", split.keys(0));
      tree.put("filteredOut", split.filteredOut());
      tree.put("bytes", sizeBytes);
      context.output().json(tree);
      return;
    }
    context
        .output()
        .result(
            "%s: %s kept, %s not, %s"
                .formatted(
                    Output.oneLine(newFile.path().toString()),
                    Quantity.count(split.keys(0), "key", "keys"),
                    Quantity.count(split.filteredOut()),
                    Quantity.bytes(sizeBytes)));
  }
}
