package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.SalvageView;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.salvage.Salvage;
import io.redrill.rdb.salvage.SalvageOptions;
import io.redrill.rdb.salvage.SalvageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Recovers what is whole in a damaged RDB file.
@Command(
    name = "salvage",
    mixinStandardHelpOptions = true,
    description = {
      "Recover what is whole of a damaged RDB file into another file, and list what is lost.",
      "Keys before, between and behind the damage are copied byte for byte. The damaged file is only read."
    },
    footer = {"", "Example:", "  redrill rdb salvage dump.rdb --to salvaged.rdb"},
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written, and nothing is lost",
      "2:the command line is wrong",
      "3:written, and something is lost or may be altered",
      "4:refused: the file to write is there already",
      "5:no key could be found; nothing was written",
      "6:no such file"
    })
final class RdbSalvageCommand implements Callable<Integer> {

  private static final int VERSION_OF_VALKEY = 80;
  private static final int MOST_VERSION = 999;

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Mixin private NewFileOptions newFile = new NewFileOptions();

  @Option(
      names = "--assume-db",
      paramLabel = "N",
      description =
          "The database of keys that follow a hole, up to the next record that names one (default: the"
              + " one before the hole).")
  private Optional<Integer> assumedDb = Optional.empty();

  @Option(
      names = "--rdb-version",
      paramLabel = "N",
      description =
          "Read the file as this RDB version (80 and above: Valkey's dialect), where its header is"
              + " damaged (default: a guess).")
  private Optional<Integer> version = Optional.empty();

  @Option(
      names = "--without-functions",
      description =
          "Leave function libraries out: servers refuse the whole file if one was altered and does not"
              + " compile.")
  private boolean withoutFunctions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RdbSalvageCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Path to = context.directory().resolve(newFile.path());
    SalvageOptions options = options();
    NewFile.refuseExisting(to, newFile.force());
    refuseDevices();
    try (RdbPass pass = RdbPass.openDamaged(context, file.path(), "reading")) {
      if (!StagedRdb.isNeeded(context, file.path(), pass)) {
        return salvage(context.directory().resolve(file.path()), options, to);
      }
      try (StagedRdb staged = StagedRdb.of(context, pass)) {
        staged.damage().ifPresent(this::tell);
        pass.warn(OptionalLong.empty()); // of bytes behind the end the report tells
        return salvage(staged.path(), options, to);
      }
    } catch (IOException e) {
      throw RdbFailure.of(e, file.path(), ErrorCode.RDB_DAMAGED);
    }
  }

  /// What is damaged may begin with anything, and a device may never end.
  private void refuseDevices() {
    Path source = context.directory().resolve(file.path());
    if (!file.path().equals(RdbPass.STANDARD_INPUT)
        && Files.exists(source)
        && !Files.isDirectory(source)
        && !Files.isRegularFile(source)) {
      throw new RedrillException(
          ErrorCode.READ_FAILED,
          "file",
          source,
          "problem",
          "it is no regular file; of a pipe, salvage what - reads from standard input");
    }
  }

  private void tell(CorruptInputException damage) {
    context
        .output()
        .message(
            "redrill: %s, at offset %d; what stands before is salvaged"
                .formatted(damage.problem(), damage.offset()));
  }

  private int salvage(Path source, SalvageOptions options, Path to) throws IOException {
    SalvageReport report;
    boolean isWritten;
    try (SalvageProgress progress = new SalvageProgress(context, Output.oneLine(name()))) {
      report = Salvage.survey(source, options, progress);
      // A file without keys may hold libraries of functions.
      boolean isWhole = report.losses().isEmpty() && report.endFound();
      isWritten = report.keys() > 0 || isWhole;
      if (isWritten) {
        write(source, report, to, progress);
      }
    }
    SalvageView view = new SalvageView(report, isWritten, withoutFunctions);
    if (json) {
      context.output().json(view.tree());
    } else {
      view.print(context.output(), to);
    }
    if (!isWritten) {
      return ExitStatus.CHECK_FAILED.code();
    }
    return (report.isComplete() ? ExitStatus.PROVEN : ExitStatus.PARTIAL).code();
  }

  private String name() {
    return file.path().equals(RdbPass.STANDARD_INPUT)
        ? "standard input"
        : String.valueOf(file.path().getFileName());
  }

  private SalvageOptions options() {
    SalvageOptions defaults = SalvageOptions.defaults(WorkDirectory.spillLimits(context));
    assumedDb.filter(db -> db < 0).ifPresent(db -> refuse("--assume-db is a number from 0 on"));
    version
        .filter(each -> each < 1 || each > MOST_VERSION)
        .ifPresent(each -> refuse("--rdb-version is a number from 1 to " + MOST_VERSION));
    return new SalvageOptions(
        version.map(each ->
            new RdbHeader(each < VERSION_OF_VALKEY ? RdbDialect.REDIS : RdbDialect.VALKEY, each)),
        assumedDb.map(OptionalInt::of).orElse(OptionalInt.empty()),
        defaults.maxValueBytes(),
        !withoutFunctions,
        defaults.keys());
  }

  private void refuse(String problem) {
    throw new ParameterException(spec.commandLine(), problem);
  }

  /// Each value was looked into as far as there was memory for it; what is read again is the rest.
  private void write(Path source, SalvageReport report, Path to, SalvageProgress progress)
      throws IOException {
    try (NewFile written = NewFile.begin(to, newFile.force())) {
      Salvage.write(source, report, written.stream(), progress);
      progress.close();
      written.check(
          Depth.STRUCTURE,
          report.keys(),
          WorkDirectory.spillLimits(context),
          file.path().toString());
      written.place();
    }
  }
}
