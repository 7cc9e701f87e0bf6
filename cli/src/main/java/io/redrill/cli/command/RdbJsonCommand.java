package io.redrill.cli.command;

import io.redrill.cli.composition.CommandContext;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.json.RdbJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes an RDB file as JSON lines.
@Command(
    name = "json",
    mixinStandardHelpOptions = true,
    description = {
      "Write an RDB file as JSON lines: one object per key, and per library of functions.",
      "The first line names the format, the last one says that nothing is missing.",
      "Values in full; docs/formats/rdb-json.md describes them."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb json dump.rdb --key 'user:*' | jq -c 'select(.type == \"hash\")'",
      "  redrill rdb json dump.rdb --to dump.jsonl"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:written in full",
      "2:the command line is wrong",
      "3:the reader of the output closed it before the end",
      "4:refused: the file to write is there already",
      "5:the source is damaged: standard output has what stands before",
      "6:no such file"
    })
final class RdbJsonCommand implements Callable<Integer> {

  private final CommandContext context;

  @Parameters(paramLabel = "FILE", description = "An RDB file of any Redis or Valkey.")
  private Path file = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "OUT",
      description = "Write to this file, whole or not at all, instead of standard output.")
  private @Nullable Path to;

  @Option(names = "--force", description = "Replace OUT if it is there.")
  private boolean force;

  @Option(names = "--aux", description = "Write the aux fields of the file, too.")
  private boolean aux;

  @Mixin private RdbFilterOptions filterOptions;

  RdbJsonCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    return new RdbExport(context, file, filterOptions.filter())
        .run(Optional.ofNullable(to), force, out -> new Lines(out, aux))
        .code();
  }

  private static final class Lines implements RdbExport.Form {

    private final RdbJson json;
    private final boolean aux;

    Lines(OutputStream out, boolean aux) {
      this.json = new RdbJson(out);
      this.aux = aux;
    }

    @Override
    public void begin(RdbHeader header) throws IOException {
      json.begin(header);
    }

    @Override
    public void key(RdbCursor cursor) throws IOException {
      json.key(cursor);
    }

    @Override
    public void record(RdbRecord record) throws IOException {
      switch (record) {
        case RdbRecord.FunctionLibrary(byte[] source) -> json.function(source);
        case RdbRecord.Aux(byte[] name, byte[] value) -> {
          if (aux) {
            json.aux(name, value);
          }
        }
        case RdbRecord.SelectDb _,
            RdbRecord.ResizeDb _,
            RdbRecord.HashTemplate _,
            RdbRecord.Verbatim _,
            RdbRecord.Entry _,
            RdbRecord.End _ -> {
          // is no data, or comes otherwise
        }
      }
    }

    @Override
    public void end() throws IOException {
      json.end();
    }

    @Override
    public void flush() throws IOException {
      json.flush();
    }
  }
}
