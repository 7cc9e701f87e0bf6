package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.KeyLine;
import io.redrill.cli.output.Quantity;
import io.redrill.cli.output.ResultStream;
import io.redrill.cli.output.ValueLines;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.json.RdbJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints the value of one key of an RDB file.
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = {
      "Print the value of one key of an RDB file: a line an element, its parts apart by tabs.",
      "Text is printed as rdb ls prints keys. What the value is, and when it expires, goes to standard"
          + " error.",
      "Reading ends where the key is found: the rest of the file, and its checksum, are not checked"
          + " (rdb check does that)."
    },
    footer = {
      "",
      "Examples:",
      "  redrill rdb get dump.rdb cart:1001",
      "  redrill rdb get dump.rdb avatar --raw > avatar.png",
      "  redrill rdb get dump.rdb cart:1001 --dump | redis-cli -x RESTORE cart:1001 0"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:found and printed",
      "2:the command line is wrong, or asks for the raw bytes of what is no string",
      "5:the file is damaged before the key, or the value is",
      "6:no such file, or no such key in it"
    })
final class RdbGetCommand implements Callable<Integer> {

  /// A file may announce any number of databases.
  private static final int MAX_OTHER_DATABASES = 16;

  private final CommandContext context;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RdbFileArgument file = new RdbFileArgument();

  @Parameters(index = "1", paramLabel = "KEY", description = "The key, as text.")
  private String key = "";

  @Option(names = "--db", paramLabel = "N", description = "Look in this database (default: 0).")
  private int db;

  @ArgGroup(exclusive = true)
  private Writing writing = new Writing();

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  /// How the key is written.
  static final class Writing {
    @Option(names = "--hex", description = "KEY is in hexadecimal digits.")
    private boolean isHex;

    @Option(names = "--base64", description = "KEY is in Base64.")
    private boolean isBase64;

    @Option(names = "--escaped", description = "KEY is written as rdb ls prints it.")
    private boolean isEscaped;
  }

  /// How the value is printed.
  static final class Form {
    @Option(names = "--raw", description = "Print the bytes of a string, and nothing else.")
    private boolean isRaw;

    @Option(
        names = "--dump",
        description = "Print the payload for RESTORE, which is binary, and nothing else.")
    private boolean isDump;

    @Option(
        names = "--json",
        description = "Print the key as a line of JSON, as rdb json does, and nothing else.")
    private boolean isJson;
  }

  RdbGetCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (db < 0) {
      throw new ParameterException(spec.commandLine(), "--db: databases are numbered from 0 on");
    }
    byte[] searched = key();
    return RdbPass.run(file.path(), ErrorCode.RDB_DAMAGED, () -> get(searched));
  }

  private byte[] key() {
    try {
      if (writing.isHex) {
        return HexFormat.of().parseHex(key);
      }
      if (writing.isBase64) {
        return Base64.getDecoder().decode(key);
      }
      return writing.isEscaped ? KeyEscape.parse(key) : key.getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      String option = writing.isHex ? "--hex" : writing.isBase64 ? "--base64" : "--escaped";
      throw new ParameterException(
          spec.commandLine(), "%s: KEY is not written so: %s".formatted(option, e.getMessage()), e);
    }
  }

  private ExitStatus get(byte[] searched) throws IOException {
    long keys = 0;
    Set<Integer> others = new TreeSet<>();
    String name;
    try (RdbPass pass = RdbPass.open(context, file.path())) {
      name = pass.name();
      RdbCursor cursor = new RdbCursor(pass.in());
      for (Step step = cursor.next(); step != Step.END; step = cursor.next()) {
        if (step != Step.KEY) {
          continue;
        }
        keys++;
        if (!cursor.key().hasBytes(searched)) {
          continue;
        }
        if (cursor.db() == db) {
          print(cursor);
          return ExitStatus.PROVEN;
        }
        if (others.size() < MAX_OTHER_DATABASES) {
          others.add(cursor.db());
        }
      }
    }
    throw notFound(name, searched, keys, others);
  }

  private RedrillException notFound(String name, byte[] searched, long keys, Set<Integer> others) {
    String elsewhere =
        others.isEmpty()
            ? "no database has it"
            : "it is in database "
                + others.stream().map(String::valueOf).collect(Collectors.joining(" and "))
                + ": name that with --db";
    return new RedrillException(
        ErrorCode.KEY_NOT_FOUND,
        "file",
        name,
        "database",
        db,
        "key",
        KeyEscape.of(searched),
        "looked at",
        Quantity.count(keys, "key", "keys"),
        "elsewhere",
        elsewhere);
  }

  private void print(RdbCursor cursor) throws IOException {
    if (form.isRaw && cursor.type().kind() != RdbKind.STRING) {
      throw new ParameterException(
          spec.commandLine(),
          "--raw: the value is a %s, and only strings have raw bytes"
              .formatted(cursor.type().kind().redisName()));
    }
    try (ResultStream out = context.output().stream()) {
      if (form.isDump) {
        out.write(DumpPayload.of(cursor.entry()));
      } else if (form.isJson) {
        RdbJson line = new RdbJson(out);
        line.key(cursor);
        line.flush();
      } else if (form.isRaw) {
        cursor.walk(raw(out));
      } else {
        tell(cursor);
        ValueLines lines = new ValueLines(out);
        cursor.walk(lines);
        lines.end();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static ElementHandler raw(ResultStream out) {
    return new ElementHandler() {
      @Override
      public void string(ByteSlice string) {
        try {
          out.write(string.array(), string.offset(), string.length());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private void tell(RdbCursor cursor) throws IOException {
    String expiry = KeyLine.expiry(cursor.expireAtMillis());
    context
        .output()
        .message(
            "%s, stored as %s, %s%s"
                .formatted(
                    cursor.type().kind().redisName(),
                    cursor.type(),
                    cursor.holdValue()
                        ? Quantity.bytes(cursor.value().length())
                        : "more than " + Quantity.bytes(RdbReading.DEFAULT.heldBytes()),
                    expiry.equals("-") ? "" : ", expires " + expiry));
  }
}
