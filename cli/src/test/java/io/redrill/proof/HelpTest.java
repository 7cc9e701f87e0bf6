package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.backup.ExitStatus;
import io.redrill.cli.command.CommandLines;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.rdb.convert.RdbTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Each command explains itself: purpose, example and exit statuses.
class HelpTest {

  private static final List<String> STATUSES =
      Arrays.stream(ExitStatus.values()).map(status -> String.valueOf(status.code())).toList();

  @TempDir private Path directory;

  private static CommandLine commandLine() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return CommandLines.of(
        new CommandContext(
            InstantSource.system(), Map.of(), Path.of(""), new Output(nowhere, nowhere, false)));
  }

  /// The words that lead to each command, those that only hold others included.
  private static Stream<List<String>> commands() {
    return below(commandLine(), List.of());
  }

  private static Stream<List<String>> below(CommandLine command, List<String> words) {
    return Stream.concat(
        Stream.of(words),
        command.getSubcommands().entrySet().stream()
            .flatMap(each -> below(each.getValue(), with(words, each.getKey()))));
  }

  private static List<String> with(List<String> words, String word) {
    List<String> more = new ArrayList<>(words);
    more.add(word);
    return more;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void explainsItself(List<String> words) {
    CommandRun help = CommandRun.in(directory, with(words, "--help").toArray(String[]::new));

    assertThat(help.status()).as("%s", help).isZero();
    assertThat(help.messages()).isEmpty();
    assertThat(help.results()).startsWith("Usage: redrill").contains(String.join(" ", words));
    assertThat(usage(words).description()).as("purpose").isNotEmpty();
    if (!isGroup(words)) {
      assertThat(help.results()).containsAnyOf("Example:", "Examples:", "Begin with:");
      assertThat(help.results()).contains("Exit statuses:");
    }
  }

  /// `redrill server` takes the arguments of `redis-server`, and none of its own.
  private static Stream<List<String>> commandsWithVersion() {
    return commands().filter(words -> !words.equals(List.of("server")));
  }

  @ParameterizedTest
  @MethodSource("commandsWithVersion")
  void saysTheVersion(List<String> words) {
    CommandRun version = CommandRun.in(directory, with(words, "--version").toArray(String[]::new));

    assertThat(version.status()).as("%s", version).isZero();
    assertThat(version.results()).startsWith("redrill ");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void namesOnlyStatusesThatThereAre(List<String> words) {
    for (String status : usage(words).exitCodeList().keySet()) {
      assertThat(STATUSES).as(status).containsAll(List.of(status.split(", | or ", -1)));
    }
  }

  @Test
  void theFirstPageNamesEveryStatus() {
    assertThat(usage(List.of()).exitCodeList().keySet()).containsExactlyElementsOf(STATUSES);
  }

  @Test
  void theReferenceNamesEveryCommandAndStatus() throws IOException {
    String page = Files.readString(Path.of("../docs/reference/commands.md"));

    assertThat(page)
        .contains(
            commands()
                .filter(words -> !words.isEmpty() && !isGroup(words))
                .map(words -> "| `redrill " + String.join(" ", words))
                .toList());
    assertThat(page).contains(STATUSES.stream().map(status -> "| " + status + " |").toList());
  }

  @Test
  void theHelpOfConvertNamesTargetsThatThereAre() {
    String help = CommandRun.in(directory, "rdb", "convert", "--help").results();
    List<String> named =
        Pattern.compile("(redis|valkey)-[0-9][0-9.]*[0-9]|(redis|valkey)-[0-9]")
            .matcher(help)
            .results()
            .map(MatchResult::group)
            .toList();

    assertThat(named).allMatch(name -> RdbTarget.named(name).isPresent());
    assertThat(named).containsAll(Arrays.stream(RdbTarget.values()).map(RdbTarget::id).toList());
  }

  private static boolean isGroup(List<String> words) {
    return words.equals(List.of("rdb")) || words.equals(List.of("aof"));
  }

  private static UsageMessageSpec usage(List<String> words) {
    CommandLine command = commandLine();
    for (String word : words) {
      command = Objects.requireNonNull(command.getSubcommands().get(word));
    }
    return command.getCommandSpec().usageMessage();
  }
}
