package io.redrill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.rdb.salvage.SalvageWatch.Pass;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class SalvageProgressTest {

  private Instant now = Instant.EPOCH;

  private String printedBy(boolean interactive) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream messages = new PrintStream(printed, true, StandardCharsets.UTF_8);
    CommandContext context =
        new CommandContext(
            () -> now, Map.of(), Path.of(""), new Output(messages, messages, interactive));
    try (SalvageProgress progress = new SalvageProgress(context, "dump.rdb")) {
      for (Pass pass : Pass.values()) {
        LongConsumer line = progress.begin(pass, 100 << 20);
        now = now.plusSeconds(2);
        line.accept(50 << 20);
      }
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsALineForEachPass() {
    assertThat(printedBy(true))
        .contains(
            "reading dump.rdb: 50%, 25 MiB/s, 2 s left",
            "searching dump.rdb: 50%", "checking dump.rdb: 50%", "copying dump.rdb: 50%")
        .endsWith("\r\u001b[K");
  }

  @Test
  void showsNothingWhereNobodyWatches() {
    assertThat(printedBy(false)).isEmpty();
  }
}
