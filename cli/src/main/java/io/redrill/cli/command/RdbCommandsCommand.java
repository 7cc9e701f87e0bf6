package io.redrill.cli.command;

import io.redrill.aof.RestoreCommands;
import io.redrill.aof.RestoreOptions;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Writes an RDB file as commands.
@Command(
    name = "commands",
    mixinStandardHelpOptions = true,
    description = {
      "Write an RDB file as commands that give a running server the same data.",
      "A key is one RESTORE, or with --expand ordinary commands, which older servers take, too.",
      "A collection of more than 512 MiB, or than a quarter of the memory, is ordinary commands anyway.",
      "Values that are not expanded are not looked into: redrill rdb check does.",
      "With --expand and without --replace, elements are added to the keys that are there."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb commands dump.rdb --key 'user:*' --replace | redis-cli -h HOST --pipe",
      "  redrill rdb commands dump.rdb --expand --before-7 | redis-cli -h OLD --pipe"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written in full",
      "2:the command line is wrong",
      "3:written, and what the messages name has no command",
      "4:refused: the file to write is there already",
      "5:the source is damaged: standard output has what stands before",
      "6:no such file"
    })
final class RdbCommandsCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Mixin private ExportOptions exportOptions = new ExportOptions();

  @Option(
      names = "--replace",
      description = "Replace keys and libraries that the server has already.")
  private boolean replace;

  @Option(
      names = "--expand",
      description = "Write ordinary commands (SET, RPUSH, HSET, XADD, ...) where there are such.")
  private boolean expand;

  @Option(
      names = "--before-7",
      description = "With --expand: only what servers before Redis 7.0 take.")
  private boolean before7;

  @Mixin private RdbFilterOptions filterOptions;

  RdbCommandsCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    RestoreOptions options = new RestoreOptions(replace, expand, !before7);
    // The message about what is missing needs the form that was written.
    Commands[] written = new Commands[1];
    ExitStatus status =
        new RdbExport(context, file.path(), filterOptions.filter(), RestoreCommands.reading())
            .run(
                exportOptions.path(),
                exportOptions.force(),
                out -> {
                  written[0] = new Commands(out, options);
                  return written[0];
                });
    return status == ExitStatus.PROVEN ? missing(written[0].commands).code() : status.code();
  }

  private ExitStatus missing(RestoreCommands commands) {
    if (commands.largeKeys() > 0) {
      context
          .output()
          .message(
              "redrill: %s too large for one RESTORE, and written as ordinary commands"
                  .formatted(Quantity.count(commands.largeKeys(), "key is", "keys are")));
    }
    commands
        .losses()
        .forEach((loss, count) ->
            context
                .output()
                .message(
                    "redrill: not in the commands: %s: %s (%s %s): %s"
                        .formatted(
                            loss.id(),
                            loss.content(),
                            Quantity.count(count),
                            loss.unit(),
                            loss.effect())));
    return commands.losses().isEmpty() ? ExitStatus.PROVEN : ExitStatus.PARTIAL;
  }

  private static final class Commands implements RdbExport.Form {

    private final RestoreCommands commands;

    Commands(OutputStream out, RestoreOptions options) {
      this.commands = new RestoreCommands(out, options);
    }

    @Override
    public void begin(RdbHeader header) {
      // no command says it
    }

    @Override
    public void key(RdbCursor cursor) throws IOException {
      commands.key(cursor);
    }

    @Override
    public void record(RdbRecord record) throws IOException {
      if (record instanceof RdbRecord.FunctionLibrary(byte[] source)) {
        commands.function(source);
      }
    }

    @Override
    public void end() {
      // nothing follows
    }

    @Override
    public void flush() throws IOException {
      commands.flush();
    }
  }
}
