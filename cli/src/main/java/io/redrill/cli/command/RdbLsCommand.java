package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.KeyLine;
import io.redrill.cli.output.ResultStream;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.stats.Jemalloc;
import io.redrill.rdb.stats.KeyMeasure;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists the keys of an RDB file.
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = {
      "List the keys of an RDB file in the order of the file, one a line.",
      "A backslash is printed as \\\\, and each byte that is not printable UTF-8 as \\xNN: no two keys"
          + " look the same, and no line does anything to a terminal.",
      "Values are not checked."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb ls dump.rdb --key 'session:*'",
      "  redrill rdb ls dump.rdb --long --type stream",
      "  redrill rdb ls dump.rdb --null | xargs -0 -n 100 redis-cli DEL"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:listed to the end",
      "2:the command line is wrong",
      "5:the file is damaged; the list is of what stands before",
      "6:no such file"
    })
final class RdbLsCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Mixin private RdbFilterOptions filterOptions;

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  /// How a key is printed.
  static final class Form {
    @Option(
        names = "--long",
        description =
            "Print database, type, encoding, bytes in the file, elements, and expiry, too.")
    private boolean isLong;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean isJson;

    @Option(
        names = "--null",
        description = "Print the bytes of each key as they are, ended by a zero byte.")
    private boolean isNull;
  }

  RdbLsCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    RdbFilter filter = filterOptions.filter();
    return RdbPass.run(file.path(), ErrorCode.RDB_DAMAGED, () -> list(filter));
  }

  private ExitStatus list(RdbFilter filter) throws IOException {
    Optional<RedrillException> damage = Optional.empty();
    try (RdbPass pass = RdbPass.open(context, file.path());
        ResultStream out = context.output().stream()) {
      RdbCursor cursor = new RdbCursor(pass.in());
      KeyLine line = line();
      out.text(line.begin());
      try {
        list(cursor, filter, line, out);
        if (cursor.record() instanceof RdbRecord.End end) {
          pass.end(end);
        }
      } catch (FormatException e) {
        damage = Optional.of(RdbFailure.of(e, ErrorCode.RDB_DAMAGED));
      }
      out.text(line.end(damage.isEmpty()));
    }
    if (damage.isPresent()) {
      throw damage.get();
    }
    return ExitStatus.PROVEN;
  }

  private void list(RdbCursor cursor, RdbFilter filter, KeyLine line, ResultStream out)
      throws IOException {
    KeyMeasure measure = new KeyMeasure(Jemalloc.BUNDLED);
    boolean isMeasured = form.isLong || form.isJson;
    @Nullable FormatException firstDamage = null;
    for (Step step = cursor.next(); step != Step.END; step = cursor.next()) {
      if (step == Step.KEY && filter.keeps(cursor)) {
        boolean isSound = true;
        if (isMeasured) {
          try {
            measure.measure(cursor);
          } catch (FormatException e) {
            if (!cursor.isValueDelimited()) {
              throw e;
            }
            isSound = false;
            firstDamage = firstDamage == null ? e : firstDamage;
          }
        }
        line.write(cursor, measure, isSound, out);
      }
    }
    if (firstDamage != null) {
      throw firstDamage;
    }
  }

  private KeyLine line() {
    if (form.isNull) {
      return new KeyLine.Raw();
    }
    if (form.isJson) {
      return new KeyLine.Json();
    }
    return form.isLong ? new KeyLine.Columns() : new KeyLine.Plain();
  }
}
