package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rdb merge` as typed by hand.
class RdbMergeCommandTest {

  @TempDir private Path directory;

  @BeforeEach
  void writeSources() throws IOException {
    write("one.rdb", 10, "a", "both");
    write("two.rdb", 11, "b", "both");
    write("new.rdb", 12, "c");
    write("valkey.rdb", 80, "d");
  }

  private void write(String name, int version, String... keys) throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(version));
      for (String key : keys) {
        rdb.write(0, bytes(key), -1, new RdbValue.StringValue(bytes(name)));
      }
      rdb.end();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private CommandRun merge(String... more) {
    return CommandRun.in(
        directory,
        Stream.concat(Stream.of("rdb", "merge", "--to", "out.rdb"), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void writesOneFile() throws IOException {
    CommandRun merged = merge("one.rdb", "new.rdb");

    assertThat(merged.status()).as("%s", merged).isZero();
    assertThat(merged.results()).contains("out.rdb: RDB version 12, 3 keys of 2 files");
    assertThat(directory.resolve("work")).isEmptyDirectory();
  }

  @Test
  void refusesAConflictByName() {
    CommandRun refused = merge("one.rdb", "two.rdb");

    assertThat(refused.status()).as("%s", refused).isEqualTo(4);
    assertThat(refused.messages())
        .contains("E4106", "db 0 both in [", "one.rdb", "two.rdb", "--on-conflict first");
    assertThat(directory.resolve("out.rdb")).doesNotExist();
  }

  @Test
  void warnsOfLibrariesOfSeveralFiles() throws IOException {
    for (String name : List.of("one", "two")) {
      try (OutputStream out = Files.newOutputStream(directory.resolve(name + ".rdb"))) {
        RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(10));
        rdb.write(new RdbRecord.FunctionLibrary(bytes("#!lua name=" + name)));
        rdb.end();
      }
    }

    CommandRun merged = merge("one.rdb", "two.rdb");

    assertThat(merged.status()).as("%s", merged).isZero();
    assertThat(merged.messages())
        .contains("warning: function libraries", "function library one in [", "two.rdb");
  }

  @Test
  void decidesAConflictAsTold() throws IOException {
    CommandRun merged = merge("one.rdb", "two.rdb", "--on-conflict", "last", "--json");

    assertThat(merged.status()).as("%s", merged).isZero();
    assertThat(merged.json().get("keys").asInt()).isEqualTo(3);
    assertThat(merged.json().get("droppedKeys").asInt()).isEqualTo(1);
    byte[] out = Files.readAllBytes(directory.resolve("out.rdb"));
    assertThat(new String(out, StandardCharsets.ISO_8859_1)).contains("both\u0007two.rdb");
  }

  @Test
  void refusesFormatsThatDoNotGoTogether() {
    assertThat(merge("one.rdb", "valkey.rdb", "--db", "0").status()).isZero();
    CommandRun refused = merge("new.rdb", "valkey.rdb", "--force");

    assertThat(refused.status()).as("%s", refused).isEqualTo(4);
    assertThat(refused.messages()).contains("E4107", "rdb convert");
  }
}
