package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.ClosedTogether;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbSplit;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Deals the keys of an RDB file to the shards of a cluster.
@Command(
    name = "split",
    mixinStandardHelpOptions = true,
    description = {
      "Deal the keys of an RDB file to one file per shard of a cluster, by their slots.",
      "Hash tags count; function libraries and aux fields go to every shard. Give --shards or --slots.",
      "What is written is read back to its last element before it takes its place; of many keys that"
          + " makes temporary files below REDRILL_WORK."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb split dump.rdb --shards 3 --to shards",
      "  redrill rdb split dump.rdb --slots 0-5460,5461-10922,10923-16383 --to shards"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written",
      "2:the command line is wrong",
      "4:refused: keys belong to no shard, or a file to write is there already",
      "5:the source is damaged",
      "6:no such file"
    })
final class RdbSplitCommand implements Callable<Integer> {

  /// Each shard has its file open.
  private static final int MAX_SHARDS = 1024;

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Option(
      names = "--slots",
      paramLabel = "SLOTS",
      split = ",",
      description = {
        "The slots of each shard, shards separated by commas, ranges of one shard joined by '+':",
        "0-5460,5461-10922,10923-16000+16001-16383."
      })
  private List<String> slots = new ArrayList<>();

  @Option(
      names = "--shards",
      paramLabel = "N",
      description = "Deal all slots evenly to this many shards.")
  private @Nullable Integer shardCount;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "The directory to write shard-0.rdb, shard-1.rdb, ... to; made if need be.")
  private Path to = Path.of("");

  @Option(names = "--force", description = "Replace files that are there.")
  private boolean force;

  @Mixin private RdbFilterOptions filterOptions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbSplitCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    List<SlotSet> shards = shards();
    RdbFilter filter = filterOptions.filter();
    refuseExisting(shards.size());
    return RdbPasses.run(context, file.path(), passes -> split(passes, filter, shards));
  }

  /// Refuses before anything is read what would be refused when it is written.
  private void refuseExisting(int count) {
    Path directory = context.directory().resolve(to);
    if (Files.isDirectory(directory)) {
      for (int i = 0; i < count; i++) {
        NewFile.refuseExisting(directory.resolve(name(i)), force);
      }
    } else if (Files.exists(directory)) {
      throw new RedrillException(
          ErrorCode.TARGET_EXISTS, "path", directory, "problem", "it is a file, and no directory");
    }
  }

  private int split(RdbPasses passes, RdbFilter filter, List<SlotSet> shards) throws IOException {
    Path directory = context.directory().resolve(to);
    try (RdbSource source = passes.open(file.path());
        NewFiles files = new NewFiles()) {
      passes.begin("reading", source);
      RdbSplit split = RdbSplit.plan(source, filter, shards);
      refuseOutside(split);
      files.begin(directory, shards.size(), force);
      passes.begin("splitting", source);
      split.write(files.files.stream().map(NewFile::stream).toList());
      passes.close();
      List<Long> sizes = new ArrayList<>();
      for (int i = 0; i < shards.size(); i++) {
        sizes.add(
            files
                .files
                .get(i)
                .check(split.keys(i), WorkDirectory.spillLimits(context), file.path().toString()));
      }
      files.place();
      report(split, shards, sizes);
      return ExitStatus.PROVEN.code();
    }
  }

  /// The files of all shards: none is placed before all are checked. The directories that are made
  /// for them go again if nothing is.
  private static final class NewFiles implements Closeable {

    private final List<NewFile> files = new ArrayList<>();
    private final ClosedTogether staged = new ClosedTogether();
    private boolean isPlaced;

    void begin(Path directory, int count, boolean force) throws IOException {
      make(directory.toAbsolutePath());
      for (int i = 0; i < count; i++) {
        files.add(staged.add(NewFile.begin(directory.resolve(name(i)), force)));
      }
    }

    private void make(Path directory) throws IOException {
      if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(directory); // or says that it is none
        return;
      }
      make(Objects.requireNonNull(directory.getParent()));
      Files.createDirectory(directory);
      staged.add(() -> remove(directory));
    }

    private void remove(Path directory) throws IOException {
      if (!isPlaced) {
        Files.deleteIfExists(directory);
      }
    }

    void place() throws IOException {
      isPlaced = true;
      for (NewFile file : files) {
        file.place();
      }
    }

    @Override
    public void close() throws IOException {
      staged.close();
    }
  }

  private static String name(int shard) {
    return "shard-" + shard + ".rdb";
  }

  private void refuseOutside(RdbSplit split) {
    if (split.outside() > 0) {
      throw new RedrillException(
          ErrorCode.OUTSIDE_SHARDS,
          "file",
          file.path(),
          "keys",
          split.outside(),
          "first",
          split.firstOutside().map(Object::toString).orElse(""));
    }
  }

  private void report(RdbSplit split, List<SlotSet> shards, List<Long> sizes) {
    List<List<String>> rows = new ArrayList<>();
    List<Map<String, Object>> trees = new ArrayList<>();
    rows.add(List.of("FILE", "SLOTS", "KEYS", "SIZE"));
    for (int i = 0; i < shards.size(); i++) {
      String path = to.resolve(name(i)).toString();
      rows.add(
          List.of(
              path,
              shards.get(i).toString(),
              Quantity.count(split.keys(i)),
              Quantity.bytes(sizes.get(i))));
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("file", path);
      tree.put("slots", shards.get(i).toString());
      tree.put("keys", split.keys(i));
      tree.put("bytes", sizes.get(i));
      trees.add(tree);
    }
    if (json) {
      context.output().json(Map.of("version", split.version(), "shards", trees));
    } else {
      context.output().table(rows);
    }
  }

  private List<SlotSet> shards() {
    if (slots.isEmpty() == (shardCount == null)) {
      throw usage("give either --slots or --shards");
    }
    try {
      List<SlotSet> shards =
          shardCount == null
              ? slots.stream().map(SlotSet::parse).toList()
              : SlotSet.even(shardCount);
      if (shards.size() > MAX_SHARDS) {
        throw usage("at most " + MAX_SHARDS + " shards are written at once");
      }
      for (int i = 0; i < shards.size(); i++) {
        for (SlotSet before : shards.subList(0, i)) {
          if (before.overlaps(shards.get(i))) {
            throw usage("--slots: %s and %s overlap".formatted(before, shards.get(i)));
          }
        }
      }
      return shards;
    } catch (IllegalArgumentException e) {
      throw usage((shardCount == null ? "--slots: " : "--shards: ") + e.getMessage());
    }
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}
