package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.ClosedTogether;
import io.redrill.rdb.convert.OnConflict;
import io.redrill.rdb.convert.RdbMerge;
import io.redrill.rdb.convert.RdbMerge.Conflict;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.filter.RdbFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes one RDB file of several.
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description = {
      "Write one RDB file of several: all of their keys, byte for byte.",
      "What stands in several files is a conflict, and nothing is written unless you say which file"
          + " counts: a key, whatever its values; a library of functions, or what a module keeps about"
          + " the data, where they differ; a function that two libraries register.",
      "To find that out all keys are staged below REDRILL_WORK. What is written is read back to its last"
          + " element before it takes its place."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb merge shard-0.rdb shard-1.rdb shard-2.rdb --to whole.rdb",
      "  redrill rdb merge old.rdb new.rdb --to both.rdb --on-conflict last"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written; conflicts were decided as you said",
      "2:the command line is wrong",
      "4:refused: a conflict, formats that do not go together, or the file to write is there already",
      "5:a source is damaged",
      "6:no such file"
    })
final class RdbMergeCommand implements Callable<Integer> {

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "The RDB files to join: of any Redis, or of Valkey and of Redis up to 7.2; one of them may be"
              + " -, which reads standard input.")
  private List<Path> files = new ArrayList<>();

  @Mixin private NewFileOptions newFile = new NewFileOptions();

  @Option(
      names = "--on-conflict",
      paramLabel = "error|first|last",
      description =
          "What becomes of a conflict: error writes nothing (the default); first and last take what the"
              + " first or the last of the files holds.")
  private OnConflict onConflict = OnConflict.ERROR;

  @Mixin private RdbFilterOptions filterOptions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbMergeCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    if (files.stream().filter(RdbPass.STANDARD_INPUT::equals).count() > 1) {
      throw new ParameterException(
          spec.commandLine(), "only one of the files can be standard input");
    }
    RdbFilter filter = filterOptions.filter();
    Path out = context.directory().resolve(newFile.path());
    NewFile.refuseExisting(out, newFile.force());
    return RdbPasses.run(context, files.getFirst(), passes -> merge(passes, filter, out));
  }

  private int merge(RdbPasses passes, RdbFilter filter, Path out) throws IOException {
    try (ClosedTogether opened = new ClosedTogether()) {
      List<RdbSource> sources = new ArrayList<>();
      for (Path file : files) {
        sources.add(opened.add(passes.open(file)));
      }
      int version = RdbMerge.commonVersion(sources).orElseThrow(this::formatsDiffer);
      try (NewFile written = NewFile.begin(out, newFile.force());
          RdbMerge merge =
              RdbMerge.plan(
                  sources,
                  filter,
                  onConflict,
                  version,
                  WorkDirectory.of(context),
                  source -> passes.begin("reading", source))) {
        if (onConflict == OnConflict.ERROR && merge.conflictCount() > 0) {
          throw conflict(merge);
        }
        merge.write(written.stream(), source -> passes.begin("merging", source));
        passes.close();
        long sizeBytes =
            written.check(merge.keys(), WorkDirectory.spillLimits(context), files.toString());
        written.place();
        report(merge, version, sizeBytes);
        warnOfLibraries(merge.mixedLibraries());
        return ExitStatus.PROVEN.code();
      }
    }
  }

  private RedrillException formatsDiffer() {
    return new RedrillException(
        ErrorCode.FORMATS_DIFFER,
        "problem",
        "Valkey's format holds nothing of Redis after 7.2, and the other way round");
  }

  private static RedrillException conflict(RdbMerge merge) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("conflicts", Quantity.count(merge.conflictCount()));
    int number = 0;
    for (Conflict each : merge.conflicts()) {
      about.put("conflict " + ++number, each.toString());
    }
    if (merge.conflictCount() > number) {
      about.put("and more", Quantity.count(merge.conflictCount() - number));
    }
    return new RedrillException(ErrorCode.KEY_CONFLICT, about);
  }

  /// Which functions a library registers, only running it tells for sure.
  private void warnOfLibraries(List<Conflict> libraries) {
    if (!libraries.isEmpty()) {
      context
          .output()
          .message(
              "redrill: warning: function libraries come from several files, and servers refuse the"
                  + " file if two register a function of one name; only names that stand in the"
                  + " source as text were compared:");
      libraries.forEach(
          library -> context.output().message("  " + Output.oneLine(library.toString())));
    }
  }

  private void report(RdbMerge merge, int version, long sizeBytes) {
    Output output = context.output();
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("to", newFile.path().toString());
      tree.put("version", version);
      tree.put("keys", merge.keys());
      tree.put("bytes", sizeBytes);
      tree.put("conflicts", merge.conflictCount());
      tree.put("droppedKeys", merge.droppedKeys());
      output.json(tree);
      return;
    }
    output.result(
        "%s: RDB version %d, %s of %s, %s"
            .formatted(
                Output.oneLine(newFile.path().toString()),
                version,
                Quantity.count(merge.keys(), "key", "keys"),
                Quantity.count(files.size(), "file", "files"),
                Quantity.bytes(sizeBytes)));
    if (merge.conflictCount() > 0) {
      output.result(
          "%s decided for the %s file, %s of others left out; for example:"
              .formatted(
                  Quantity.count(merge.conflictCount(), "conflict", "conflicts"),
                  onConflict == OnConflict.FIRST ? "first" : "last",
                  Quantity.count(merge.droppedKeys(), "key", "keys")));
      merge.conflicts().forEach(each -> output.result("  " + Output.oneLine(each.toString())));
    }
  }
}
