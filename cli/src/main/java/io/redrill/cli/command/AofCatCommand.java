package io.redrill.cli.command;

import io.redrill.aof.AofCursor;
import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofRecord;
import io.redrill.aof.AofVisitor;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.LogLines;
import io.redrill.cli.output.ResultStream;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints the records of an append-only file.
@Command(
    name = "cat",
    mixinStandardHelpOptions = true,
    description = {
      "Print every record of an append-only file as JSON, one a line: file, offset, time, database,"
          + " command, key, arguments, length; of an RDB in front only how many keys it has.",
      "The time is that of the last time mark before the command: it was written then or later."
          + " Text is escaped as rdb ls prints keys."
    },
    footer = {
      "",
      "Examples:",
      "  redrill aof cat /var/lib/redis/appendonlydir",
      "  redrill aof cat appendonly.aof --values | jq -c 'select(.command == \"SET\") | .values'"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:printed to the end",
      "2:the command line is wrong",
      "5:the file is damaged; what was printed stands before",
      "6:no such file"
    })
final class AofCatCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private AofFileArgument file = new AofFileArgument();

  @Option(
      names = "--values",
      description = "Print all arguments, too; of one longer than 16 KiB its beginning.")
  private boolean withValues;

  AofCatCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AofDirectory set = file.open(context, ErrorCode.AOF_DAMAGED);
    try (ResultStream out = context.output().stream();
        LogLines lines = new LogLines(out, withValues)) {
      set.read(new Printer(lines));
    } catch (IOException e) {
      throw file.failure(e, ErrorCode.AOF_DAMAGED);
    }
    return ExitStatus.PROVEN.code();
  }

  private record Printer(LogLines lines) implements AofVisitor {

    @Override
    public void rdb(Path path, ByteInput in) throws IOException {
      RdbCursor rdb = new RdbCursor(in);
      long keys = 0;
      for (RdbCursor.Step step = rdb.next(); step != RdbCursor.Step.END; step = rdb.next()) {
        keys += step == RdbCursor.Step.KEY ? 1 : 0;
      }
      lines.rdb(name(path), keys, in.offset());
    }

    @Override
    public void record(Path path, AofCursor.Step step, AofCursor log) throws IOException {
      if (step == AofCursor.Step.COMMAND) {
        lines.command(name(path), log);
      } else {
        lines.note(name(path), step, log);
      }
    }

    @Override
    public void end(Path path, AofRecord.End end) throws IOException {
      lines.end(name(path), end);
    }

    private static String name(Path path) {
      return String.valueOf(path.getFileName());
    }
  }
}
