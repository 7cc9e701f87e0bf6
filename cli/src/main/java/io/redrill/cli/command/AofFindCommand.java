package io.redrill.cli.command;

import io.redrill.aof.AofCursor;
import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofRecord;
import io.redrill.aof.AofVisitor;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.LogLines;
import io.redrill.cli.output.LoggedCommand;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Quantity;
import io.redrill.cli.output.ResultStream;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.filter.KeyGlob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Finds the commands that may have changed a key.
@Command(
    name = "find",
    mixinStandardHelpOptions = true,
    description = {
      "Tell when keys changed, and by what: every command of an append-only file that may have written"
          + " to a key which PATTERN matches, and those that empty or swap whole databases. Keys of an"
          + " RDB in front are named as well.",
      "Each line has the time (of the last time mark before it; - if there is none), file:offset, as"
          + " aof cut takes it, the database, and the command."
    },
    footer = {
      "",
      "Examples:",
      "  redrill aof find /var/lib/redis/appendonlydir 'user:42'",
      "  redrill aof find appendonlydir 'cart:*' --command DEL --db 0"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:something was found",
      "2:the command line is wrong",
      "5:the file is damaged; what was printed stands before",
      "6:no such file, or nothing was found"
    })
final class AofFindCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private AofFileArgument file = new AofFileArgument();

  @Parameters(
      index = "1",
      paramLabel = "PATTERN",
      description = "A key, or a pattern as KEYS of a server takes it.")
  private String pattern = "";

  @Option(
      names = "--command",
      paramLabel = "NAME",
      description = "Only commands of this name, also where they write to no key.")
  private @Nullable String command;

  @Option(names = "--db", paramLabel = "N", description = "Only in this database.")
  private @Nullable Integer db;

  @Option(names = "--json", description = "Print JSON, one line each, with the fields of aof cat.")
  private boolean json;

  AofFindCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AofDirectory set = file.open(context, ErrorCode.AOF_DAMAGED);
    long found;
    try (ResultStream out = context.output().stream();
        LogLines lines = new LogLines(out, false)) {
      Finder finder = new Finder(out, lines);
      set.read(finder);
      found = finder.found;
    } catch (IOException e) {
      throw file.failure(e, ErrorCode.AOF_DAMAGED);
    }
    return (found > 0 ? ExitStatus.PROVEN : ExitStatus.NOT_FOUND).code();
  }

  private final class Finder implements AofVisitor {

    private final ResultStream out;
    private final LogLines lines;
    private final KeyGlob glob = KeyGlob.of(pattern);
    private final LoggedCommand logged = new LoggedCommand(Optional.of(glob));
    private final Optional<String> name =
        Optional.ofNullable(command).map(text -> text.toUpperCase(Locale.ROOT));
    private final OptionalInt database = db == null ? OptionalInt.empty() : OptionalInt.of(db);
    private long found;

    Finder(ResultStream out, LogLines lines) {
      this.out = out;
      this.lines = lines;
    }

    @Override
    public void rdb(Path path, ByteInput in) throws IOException {
      RdbCursor rdb = new RdbCursor(in);
      for (RdbCursor.Step step = rdb.next(); step != RdbCursor.Step.END; step = rdb.next()) {
        if (step == RdbCursor.Step.KEY
            && name.isEmpty()
            && isWanted(rdb.db())
            && glob.matches(rdb.key())) {
          found++;
          String key = KeyEscape.of(rdb.key());
          if (json) {
            lines.rdbKey(name(path), rdb.recordOffset(), rdb.db(), rdb.key().toByteArray());
          } else {
            line("-", path, rdb.recordOffset(), rdb.db(), "(in the RDB) " + key);
          }
        }
      }
    }

    @Override
    public void record(Path path, AofCursor.Step step, AofCursor log) throws IOException {
      if (step != AofCursor.Step.COMMAND) {
        return;
      }
      logged.begin(log);
      if (log.visit(logged) && isFound(log)) {
        found++;
        if (json) {
          lines.command(name(path), log, logged);
        } else {
          String time =
              log.time()
                  .map(mark -> Instant.ofEpochMilli(mark.unixMillis()).toString())
                  .orElse("-");
          line(time, path, log.offset(), log.db(), words(log));
        }
      }
    }

    private boolean isFound(AofCursor log) {
      if (name.isPresent() && !log.is(name.get())) {
        return false;
      }
      if (log.is("FLUSHALL") || log.is("SWAPDB")) {
        return true;
      }
      boolean hasMatched =
          logged.isMatched() || log.is("FLUSHDB") || (name.isPresent() && logged.keys() == 0);
      return hasMatched && isWanted(log.db());
    }

    private boolean isWanted(int in) {
      return database.isEmpty() || database.getAsInt() == in;
    }

    private String words(AofCursor log) {
      StringBuilder words = new StringBuilder(LoggedCommand.name(log));
      logged.key().ifPresent(key -> words.append(' ').append(KeyEscape.of(key)));
      if (logged.keys() > 1) {
        words.append(" and %d more".formatted(logged.keys() - 1));
      }
      return words
          .append(
              " (%s, %s)"
                  .formatted(
                      Quantity.count(log.argumentCount(), "argument", "arguments"),
                      Quantity.count(log.length(), "byte", "bytes")))
          .append(log.isInTransaction() ? " in a transaction" : "")
          .toString();
    }

    private void line(String time, Path path, long offset, int in, String words)
        throws IOException {
      out.text(
          "%-24s  %s:%d  db %d  %s%n"
              .formatted(time, Output.oneLine(name(path)), offset, in, words));
    }

    @Override
    public void end(Path path, AofRecord.End end) {
      // What is found is printed at once.
    }

    private static String name(Path path) {
      return String.valueOf(path.getFileName());
    }
  }
}
