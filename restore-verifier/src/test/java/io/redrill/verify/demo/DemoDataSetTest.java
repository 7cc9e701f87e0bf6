package io.redrill.verify.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoDataSetTest {

  @Test
  void theSameSeedGivesTheSameCommands() {
    DemoDataSet data = new DemoDataSet(1_000, 42);

    assertThat(text(data.commands())).isEqualTo(text(new DemoDataSet(1_000, 42).commands()));
    assertThat(text(data.commands())).isNotEqualTo(text(new DemoDataSet(1_000, 43).commands()));
    assertThat(text(data.traffic(7).limit(500)))
        .isEqualTo(text(data.traffic(7).limit(500)))
        .isNotEqualTo(text(data.traffic(8).limit(500)));
  }

  @Test
  void hasAsManyKeysAsAskedFor() {
    long keys =
        new DemoDataSet(10_000, 1)
            .commands()
            .filter(command -> !word(command, 0).equals("SELECT"))
            .map(command -> word(command, 1))
            .distinct()
            .count();

    assertThat(keys).isBetween(9_900L, 10_100L);
  }

  @Test
  void endsInTheFirstDatabase() {
    List<List<byte[]>> commands = new DemoDataSet(100, 1).commands().toList();

    assertThat(text(Stream.of(commands.getLast()))).isEqualTo("SELECT 0");
  }

  @Test
  void trafficSelectsTheDatabaseOfEachWrite() {
    List<List<byte[]>> commands = new DemoDataSet(1_000, 1).traffic(1).limit(200).toList();

    for (int i = 0; i < commands.size(); i += 2) {
      assertThat(word(commands.get(i), 0)).isEqualTo("SELECT");
      assertThat(word(commands.get(i + 1), 0)).isNotEqualTo("SELECT");
    }
  }

  @Test
  void tooSmallIsRefused() {
    assertThatThrownBy(() -> new DemoDataSet(99, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String text(Stream<List<byte[]>> commands) {
    return commands
        .map(command ->
            command.stream().map(arg -> new String(arg, UTF_8)).collect(Collectors.joining(" ")))
        .collect(Collectors.joining("\n"));
  }

  private static String word(List<byte[]> command, int index) {
    return new String(command.get(index), UTF_8);
  }
}
