package io.redrill.cli.command;

import io.redrill.cli.composition.CommandContext;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.json.RdbJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "4:refused: the file to write is there already",
      "5:the source is damaged: standard output has what stands before",
      "6:no such file"
    })
final class RdbJsonCommand implements Callable<Integer> {

  private final CommandContext context;

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Mixin private ExportOptions exportOptions = new ExportOptions();

  @Option(names = "--aux", description = "Write the aux fields of the file, too.")
  private boolean aux;

  @Mixin private RdbFilterOptions filterOptions;

  RdbJsonCommand(CommandContext context) {
    this.context = context;
    this.filterOptions = new RdbFilterOptions(context);
  }

  @Override
  public Integer call() {
    return new RdbExport(context, file.path(), filterOptions.filter())
        .run(exportOptions.path(), exportOptions.force(), out -> new Lines(out, aux))
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
