package io.redrill.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The only place that prints. Results go to standard output, so that they can be piped; messages
/// and progress go to standard error. Safe for use by several threads, line by line.
public final class Output {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final PrintStream results;
  private final OutputStream resultBytes;
  private final PrintStream messages;
  private final boolean interactive;

  /// Prints to the two streams, which stay open; `interactive` says that somebody watches
  /// `messages` on a terminal, so that a progress line may rewrite itself.
  public Output(PrintStream results, PrintStream messages, boolean interactive) {
    this(results, results, messages, interactive);
  }

  private Output(
      PrintStream results, OutputStream resultBytes, PrintStream messages, boolean interactive) {
    this.results = results;
    this.resultBytes = resultBytes;
    this.messages = messages;
    this.interactive = interactive;
  }

  /// Prints results to `results`, whose failures [#resultBytes] throws, and messages where nobody
  /// watches a terminal.
  public static Output of(OutputStream results, PrintStream messages) {
    return new Output(
        new PrintStream(results, true, StandardCharsets.UTF_8), results, messages, false);
  }

  /// The process's own streams, in UTF-8.
  public static Output ofProcess() {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Output(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        // Where much is printed it counts whether the reader is still there, or the disk full:
        // print streams do not tell.
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        terminal);
  }

  /// A line of the result.
  public void result(String line) {
    results.println(line);
  }

  /// The result as JSON; `value` is a tree of maps, lists, strings, numbers and booleans.
  public void json(Object value) {
    try {
      results.println(JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a tree of plain values", e);
    }
  }

  /// Rows with aligned columns; the first row is the heading.
  public void table(List<List<String>> rows) {
    Table.lines(rows).forEach(results::println);
  }

  /// As [#table], with every column but the first flush to the right.
  public void numbers(List<List<String>> rows) {
    Table.numberLines(rows).forEach(results::println);
  }

  /// A stream for results of any number and bytes of any kind. While it is open nothing else is to
  /// be printed to standard output; closing it leaves that open.
  public ResultStream stream() {
    results.flush();
    return new ResultStream(resultBytes);
  }

  /// A message to the person who runs the command.
  public void message(String line) {
    messages.println(interactive ? "\r\u001b[K" + line : line);
  }

  /// A line that replaces itself on a terminal, and is not printed anywhere else.
  public void progress(String line) {
    if (interactive) {
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
