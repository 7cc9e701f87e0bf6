package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.convert.CompatReport;
import io.redrill.rdb.convert.Loss;
import io.redrill.rdb.convert.LossCount;
import io.redrill.rdb.convert.RdbConversion;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.convert.TargetCompat;
import io.redrill.rdb.filter.RdbFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Writes an RDB file anew for another server.
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = {
      "Write an RDB file anew for an older, newer or other server.",
      "What the target cannot hold is found before anything is written, and refused by name, or"
          + " dropped where you accept it. What it reads as it is stays byte for byte.",
      "What is written is read back to its last element before it takes its place; of many keys that"
          + " makes temporary files below REDRILL_WORK."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb convert dump.rdb --target redis-7.0 --to dump-7.0.rdb",
      "  redrill rdb convert dump.rdb --target valkey-8 --to out.rdb --accept-loss field-expiry"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written, with nothing lost",
      "2:the command line is wrong",
      "3:written, without what the target cannot hold",
      "4:refused: the target cannot hold all of it, or the file to write is there already",
      "5:the source is damaged",
      "6:no such file"
    })
final class RdbConvertCommand implements Callable<Integer> {

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      required = true,
      description = {
        "The server to write for. Names in brackets mean",
        "the one before: redis-6.2 (redis-5.0, redis-6.0),",
        "redis-7.0, redis-7.2, redis-7.4, redis-8.0",
        "(redis-8.2, redis-8.4), redis-8.6, redis-8.8,",
        "valkey-8 (valkey-7.2, valkey-8.1) and valkey-9",
        "(valkey-9.1). A major release alone is its",
        "oldest: redis-7 is redis-7.0."
      })
  private String target = "";

  @Mixin private NewFileOptions newFile = new NewFileOptions();

  @Option(names = "--lossy", description = "Accept every loss, and list what was lost.")
  private boolean lossy;

  @Option(
      names = "--accept-loss",
      paramLabel = "LOSS",
      split = ",",
      description =
          "Accept these losses, by the names that redrill rdb compat shows; those are then left out.")
  private List<String> acceptedLosses = new ArrayList<>();

  @Mixin private PackingOptions packing = new PackingOptions();
  @Mixin private RdbFilterOptions filterOptions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbConvertCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    RdbTarget named = target();
    Set<Loss> accepted = accepted();
    RdbFilter filter = filterOptions.filter();
    PackingLimits limits = packing.limits(PackingLimits.DEFAULT);
    boolean isCompressed = packing.compression();
    Path out = context.directory().resolve(newFile.path());
    NewFile.refuseExisting(out, newFile.force());
    return RdbPasses.run(
        context,
        file.path(),
        passes -> {
          try (RdbSource source = passes.open(file.path())) {
            passes.begin("reading", source);
            long now = context.clock().millis();
            RdbConversion conversion =
                RdbConversion.plan(source, named, filter, limits, isCompressed, now);
            refuse(conversion.losses(), accepted, named);
            return convert(passes, source, conversion, accepted, out);
          }
        });
  }

  private int convert(
      RdbPasses passes, RdbSource source, RdbConversion conversion, Set<Loss> accepted, Path out)
      throws IOException {
    try (NewFile written = NewFile.begin(out, newFile.force())) {
      passes.begin("converting", source);
      conversion.write(written.stream(), accepted);
      passes.close();
      long keys = keysWritten(conversion);
      long sizeBytes =
          written.check(keys, WorkDirectory.spillLimits(context), file.path().toString());
      written.place();
      report(conversion.survey(), keys, sizeBytes);
      return (conversion.losses().isEmpty() ? ExitStatus.PROVEN : ExitStatus.PARTIAL).code();
    }
  }

  private static long keysWritten(RdbConversion conversion) {
    long leftOut =
        conversion.losses().stream()
            .filter(lost -> lost.loss().leavesKeysOut())
            .mapToLong(LossCount::count)
            .sum();
    return conversion.survey().keys() - leftOut;
  }

  private static void refuse(List<LossCount> losses, Set<Loss> accepted, RdbTarget target) {
    Map<String, String> refused = new LinkedHashMap<>();
    losses.stream()
        .filter(lost -> !accepted.contains(lost.loss()))
        .forEach(lost -> {
          String line = CompatView.line(lost);
          refused.put(lost.loss().id(), line.substring(lost.loss().id().length() + 2));
        });
    if (!refused.isEmpty()) {
      Map<String, String> all = new LinkedHashMap<>(Map.of("target", target.id()));
      all.putAll(refused);
      throw new RedrillException(ErrorCode.LOSS_REFUSED, all);
    }
  }

  private void report(CompatReport survey, long keys, long sizeBytes) {
    Output output = context.output();
    TargetCompat compat = survey.targets().getFirst();
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>(CompatView.tree(survey));
      tree.put("to", newFile.path().toString());
      tree.put("keysWritten", keys);
      tree.put("bytes", sizeBytes);
      output.json(tree);
      return;
    }
    output.result(
        "%s for %s: RDB version %d, %s, %s"
            .formatted(
                Output.oneLine(newFile.path().toString()),
                compat.target().id(),
                compat.target().version(),
                Quantity.count(keys, "key", "keys"),
                Quantity.bytes(sizeBytes)));
    output.result(
        compat.encodedAnew() == 0
            ? "every key is as it was, byte for byte"
            : Quantity.count(compat.encodedAnew(), "key has", "keys have")
                + " another form, the others are as they were, byte for byte");
    compat.losses().forEach(lost -> output.result("lost: " + CompatView.line(lost)));
    CompatView.needs(survey).forEach(output::result);
  }

  private RdbTarget target() {
    return RdbTarget.named(target)
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(),
                "--target: '%s' is no target: choose from %s"
                    .formatted(
                        target,
                        Arrays.stream(RdbTarget.values())
                            .map(RdbTarget::id)
                            .collect(Collectors.joining(", ")))));
  }

  private Set<Loss> accepted() {
    EnumSet<Loss> accepted = lossy ? EnumSet.allOf(Loss.class) : EnumSet.noneOf(Loss.class);
    for (String name : acceptedLosses) {
      accepted.add(
          Loss.named(name)
              .orElseThrow(() ->
                  new ParameterException(
                      spec.commandLine(),
                      "--accept-loss: '%s' is no loss: choose from %s"
                          .formatted(
                              name,
                              Arrays.stream(Loss.values())
                                  .map(Loss::id)
                                  .collect(Collectors.joining(", "))))));
    }
    return accepted;
  }
}
