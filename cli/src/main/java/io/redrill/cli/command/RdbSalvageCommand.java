package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.salvage.Loss;
import io.redrill.rdb.salvage.Salvage;
import io.redrill.rdb.salvage.SalvageOptions;
import io.redrill.rdb.salvage.SalvageReport;
import io.redrill.rdb.salvage.SalvageReport.Basis;
import io.redrill.rdb.salvage.SalvageReport.Checksum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
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

  private static final int MAX_LINES = 100;
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
    if (json) {
      context.output().json(tree(report, isWritten));
    } else {
      print(report, to, isWritten);
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
      written.check(
          Depth.STRUCTURE,
          report.keys(),
          WorkDirectory.spillLimits(context),
          file.path().toString());
      written.place();
    }
  }

  private void print(SalvageReport report, Path to, boolean isWritten) {
    Output output = context.output();
    output.result(summary(report));
    for (Loss loss : report.losses().subList(0, Math.min(MAX_LINES, report.losses().size()))) {
      output.result("  " + line(loss));
    }
    if (report.losses().size() > MAX_LINES) {
      output.result(
          "  and "
              + Quantity.count(report.losses().size() - MAX_LINES)
              + " more; --json lists them all");
    }
    remarks(report).forEach(remark -> output.result(Output.oneLine(remark)));
    if (isWritten) {
      output.result("written to " + to);
    } else {
      output.result(
          "nothing was written: no key could be found; if this is an RDB whose header is lost, name its"
              + " version with --rdb-version");
    }
    if (isWritten && !report.isComplete()) {
      output.message(
          "redrill: before you rely on it, compare the number of keys with what you expect, and load it"
              + " into a spare server");
    }
  }

  private static String summary(SalvageReport report) {
    if (report.keys() == 0 && !report.losses().isEmpty()) {
      return "recovered no keys; lost:";
    }
    return report.losses().isEmpty()
        ? "recovered %s keys; nothing is lost".formatted(Quantity.count(report.keys()))
        : "recovered %s of %s%s keys; lost:"
            .formatted(
                Quantity.count(report.keys()),
                report.basis() == Basis.NAMED ? "" : "about ",
                Quantity.count(report.keys() + report.lostKeys()));
  }

  private static String line(Loss loss) {
    String keys =
        loss.key()
            .map(key -> "key " + Output.oneLine(key))
            .orElseGet(() ->
                loss.keys() == 0
                    ? "hardly a key"
                    : "about " + Quantity.count(loss.keys(), "key", "keys"));
    return (loss.bytes() == 0
            ? "at the end of the file, byte %d".formatted(loss.offset())
            : "bytes %d-%d".formatted(loss.offset(), loss.end() - 1))
        + " (%s): %s".formatted(keys, Output.oneLine(loss.reason()));
  }

  private List<String> remarks(SalvageReport report) {
    List<String> remarks = new ArrayList<>(report.remarks());
    if (report.headerAssumed()) {
      remarks.add(
          "the header is not the file's own: the result is RDB version %d; --rdb-version names another"
              .formatted(report.header().version()));
    }
    switch (report.basis()) {
      case NOTHING_LOST, NAMED -> {
        // exact
      }
      case DATABASE_SIZES ->
          remarks.add(
              "the number of lost keys comes from the sizes that the file gives of its databases");
      case MEAN_SIZE ->
          remarks.add(
              "the number of lost keys is estimated from the lost bytes and the mean size of a key");
    }
    if (report.keysInAssumedDb() > 0) {
      remarks.add(
          "%s behind the damage may belong to another database, whose name was lost: they were put into"
                  .formatted(Quantity.count(report.keysInAssumedDb(), "key", "keys"))
              + " the last one that was named; --assume-db names another");
    }
    if (report.repeatedKeys() > 0) {
      remarks.add(
          "%s stood twice in one database, which servers refuse: one of the two was kept, and nobody can"
                  .formatted(Quantity.count(report.repeatedKeys(), "key", "keys"))
              + " say for sure which is right; if they are of two databases and the damage took the name of"
              + " one, --assume-db names it");
    }
    if (report.checksum() == Checksum.DIFFERS) {
      remarks.add(
          "the checksum does not match though all records are whole: some key or value may be altered,"
              + " and nobody can say which; prefer another copy");
    } else if (report.checksum() == Checksum.NOT_COMPARED) {
      remarks.add(
          report.losses().isEmpty()
              ? "the file has no checksum: a changed byte inside of a string would not be seen"
              : "a changed byte inside of a string cannot be seen, as the checksum is of no use where"
                  + " something is lost");
    }
    if (report.libraries() > 0 && report.checksum() != Checksum.MATCHES && !withoutFunctions) {
      remarks.add(
          "%s in it; if a server refuses the file because one does not compile, add --without-functions"
              .formatted(
                  Quantity.count(
                      report.libraries(), "function library is", "function libraries are")));
    }
    return remarks;
  }

  private Map<String, Object> tree(SalvageReport report, boolean isWritten) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("complete", report.isComplete());
    tree.put("written", isWritten);
    tree.put("version", report.header().version());
    tree.put("dialect", lower(report.header().dialect()));
    tree.put("headerAssumed", report.headerAssumed());
    tree.put("bytes", report.fileBytes());
    tree.put("keys", report.keys());
    Map<String, Object> databases = new LinkedHashMap<>();
    new TreeMap<>(report.keysByDb()).forEach((db, keys) -> databases.put(db.toString(), keys));
    tree.put("databases", databases);
    tree.put("keysInAssumedDatabase", report.keysInAssumedDb());
    tree.put("lostKeys", report.lostKeys());
    tree.put("lostKeysBasis", lower(report.basis()));
    tree.put("endFound", report.endFound());
    tree.put("trailingBytes", report.trailingBytes());
    tree.put("checksum", lower(report.checksum()));
    tree.put("repeatedKeys", report.repeatedKeys());
    tree.put("libraries", report.libraries());
    tree.put("losses", report.losses().stream().map(RdbSalvageCommand::tree).toList());
    tree.put("remarks", remarks(report));
    return tree;
  }

  private static Map<String, Object> tree(Loss loss) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("offset", loss.offset());
    tree.put("bytes", loss.bytes());
    tree.put("keys", loss.keys());
    loss.key().ifPresent(key -> tree.put("key", key));
    tree.put("reason", loss.reason());
    return tree;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
