package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rdb json`, `rdb commands` and `rdb digest` as typed by hand.
class RdbExportCommandTest {

  private static final int KEYS = 300;

  @TempDir private Path directory;

  @BeforeEach
  void writeSource() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("dump.rdb"))) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(11));
      for (int i = 0; i < KEYS; i++) {
        byte[] key = ("key:" + i).getBytes(StandardCharsets.UTF_8);
        rdb.write(i % 2, key, i % 3 == 0 ? 1 : -1, new RdbValue.ListValue(List.of(key, key)));
      }
      rdb.end();
    }
  }

  private CommandRun redrill(String... words) {
    return CommandRun.in(directory, words);
  }

  private static List<JsonNode> lines(String text) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(json.readTree(line));
    }
    return lines;
  }

  @Test
  void writesALinePerKeyThatIsKept() throws IOException {
    CommandRun run = redrill("rdb", "json", "dump.rdb", "--db", "1", "--key", "key:*7");

    assertThat(run.status()).as("%s", run).isZero();
    List<JsonNode> lines = lines(run.results());
    assertThat(lines).hasSize(32);
    assertThat(lines.get(1).get("value").get(1).asText()).isEqualTo("key:7");
    assertThat(lines.getLast().get("end").get("keys").asInt()).isEqualTo(30);
  }

  @Test
  void writesAFileWholeOrNotAtAll() throws IOException {
    CommandRun run = redrill("rdb", "json", "dump.rdb", "--to", "out.jsonl");
    assertThat(run.status()).as("%s", run).isZero();
    String whole = Files.readString(directory.resolve("out.jsonl"));
    assertThat(whole).isEqualTo(redrill("rdb", "json", "dump.rdb").results());

    CommandRun again = redrill("rdb", "json", "dump.rdb", "--to", "out.jsonl");
    assertThat(again.status()).as("%s", again).isEqualTo(4);

    damage();
    CommandRun damaged = redrill("rdb", "commands", "dump.rdb", "--to", "out.resp");
    assertThat(damaged.status()).as("%s", damaged).isEqualTo(5);
    assertThat(damaged.messages()).contains("E4101", "dump.rdb", "offset", "key:");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(path -> path.toString().contains("out.resp"))).isEmpty();
    }
  }

  /// Cuts the file in the middle of a key.
  private void damage() throws IOException {
    Path file = directory.resolve("dump.rdb");
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("key:150") + 9;
    Files.write(file, Arrays.copyOf(bytes, at));
  }

  @Test
  void saysWhereTheSourceIsDamagedAndLeavesWhatStandsBefore() throws IOException {
    damage();
    CommandRun run = redrill("rdb", "json", "dump.rdb");

    assertThat(run.status()).as("%s", run).isEqualTo(5);
    assertThat(run.messages()).contains("E4201", "dump.rdb", "offset: ", "key: key:150");
    List<JsonNode> lines = lines(run.results());
    assertThat(lines.getLast().get("key").asText()).isEqualTo("key:149");
    assertThat(lines).noneMatch(line -> line.has("end"));

    CommandRun commands = redrill("rdb", "commands", "dump.rdb", "--expand");
    assertThat(commands.status()).as("%s", commands).isEqualTo(5);
    assertThat(commands.results()).contains("key:149").doesNotContain("key:150").endsWith("\r\n");

    assertThat(redrill("rdb", "digest", "dump.rdb", "--redis").status()).isEqualTo(5);
  }

  @Test
  void tellsTheDigestBySlot() throws IOException {
    CommandRun run = redrill("rdb", "digest", "dump.rdb", "--redis", "--by-slot", "--json");

    assertThat(run.status()).as("%s", run).isZero();
    JsonNode tree = run.json();
    for (String release : List.of("redis_7_0", "valkey", "redis_7_2")) {
      assertThat(tree.get("redis").get(release).asText()).matches("[0-9a-f]{40}");
    }
    int keys = 0;
    for (JsonNode slot : tree.get("slots")) {
      keys += slot.get("keys").asInt();
    }
    assertThat(keys).isEqualTo(KEYS);
    assertThat(tree.get("fingerprint").asText())
        .isEqualTo(redrill("rdb", "check", "dump.rdb", "--json").json().get("digest").asText());
    assertThat(redrill("rdb", "digest", "dump.rdb").results()).contains("list");
  }

  @Test
  void namesAMissingFile() {
    for (String command : List.of("json", "commands", "digest")) {
      CommandRun run = redrill("rdb", command, "none.rdb");
      assertThat(run.status()).as("%s", run).isEqualTo(6);
    }
  }
}
