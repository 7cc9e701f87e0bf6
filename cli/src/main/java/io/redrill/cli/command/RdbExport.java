package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.ResultStream;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.filter.RdbFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/// Reads an RDB file once, and writes it in another form: to a file, which comes into being whole
/// or not at all, or to standard output, where a damaged file leaves what stands before the damage.
final class RdbExport {

  /// Writes the other form.
  interface Form {
    /// Takes the header.
    void begin(RdbHeader header) throws IOException;

    /// Takes the key that `cursor` is at, which the filter keeps.
    void key(RdbCursor cursor) throws IOException;

    /// Takes any record that is no key.
    void record(RdbRecord record) throws IOException;

    /// All of the file was read, and is sound.
    void end() throws IOException;

    /// Hands on what is still in a buffer.
    void flush() throws IOException;
  }

  /// Makes a form that writes to an output.
  @FunctionalInterface
  interface FormMaker {
    Form to(OutputStream out);
  }

  private final CommandContext context;
  private final Path file;
  private final RdbFilter filter;
  private final RdbReading reading;

  RdbExport(CommandContext context, Path file, RdbFilter filter) {
    this(context, file, filter, RdbReading.DEFAULT);
  }

  RdbExport(CommandContext context, Path file, RdbFilter filter, RdbReading reading) {
    this.context = context;
    this.file = file;
    this.filter = filter;
    this.reading = reading;
  }

  /// Writes to `to`, or to standard output where there is none, and returns the exit status.
  ///
  /// @throws RedrillException if the file cannot be read, is damaged, or the output fails
  ExitStatus run(Optional<Path> to, boolean force, FormMaker maker) {
    return to.map(path -> toFile(context.directory().resolve(path), force, maker))
        .orElseGet(() -> toOutput(maker));
  }

  /// Reads the file for a form that writes nothing.
  ///
  /// @throws RedrillException if the file cannot be read, or is damaged
  void read(Form form) {
    try {
      export(form);
    } catch (IOException e) {
      throw RdbFailure.of(e, file, ErrorCode.SOURCE_DAMAGED);
    }
  }

  private ExitStatus toFile(Path path, boolean force, FormMaker maker) {
    NewFile.refuseExisting(path, force);
    try (NewFile written = NewFile.begin(path, force)) {
      export(maker.to(written.stream()));
      written.makeDurable();
      written.place();
      return ExitStatus.PROVEN;
    } catch (IOException e) {
      throw RdbFailure.of(e, file, ErrorCode.SOURCE_DAMAGED);
    }
  }

  private ExitStatus toOutput(FormMaker maker) {
    ResultStream out = context.output().stream();
    Form form = maker.to(out);
    try {
      try {
        export(form);
      } catch (FormatException e) {
        form.flush();
        out.flush();
        throw e;
      }
      out.flush();
      return ExitStatus.PROVEN;
    } catch (IOException e) {
      throw RdbFailure.of(e, file, ErrorCode.EXPORT_INCOMPLETE);
    }
  }

  private void export(Form form) throws IOException {
    try (RdbPass pass = RdbPass.open(context, file)) {
      read(new RdbCursor(pass.in(), reading), pass, form);
    }
  }

  private void read(RdbCursor cursor, RdbPass pass, Form form) throws IOException {
    form.begin(cursor.header());
    while (true) {
      switch (cursor.next()) {
        case KEY -> {
          if (filter.keeps(cursor)) {
            form.key(cursor);
          }
        }
        case RECORD -> form.record(cursor.record());
        case END -> {
          if (cursor.record() instanceof RdbRecord.End end) {
            pass.end(end);
          }
          form.end();
          form.flush();
          return;
        }
      }
    }
  }
}
