package io.redrill.cli.command;

import io.redrill.aof.AofCheck;
import io.redrill.aof.AofCheckReport;
import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofDirectoryCut;
import io.redrill.aof.AofFinding;
import io.redrill.aof.AofNames;
import io.redrill.aof.AofRecord;
import io.redrill.aof.CutBeforeBaseException;
import io.redrill.aof.LogCut;
import io.redrill.aof.LogCutReport;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
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

/// Writes an append-only file up to a cut.
@Command(
    name = "cut",
    mixinStandardHelpOptions = true,
    description = {
      "Write an append-only file up to a moment, an offset or a command, as a directory that a server of"
          + " Redis 7.0 or later loads: its base as it was, and the log behind it in one file. A cut"
          + " falls between two commands and never inside of a transaction.",
      "The source is only read. What is written is checked before it gets its name."
    },
    footer = {
      "",
      "Examples:",
      "  redrill aof cut /var/lib/redis --at 2026-11-24T02:41:00Z --to /tmp/appendonlydir",
      "  redrill aof cut appendonlydir --before 'FLUSHALL' --to before-the-flush",
      "  redrill aof cut appendonlydir --before 'DEL user:*' --nth 2 --to cut",
      "  redis-server --appendonly yes --dir /tmp --appenddirname appendonlydir"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written",
      "2:the command line is wrong",
      "4:something stands at DIR already",
      "5:the file is damaged before the cut",
      "6:no such file, no command that matches, or a moment before the log begins"
    })
final class AofCutCommand implements Callable<Integer> {

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private AofFileArgument file = new AofFileArgument();

  @ArgGroup(multiplicity = "1")
  private Cut where = new Cut();

  /// Where the log is to end.
  static final class Cut {
    @Option(
        names = "--at",
        paramLabel = "TIME",
        description =
            "Keep what was written by then: Unix seconds, or a time as 2026-11-24T02:41:00Z. Marks of"
                + " whole seconds count to their end.")
    private @Nullable String at;

    @Option(
        names = "--offset",
        paramLabel = "[FILE:]N",
        description =
            "Keep what ends at byte N of FILE or before, as aof find and aof cat print offsets. FILE"
                + " may be left out if there is only one with commands.")
    private @Nullable String offset;

    @Option(
        names = "--before",
        paramLabel = "'COMMAND [KEY]'",
        description =
            "Keep what stands before the first command of this name that may write to a key which the"
                + " pattern KEY matches.")
    private @Nullable String before;
  }

  @Option(
      names = "--nth",
      paramLabel = "N",
      defaultValue = "1",
      description = "With --before: the N-th such command (default: ${DEFAULT-VALUE}).")
  private int nth = 1;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "The directory to write: new, or empty.")
  private Path to = Path.of("");

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  AofCutCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AofDirectory set = file.open(context, ErrorCode.AOF_CUT_DAMAGED);
    Path target = context.directory().resolve(to);
    try (NewDirectory directory = NewDirectory.begin(target)) {
      LogCutReport report = cut(set, directory.staged(), names(set));
      requireFound(report);
      AofCheckReport written = AofCheck.check(directory.staged());
      requireSound(written);
      directory.place();
      print(report, written);
      return ExitStatus.PROVEN.code();
    } catch (CutBeforeBaseException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.BEFORE_THE_LOG, "problem", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw file.failure(e, ErrorCode.AOF_CUT_DAMAGED);
    }
  }

  private LogCutReport cut(AofDirectory set, Path directory, AofNames names) throws IOException {
    if (where.offset != null) {
      FileOffset end = fileOffset(set, where.offset);
      return AofDirectoryCut.write(set, end.file(), end.offset(), directory, names);
    }
    return AofDirectoryCut.write(set, logCut(), directory, names);
  }

  private LogCut logCut() {
    if (where.at != null) {
      return new LogCut.AtTime(MomentArgument.parse(where.at));
    }
    try {
      return LogCut.BeforeMatch.of(String.valueOf(where.before), nth);
    } catch (IllegalArgumentException e) {
      throw usage("--before: " + e.getMessage());
    }
  }

  private record FileOffset(Path file, long offset) {}

  private FileOffset fileOffset(AofDirectory set, String text) {
    int colon = text.lastIndexOf(':');
    String number = text.substring(colon + 1);
    if (!number.matches("[0-9]{1,18}")) {
      throw usage("--offset: write a number, or FILE:NUMBER, not " + text);
    }
    List<Path> files = set.files();
    if (colon < 0) {
      List<Path> logs = files.stream().filter(each -> !set.isBase(each)).toList();
      if (files.size() > 1 && logs.size() > 1) {
        throw usage("--offset: there are several files; name one, as FILE:" + number);
      }
      return new FileOffset(
          logs.isEmpty() ? files.getLast() : logs.getLast(), Long.parseLong(number));
    }
    String name = text.substring(0, colon);
    return files.stream()
        .filter(each -> String.valueOf(each.getFileName()).equals(name))
        .findFirst()
        .map(each -> new FileOffset(each, Long.parseLong(number)))
        .orElseThrow(() -> usage("--offset: the append-only file has no file " + name));
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  /// The server's `appendfilename`, which its files bear.
  private static AofNames names(AofDirectory set) {
    String name = String.valueOf(set.path().getFileName());
    String suffix = ".manifest";
    return new AofNames(
        set.manifest().isPresent() && name.endsWith(suffix)
            ? name.substring(0, name.length() - suffix.length())
            : name);
  }

  private void requireFound(LogCutReport report) {
    if (where.before != null && !report.reached()) {
      throw new RedrillException(ErrorCode.NO_COMMAND_MATCHES, "pattern", where.before, "nth", nth);
    }
    if (where.at != null && report.time().isEmpty()) {
      throw new RedrillException(
          report.reached() ? ErrorCode.BEFORE_THE_LOG : ErrorCode.NO_TIME_MARKS, "time", where.at);
    }
  }

  private static void requireSound(AofCheckReport written) {
    for (AofFinding finding : written.findings()) {
      if (finding.severity() != AofFinding.Severity.NOTE) {
        throw new RedrillException(
            ErrorCode.AOF_CUT_DAMAGED,
            "problem",
            finding.problem(),
            "file",
            finding.file(),
            "offset",
            finding.offset());
      }
    }
  }

  private void print(LogCutReport report, AofCheckReport written) {
    long keys = written.files().stream().mapToLong(AofCheckReport.CheckedFile::keys).sum();
    if (json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("directory", to.toString());
      tree.put("commands", report.commands());
      tree.put("bytes", report.sizeBytes());
      tree.put("baseKeys", keys);
      tree.put("logEndsBefore", isAllKept(report));
      report
          .time()
          .ifPresent(mark -> tree.put("time", Instant.ofEpochMilli(mark.unixMillis()).toString()));
      context.output().json(tree);
      return;
    }
    Output output = context.output();
    output.result(
        "%s  %s in the base, %s behind it%s"
            .formatted(
                Output.oneLine(to.toString()),
                Quantity.count(keys, "key", "keys"),
                Quantity.count(report.commands(), "command", "commands"),
                report
                    .time()
                    .map(mark ->
                        ", the last written at %s or later"
                            .formatted(Instant.ofEpochMilli(mark.unixMillis())))
                    .orElse("")));
    if (isAllKept(report)) {
      output.result("the log ends before that moment; all of it is kept");
    }
    if (!(report.tail() instanceof AofRecord.Tail.Clean) && where.offset == null) {
      output.result("left out: what stands behind its last whole command, as a server does");
    }
  }

  private boolean isAllKept(LogCutReport report) {
    return where.at != null && !report.reached();
  }
}
