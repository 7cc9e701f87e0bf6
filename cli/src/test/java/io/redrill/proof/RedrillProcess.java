package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.cli.Main;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Redrill as a process of its own, for what one cannot do to oneself: signals and `kill -9`.
final class RedrillProcess implements Closeable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final Path results;
  private final Path messages;

  private RedrillProcess(Process process, Path results, Path messages) {
    this.process = process;
    this.results = results;
    this.messages = messages;
  }

  /// Starts `redrill` with these arguments, in `directory` and with these variables beside the ones
  /// of the test. Its temporary files go to `tmp`, its staged ones to `work` below `directory`.
  static RedrillProcess start(Path directory, Map<String, String> environment, String... arguments)
      throws IOException {
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    List<String> command = new ArrayList<>();
    // Whoever runs the tests in the background of a shell has SIGINT ignored, and so would the
    // child.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Djava.io.tmpdir=" + temporary,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(List.of(arguments));
    Path results = Files.createTempFile(directory, "results-", ".txt");
    Path messages = Files.createTempFile(directory, "messages-", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(results.toFile())
            .redirectError(messages.toFile());
    builder.environment().put("REDRILL_WORK", directory.resolve("work").toString());
    builder.environment().putAll(environment);
    return new RedrillProcess(builder.start(), results, messages);
  }

  /// Waits until standard output holds what `pattern` describes, and returns the match.
  MatchResult awaitResult(Pattern pattern) {
    await("output " + pattern)
        .atMost(PATIENCE)
        .failFast(() -> assertThat(process.isAlive()).as("%s", this).isTrue())
        .until(() -> pattern.matcher(results()).find());
    return pattern.matcher(results()).results().findFirst().orElseThrow();
  }

  /// The processes that it has started, directly or not, and that still run.
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// `kill -9`, and waits until it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  /// Sends SIGINT, as Ctrl-C does.
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  /// Waits until it has ended, and returns its exit status.
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end\n" + this);
    }
    return process.exitValue();
  }

  String results() {
    return content(results);
  }

  String messages() {
    return content(messages);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "standard output:\n" + results() + "standard error:\n" + messages();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
