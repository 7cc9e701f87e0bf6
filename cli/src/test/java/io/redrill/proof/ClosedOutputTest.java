package io.redrill.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.cli.command.CommandLines;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever reads the results may stop before the end, and a disk may be full.
class ClosedOutputTest {

  @TempDir private Path directory;
  private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

  @BeforeEach
  void writeFile() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("dump.rdb"))) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(11));
      for (int i = 0; i < 10_000; i++) {
        byte[] key = ("key:" + i).getBytes(UTF_8);
        rdb.write(0, key, -1, new ListValue(List.of(key, key)));
      }
      rdb.write(0, "a list".getBytes(UTF_8), -1, new ListValue(manyElements()));
      rdb.end();
    }
    try (OutputStream out = Files.newOutputStream(directory.resolve("empty.rdb"))) {
      new RdbWriter(out, RdbWriterOptions.of(11)).end();
    }
  }

  private static List<byte[]> manyElements() {
    return Stream.iterate(0, i -> i + 1).limit(20_000).map(i -> ("e" + i).getBytes(UTF_8)).toList();
  }

  /// Takes `most` bytes and then fails in these words.
  private static final class Limited extends OutputStream {

    private final String words;
    private int most;

    Limited(int most, String words) {
      this.most = most;
      this.words = words;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      most -= length;
      if (most < 0) {
        throw new IOException(words);
      }
    }
  }

  private int run(OutputStream out, String command) {
    Output output = new Output(out, new PrintStream(messages, true, UTF_8), false);
    return CommandLines.run(
        new CommandContext(
            InstantSource.system(),
            Map.of("REDRILL_WORK", directory.resolve("work").toString()),
            directory,
            output),
        command.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rdb ls dump.rdb",
        "rdb ls dump.rdb --long",
        "rdb ls dump.rdb --json",
        "rdb ls dump.rdb --null",
        "rdb json dump.rdb",
        "rdb commands dump.rdb",
        "rdb commands dump.rdb --expand",
        "rdb get dump.rdb 61206c697374 --hex",
        "rdb get dump.rdb 61206c697374 --hex --json",
        "rdb get dump.rdb 61206c697374 --hex --dump",
        "rdb digest dump.rdb --by-slot",
        "rdb digest dump.rdb --by-slot --json",
        "rdb diff dump.rdb empty.rdb --limit 10000",
        "rdb diff dump.rdb empty.rdb --limit 10000 --json",
        "rdb stats dump.rdb",
        "rdb stats dump.rdb --json",
        "rdb check dump.rdb",
        "rdb check dump.rdb --json",
        "rdb compat dump.rdb",
        "rdb compat dump.rdb --json"
      })
  void endsQuietlyWhereTheReaderHasEnough(String command) {
    for (int most : new int[] {0, 70_000}) {
      Limited out = new Limited(most, "Broken pipe");

      int status = run(out, command);

      // What is printed at all may be less.
      assertThat(status).isEqualTo(out.most < 0 ? 141 : command.contains("diff") ? 5 : 0);
      assertThat(messages.toString(UTF_8)).doesNotContain("E4", "Broken", "closed", "\tat ");
      assertThat(most == 0 && status != 141).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "rdb --help", "rdb check --help", "rdb ls -V"})
  void endsQuietlyWhereNobodyReadsTheHelp(String command) {
    assertThat(run(new Limited(0, "Broken pipe"), command)).isEqualTo(141);
    assertThat(messages.toString(UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "rdb check --help",
        "rdb ls dump.rdb",
        "rdb json dump.rdb",
        "rdb commands dump.rdb",
        "rdb check dump.rdb",
        "rdb stats dump.rdb --json",
        "rdb digest dump.rdb"
      })
  void saysThatTheDiskIsFull(String command) {
    assertThat(run(new Limited(0, "No space left on device"), command)).isEqualTo(1);
    assertThat(messages.toString(UTF_8))
        .contains("E4004", "standard output", "No space left on device");
  }

  @Test
  void leavesNothingButTheFileThatCouldNotBeReported() throws IOException {
    int status = run(new Limited(0, "Broken pipe"), "rdb filter dump.rdb --key none --to out.rdb");

    assertThat(status).isEqualTo(141);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("dump.rdb", "empty.rdb", "out.rdb");
    }
  }
}
