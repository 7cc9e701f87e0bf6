package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.RdbType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every command looks into a list and a hash that are each larger than its heap.
class LargeValuesIT {

  private static final Map<String, String> SMALL_HEAP = Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m");
  private static final int ELEMENTS = 80_000;
  private static final int ELEMENT_BYTES = 1000;
  private static final int MEMBERS = 1_200_000;

  @TempDir static Path directory;

  @BeforeAll
  static void write() throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(directory.resolve("large.rdb")))) {
      out.write("REDIS0010".getBytes(StandardCharsets.US_ASCII));
      out.write(RdbType.LIST.number());
      string(out, "list");
      length(out, ELEMENTS);
      for (int i = 0; i < ELEMENTS; i++) {
        string(out, "%01000d".formatted(i));
      }
      out.write(RdbType.HASH.number());
      string(out, "hash");
      length(out, ELEMENTS);
      for (int i = 0; i < ELEMENTS; i++) {
        string(out, "field" + i);
        string(out, "%01000d".formatted(i));
      }
      out.write(0xff);
      out.write(new byte[8]);
    }
    assertThat(Files.size(directory.resolve("large.rdb"))).isGreaterThan(2L * 80_000_000);
  }

  /// Members of which the hashes do not fit into memory; one stands twice.
  @BeforeAll
  static void writeMembers() throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(directory.resolve("members.rdb")))) {
      out.write("REDIS0010".getBytes(StandardCharsets.US_ASCII));
      out.write(RdbType.SET.number());
      string(out, "set");
      length(out, MEMBERS + 1);
      for (int i = 0; i < MEMBERS; i++) {
        string(out, "member" + i);
      }
      string(out, "member77");
      out.write(0xff);
      out.write(new byte[8]);
    }
  }

  private static void length(OutputStream out, int length) throws IOException {
    out.write(0x80);
    out.write(length >>> 24);
    out.write(length >>> 16);
    out.write(length >>> 8);
    out.write(length);
  }

  private static void string(OutputStream out, String text) throws IOException {
    assertThat(text.length()).isLessThanOrEqualTo(ELEMENT_BYTES);
    length(out, text.length());
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check large.rdb",
        "check large.rdb --threads 1",
        "digest large.rdb --redis",
        "stats large.rdb",
        "ls large.rdb --long",
        "json large.rdb --to json",
        "commands large.rdb --to commands",
        "commands large.rdb --expand --to expanded",
        "get large.rdb hash",
        "compat large.rdb",
        "convert large.rdb --target redis-6.2 --to older.rdb",
        "filter large.rdb --type hash --to hash.rdb",
        "split large.rdb --shards 3 --to shards",
        "merge large.rdb --to merged.rdb",
        "diff large.rdb large.rdb"
      })
  void aCommandTakesValuesThatAreLargerThanItsHeap(String command) throws Exception {
    try (RedrillProcess redrill =
        RedrillProcess.start(directory, SMALL_HEAP, ("rdb " + command).split(" "))) {
      int status = redrill.awaitEnd();

      assertThat(redrill.messages()).doesNotContain("E4005");
      assertThat(status).as(redrill.messages()).isZero();
    }
  }

  @Test
  void aPayloadThatIsTooLargeIsRefused() throws Exception {
    try (RedrillProcess redrill =
        RedrillProcess.start(directory, SMALL_HEAP, "rdb", "check", "--dump", "large.rdb")) {
      int status = redrill.awaitEnd();

      assertThat(status).as(redrill.messages()).isEqualTo(1);
      assertThat(redrill.messages()).contains("E4005", "what DUMP answered may be 8.0 MiB here");
    }
  }

  @Test
  void aCheckComparesMoreMembersThanThereIsRoomFor() throws Exception {
    for (String threads : new String[] {"1", "2"}) {
      try (RedrillProcess redrill =
          RedrillProcess.start(
              directory, SMALL_HEAP, "rdb", "check", "members.rdb", "--threads", threads)) {
        int status = redrill.awaitEnd();

        assertThat(status).as(redrill.messages()).isEqualTo(5);
        assertThat(redrill.results()).contains("a set holds a member twice: member77");
      }
    }
    try (Stream<Path> left = Files.list(directory.resolve("work"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void temporaryFilesThatCannotBeMadeAreNamed() throws Exception {
    Path here = Files.createDirectory(directory.resolve("no room"));
    Path work = Files.createFile(here.resolve("work"));
    try (RedrillProcess redrill =
        RedrillProcess.start(here, SMALL_HEAP, "rdb", "check", "../members.rdb")) {
      int status = redrill.awaitEnd();

      assertThat(status).as(redrill.messages()).isEqualTo(1);
      assertThat(redrill.messages())
          .contains("E4004", "file: " + work, "; REDRILL_WORK names another directory");
    }
  }
}
