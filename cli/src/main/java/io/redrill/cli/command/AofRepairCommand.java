package io.redrill.cli.command;

import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofRepair;
import io.redrill.aof.AofRepairPlan;
import io.redrill.aof.Dropped;
import io.redrill.aof.UnrepairableException;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.DroppedView;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Makes a damaged append-only file whole.
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Make an append-only file whole again that ends in the middle or is damaged: keep everything before"
          + " the first fault, in all of its files, and say command by command what has to go.",
      "Nothing behind a fault is kept: the state would be one that the server never had. No server may be"
          + " running on these files."
    },
    footer = {
      "",
      "Examples:",
      "  redrill aof repair /var/lib/redis/appendonlydir --dry-run",
      "  redrill aof repair /var/lib/redis/appendonlydir --to /var/lib/redis/repaired",
      "  redrill aof repair appendonly.aof --in-place",
      "  redrill aof repair appendonlydir --from-names --to repaired"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:whole now; nothing went, or one command or transaction that was not finished",
      "2:the command line is wrong",
      "3:whole now, but commands went that had been finished, or bytes that may have been some",
      "4:something stands at the target already",
      "5:nothing is left that a server could begin with",
      "6:no such file"
    })
final class AofRepairCommand implements Callable<Integer> {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private AofFileArgument file = new AofFileArgument();

  @ArgGroup(multiplicity = "1")
  private Target target = new Target();

  /// What to do with what stays.
  static final class Target {
    @Option(
        names = "--to",
        paramLabel = "DIR",
        description = "Write it into this directory, new or empty; the source is only read.")
    private @Nullable Path to;

    @Option(
        names = "--in-place",
        description =
            "Replace the damaged files; the originals are kept in a directory among them, which is named.")
    private boolean inPlace;

    @Option(names = "--dry-run", description = "Only say what would go.")
    private boolean dryRun;
  }

  @Option(
      names = "--from-names",
      description = {
        "Do without the manifest, where it is lost or damaged: take the files that stand in DIR by their"
            + " names, a base and the incremental files in the order of their numbers.",
        "Right unless a rewrite had ended in the moment of the crash and files of before are left; so look"
            + " at the result before it is used."
      })
  private boolean fromNames;

  @Option(
      names = "--all",
      description =
          "Name every command that goes, not only the first "
              + DroppedView.MOST
              + " (--json has those anyway).")
  private boolean all;

  @Option(
      names = "--json",
      description =
          "Print the result as JSON, with the first " + DroppedView.MOST + " commands that go.")
  private boolean json;

  AofRepairCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AofDirectory set = open();
    DroppedView dropped = new DroppedView(all ? Long.MAX_VALUE : DroppedView.MOST);
    boolean lost;
    try {
      AofRepairPlan plan = AofRepair.plan(set, each -> take(each, dropped));
      lost = !plan.dropped().isEmpty() || !dropped.isUnfinishedWrite();
      String where = apply(plan);
      if (json) {
        context.output().json(tree(plan, dropped, where));
      } else {
        print(plan, dropped, where);
      }
    } catch (UnrepairableException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.AOF_UNREPAIRABLE, "problem", e.problem(), "file", e.file());
    } catch (IOException e) {
      throw file.failure(e, ErrorCode.AOF_UNREPAIRABLE);
    }
    return (lost ? ExitStatus.PARTIAL : ExitStatus.PROVEN).code();
  }

  private AofDirectory open() {
    if (!fromNames) {
      return file.open(context, ErrorCode.AOF_MANIFEST_DAMAGED);
    }
    try {
      AofDirectory set = AofDirectory.fromNames(file.in(context));
      if (target.inPlace) {
        throw new ParameterException(
            spec.commandLine(), "--from-names goes with --to or --dry-run: it is a guess");
      }
      return set;
    } catch (IOException e) {
      throw file.failure(e, ErrorCode.AOF_UNREPAIRABLE);
    }
  }

  private void take(Dropped each, DroppedView dropped) {
    dropped.add(each).filter(line -> !json).ifPresent(context.output()::result);
  }

  /// Repairs, and says where the result is; empty where nothing was written.
  private String apply(AofRepairPlan plan) throws IOException {
    if (target.to != null) {
      try (NewDirectory directory = NewDirectory.begin(context.directory().resolve(target.to))) {
        AofRepair.copy(plan, directory.staged());
        directory.place();
      }
      return target.to.toString();
    }
    boolean isChange = target.inPlace && plan.isNeeded();
    if (target.dryRun || !isChange) {
      return "";
    }
    Path kept = backup(plan.source());
    AofRepair.inPlace(plan, kept);
    context
        .output()
        .message("redrill: the originals are kept in " + Output.oneLine(kept.toString()));
    return plan.source().path().toString();
  }

  /// A new directory among the files, where no server looks for a manifest.
  private Path backup(AofDirectory set) {
    String name = "before-repair-" + STAMP.format(context.clock().instant());
    Path kept = set.directory().resolve(name).toAbsolutePath().normalize();
    if (Files.exists(kept)) {
      throw new RedrillException(ErrorCode.TARGET_EXISTS, "path", kept);
    }
    return kept;
  }

  private void print(AofRepairPlan plan, DroppedView dropped, String where) {
    Output output = context.output();
    if (fromNames) {
      output.result("taken, by their names and in this order:");
      for (Path taken : plan.source().files()) {
        output.result("      " + Output.oneLine(String.valueOf(taken.getFileName())));
      }
    }
    dropped.summary().forEach(output::result);
    plan.torn()
        .ifPresent(torn ->
            output.result(
                "cut   %s at offset %d: %s of %s stay"
                    .formatted(
                        Output.oneLine(String.valueOf(torn.file().getFileName())),
                        torn.soundBytes(),
                        Quantity.bytes(torn.soundBytes()),
                        Quantity.bytes(torn.sizeBytes()))));
    for (Path gone : plan.dropped()) {
      output.result("drop  %s".formatted(Output.oneLine(String.valueOf(gone.getFileName()))));
    }
    if (plan.isBaseCut()) {
      output.result(
          "note  what was cut is a base: keys are missing that the server had when it wrote it");
    }
    if (!plan.isNeeded()) {
      output.result(
          where.isEmpty() ? "whole: nothing has to go" : "whole: nothing had to go; copied");
    } else {
      output.result(
          where.isEmpty() ? "nothing was written" : "whole now: " + Output.oneLine(where));
    }
  }

  private static Map<String, Object> tree(AofRepairPlan plan, DroppedView dropped, String where) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("needed", plan.isNeeded());
    tree.put("written", where);
    plan.torn()
        .ifPresent(torn ->
            tree.put(
                "cut",
                Map.of(
                    "file", String.valueOf(torn.file().getFileName()),
                    "offset", torn.soundBytes(),
                    "bytes", torn.sizeBytes())));
    List<String> files = new ArrayList<>();
    plan.dropped().forEach(gone -> files.add(String.valueOf(gone.getFileName())));
    tree.put("droppedFiles", files);
    tree.put("baseCut", plan.isBaseCut());
    tree.putAll(dropped.tree());
    return tree;
  }
}
