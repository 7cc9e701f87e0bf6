package io.redrill.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The only place that prints. Results go to standard output, so that they can be piped; messages
/// and progress go to standard error. Safe for use by several threads, line by line.
public final class Output {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  private final OutputStream results;
  private final ResultStream lines;
  private final PrintStream messages;
  private final boolean interactive;
  private final boolean areResultsWatched;
  private volatile boolean isQuiet;

  /// Prints to the two streams, which stay open; `interactive` says that somebody watches
  /// `messages` on a terminal, so that a progress line may rewrite itself.
  public Output(OutputStream results, PrintStream messages, boolean interactive) {
    this(results, messages, interactive, false);
  }

  private Output(
      OutputStream results, PrintStream messages, boolean interactive, boolean areResultsWatched) {
    this.results = results;
    this.lines = new ResultStream(results);
    this.messages = messages;
    this.interactive = interactive;
    this.areResultsWatched = areResultsWatched;
  }

  /// The process's own streams, in UTF-8.
  public static Output ofProcess() {
    return new Output(
        // Whether the reader is still there, or the disk full, counts: print streams do not tell.
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        isTerminal(STANDARD_ERROR),
        isTerminal(STANDARD_OUTPUT));
  }

  /// The JDK's console is there only where all of the process's streams are a terminal's.
  private static boolean isTerminal(int descriptor) {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return file.startsWith("/dev/pts/")
          || file.startsWith("/dev/tty")
          || file.equals("/dev/console");
    } catch (IOException e) {
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
  }

  /// A line of the result. This and what follows here throw [ResultsClosedException] where nobody
  /// reads it any more, and [UncheckedIOException] where it cannot be written.
  public void result(String line) {
    lines(List.of(line));
  }

  /// The result as JSON; `value` is a tree of maps, lists, strings, numbers and booleans.
  public void json(Object value) {
    try {
      result(JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a tree of plain values", e);
    }
  }

  /// Rows with aligned columns; the first row is the heading.
  public void table(List<List<String>> rows) {
    lines(Table.lines(rows));
  }

  /// As [#table], with every column but the first flush to the right.
  public void numbers(List<List<String>> rows) {
    lines(Table.numberLines(rows));
  }

  private void lines(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    print(text);
  }

  private synchronized void print(CharSequence text) {
    try {
      lines.text(text);
      lines.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes results from whoever prints to a writer, and throws as [#result] does: a print writer
  /// keeps to itself only that it failed with an [IOException].
  public PrintWriter writer() {
    return new PrintWriter(
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) {
            print(CharBuffer.wrap(text, from, length));
          }

          @Override
          public void flush() {
            // nothing is kept
          }

          @Override
          public void close() {
            // results may follow
          }
        });
  }

  /// A stream for results of any number and bytes of any kind. While it is open nothing else is to
  /// be printed to standard output; closing it leaves that open. From now on no progress is shown
  /// where it would stand among the results on a terminal.
  public ResultStream stream() {
    if (areResultsWatched) {
      endProgress();
      isQuiet = true;
    }
    return new ResultStream(results);
  }

  /// A message to the person who runs the command.
  public void message(String line) {
    messages.println(interactive ? "\r\u001b[K" + line : line);
  }

  /// A line that replaces itself on a terminal, and is not printed anywhere else.
  public void progress(String line) {
    if (interactive && !isQuiet) {
      messages.print("\r\u001b[K" + line);
      messages.flush();
    }
  }

  /// The stack trace of a failure that nobody foresaw.
  public void stackTrace(Throwable thrown) {
    thrown.printStackTrace(messages);
  }

  /// Text from outside, safe to print on a terminal: control characters become `\\xHH`.
  public static String oneLine(String text) {
    StringBuilder safe = new StringBuilder();
    text.chars()
        .forEach(c -> {
          if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            safe.append("\\x%02x".formatted(c));
          } else {
            safe.append((char) c);
          }
        });
    return safe.toString();
  }

  /// Removes the progress line.
  public void endProgress() {
    progress("");
  }
}
