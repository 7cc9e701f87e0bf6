package io.redrill.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.cli.command.CommandLines;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run of the command line inside this process: how it ended, and what it printed.
///
/// @param status the exit status
/// @param results standard output
/// @param messages standard error
record CommandRun(List<String> arguments, int status, String results, String messages) {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /// Runs `redrill` with these arguments, in `directory` and with nothing in the environment.
  static CommandRun in(Path directory, String... arguments) {
    return in(directory, Map.of(), arguments);
  }

  /// As above, with these variables. What is staged goes to `work` below `directory`.
  static CommandRun in(Path directory, Map<String, String> environment, String... arguments) {
    return run(directory, environment, InputStream.nullInputStream(), arguments);
  }

  /// As [#in], with `input` on standard input.
  static CommandRun fed(Path directory, byte[] input, String... arguments) {
    return run(directory, Map.of(), new ByteArrayInputStream(input), arguments);
  }

  private static CommandRun run(
      Path directory, Map<String, String> environment, InputStream input, String... arguments) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("REDRILL_WORK", directory.resolve("work").toString());
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(results, true, StandardCharsets.UTF_8);
    Output output = new Output(out, new PrintStream(messages, true, StandardCharsets.UTF_8), false);
    int status =
        CommandLines.run(
            new CommandContext(InstantSource.system(), variables, directory, output, input),
            arguments);
    return new CommandRun(
        List.of(arguments),
        status,
        results.toString(StandardCharsets.UTF_8),
        messages.toString(StandardCharsets.UTF_8));
  }

  /// Standard output, which is one JSON document and nothing else.
  JsonNode json() throws IOException {
    return JSON.readTree(results);
  }

  /// All that was printed.
  String printed() {
    return results + messages;
  }

  @Override
  public String toString() {
    return "redrill %s: status %d%n%s%s"
        .formatted(String.join(" ", arguments), status, results, messages);
  }
}
