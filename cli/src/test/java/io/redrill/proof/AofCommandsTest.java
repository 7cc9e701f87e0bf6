package io.redrill.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.aof.resp.RespWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `redrill aof`: what is printed, what is written, and how it ends.
class AofCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  /// Two incremental files; one value looks like a time mark, and one is longer than is held.
  @BeforeEach
  void writeALog() throws IOException {
    Path set = Files.createDirectory(directory.resolve("appendonlydir"));
    Files.writeString(
        set.resolve("appendonly.aof.manifest"),
        "file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n");
    Files.writeString(
        set.resolve("appendonly.aof.1.incr.aof"),
        "#TS:1700000000\r\n"
            + command("SELECT", "0")
            + command("SET", "user:1", "\r\n#TS:9\r\n")
            + "#TS:1700000005\r\n"
            + command("MULTI")
            + command("DEL", "user:1", "user:2")
            + command("EXEC"),
        ISO_8859_1);
    Files.writeString(
        set.resolve("appendonly.aof.2.incr.aof"),
        command("SELECT", "4")
            + command("SET", "large\0", "v".repeat(300_000))
            + "#TS:1700000009\r\n"
            + "#note\r\n"
            + command("FLUSHALL"),
        ISO_8859_1);
  }

  private CommandRun aof(String... arguments) {
    List<String> words = new ArrayList<>(List.of("aof"));
    words.addAll(List.of(arguments));
    return CommandRun.in(directory, words.toArray(String[]::new));
  }

  private static List<JsonNode> lines(CommandRun run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.results().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void printsEveryRecordWithItsPlace() throws IOException {
    CommandRun run = aof("cat", "appendonlydir");
    assertThat(run.status()).as("%s", run).isZero();
    List<JsonNode> lines = lines(run);
    assertThat(lines.stream().map(line -> line.get("record").asText()))
        .containsExactly(
            "time",
            "command",
            "command",
            "time",
            "command",
            "command",
            "command",
            "end",
            "command",
            "command",
            "time",
            "annotation",
            "command",
            "end");
    JsonNode del = lines.get(5);
    assertThat(del.get("file").asText()).isEqualTo("appendonly.aof.1.incr.aof");
    assertThat(del.get("time").asText()).isEqualTo("2023-11-14T22:13:25Z");
    assertThat(del.get("command").asText()).isEqualTo("DEL");
    assertThat(del.get("key").asText()).isEqualTo("user:1");
    assertThat(del.get("keys").asInt()).isEqualTo(2);
    assertThat(del.get("transaction").asBoolean()).isTrue();
    byte[] log = Files.readAllBytes(directory.resolve("appendonlydir/appendonly.aof.1.incr.aof"));
    String bytes =
        new String(log, del.get("offset").asInt(), del.get("length").asInt(), ISO_8859_1);
    assertThat(bytes).isEqualTo(command("DEL", "user:1", "user:2"));
    JsonNode large = lines.get(9);
    assertThat(large.get("time").asText())
        .as("the last mark, of the file before")
        .isEqualTo("2023-11-14T22:13:25Z");
    assertThat(large.get("db").asInt()).isEqualTo(4);
    assertThat(large.get("key").asText()).isEqualTo("large\\x00");
    assertThat(large.get("keyBase64").asText()).isEqualTo("bGFyZ2UA");
    assertThat(large.get("length").asInt())
        .isEqualTo(command("SET", "large0", "").length() + 300_005);
    assertThat(large.has("values")).isFalse();
  }

  @Test
  void printsValuesWhereTheyAreAskedFor() throws IOException {
    List<JsonNode> lines = lines(aof("cat", "appendonlydir", "--values"));
    assertThat(lines.get(2).get("values").get(2).asText()).isEqualTo("\\x0d\\x0a#TS:9\\x0d\\x0a");
    JsonNode large = lines.get(9).get("values").get(2);
    assertThat(large.get("length").asInt()).isEqualTo(300_000);
    assertThat(large.get("text").asText()).isEqualTo("v".repeat(16 * 1024));
  }

  @Test
  void printsWhatStandsBeforeDamage() throws IOException {
    Path log = directory.resolve("appendonlydir/appendonly.aof.2.incr.aof");
    Files.writeString(log, command("SET", "a", "1") + "garbage", ISO_8859_1);
    CommandRun run = aof("cat", "appendonlydir");
    assertThat(run.status()).isEqualTo(5);
    assertThat(run.messages()).contains("E4304", "appendonly.aof.2.incr.aof", "offset: 27");
    assertThat(lines(run)).hasSize(9);
    CommandRun stats = aof("stats", "appendonlydir", "--json");
    assertThat(stats.status()).isEqualTo(5);
    assertThat(stats.json().get("complete").asBoolean()).isFalse();
    assertThat(stats.json().get("commands").asInt()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user:2                       | 0 | DEL FLUSHALL",
        "user:*                       | 0 | SET DEL FLUSHALL",
        "user:* --command set         | 0 | SET",
        "nobody --command select      | 0 | SELECT SELECT",
        "user:* --db 4                | 0 | FLUSHALL",
        "nobody --command del         | 6 | ''",
      })
  void findsWhatChangedAKey(String arguments, int status, String commands) throws IOException {
    List<String> words = new ArrayList<>(List.of("find", "appendonlydir"));
    words.addAll(List.of(arguments.trim().split(" ", -1)));
    CommandRun people = aof(words.toArray(String[]::new));
    words.add("--json");
    CommandRun run = aof(words.toArray(String[]::new));
    assertThat(run.status()).as("%s", run).isEqualTo(status);
    assertThat(people.status()).isEqualTo(status);
    assertThat(
            String.join(
                " ", lines(run).stream().map(line -> line.get("command").asText()).toList()))
        .isEqualTo(commands);
    assertThat(people.results().lines().count()).isEqualTo(lines(run).size());
  }

  @Test
  void namesTheOffsetAtWhichToCut() throws IOException {
    String found = aof("find", "appendonlydir", "user:2", "--command", "DEL").results();
    assertThat(found)
        .matches(
            "2023-11-14T22:13:25Z {6}appendonly\\.aof\\.1\\.incr\\.aof:\\d+  db 0  DEL user:2 and 1"
                + " more \\(3 arguments, 37 bytes\\) in a transaction\n");
    String place = found.split(" +", -1)[1];
    CommandRun cut = aof("cut", "appendonlydir", "--offset", place, "--to", "cut");
    assertThat(cut.status()).as("%s", cut).isZero();
    assertThat(log("cut"))
        .isEqualTo(
            "#TS:1700000000\r\n"
                + command("SELECT", "0")
                + command("SET", "user:1", "\r\n#TS:9\r\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--at 1700000004                   | 1",
        "--at 2023-11-14T22:13:24+00:00    | 1",
        "--at 1700000005                   | 5",
        "--at 1800000000                   | 6",
        "--before FLUSHALL                 | 5",
        "--before 'DEL user:2'             | 1",
        "--before SET --nth 2              | 4",
        "--offset appendonly.aof.2.incr.aof:99 | 4",
      })
  void cuts(String arguments, int commands) throws IOException {
    List<String> words = new ArrayList<>(List.of("cut", "appendonlydir", "--to", "new", "--json"));
    for (String word : arguments.trim().split(" (?=-)|(?<=--[a-z]{1,9}) ", -1)) {
      words.add(word.replace("'", ""));
    }
    CommandRun run = aof(words.toArray(String[]::new));
    assertThat(run.status()).as("%s", run).isZero();
    assertThat(run.json().get("commands").asInt()).isEqualTo(commands);
    assertThat(aof("check", "new").status()).isZero();
    assertThat(left()).containsExactlyInAnyOrder("appendonlydir", "new");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 | E4306 | --at 1600000000",
        "6 | E4308 | --before GET",
        "6 | E4308 | --before FLUSHALL --nth 2",
        "2 | from 1 on | --before FLUSHALL --nth 0",
        "2 | E1104 | --at yesterday",
        "2 | several files | --offset 10",
        "2 | no file other | --offset other:10",
        "2 | NUMBER | --offset x",
        "2 | one of | ''",
      })
  void saysWhyItDoesNotCut(int status, String said, String arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("cut", "appendonlydir", "--to", "new"));
    Stream.of(arguments.split(" ", -1)).filter(word -> !word.isEmpty()).forEach(words::add);
    CommandRun run = aof(words.toArray(String[]::new));
    assertThat(run.status()).as("%s", run).isEqualTo(status);
    assertThat(run.messages()).contains(said);
    assertThat(left()).as("nothing is left behind").containsExactly("appendonlydir");
  }

  @Test
  void overwritesNothing() throws IOException {
    Files.createDirectory(directory.resolve("empty"));
    assertThat(aof("cut", "appendonlydir", "--before", "FLUSHALL", "--to", "empty").status())
        .isZero();
    CommandRun again = aof("cut", "appendonlydir", "--before", "FLUSHALL", "--to", "empty");
    assertThat(again.status()).isEqualTo(4);
    assertThat(again.messages()).contains("E5101");
    CommandRun nowhere = aof("cut", "appendonlydir", "--before", "FLUSHALL", "--to", "a/b/c");
    assertThat(nowhere.status()).isEqualTo(6);
    assertThat(left()).containsExactlyInAnyOrder("appendonlydir", "empty");
  }

  @Test
  void repairsACopyAndSaysWhatWent() throws IOException {
    Path torn = directory.resolve("appendonlydir/appendonly.aof.1.incr.aof");
    String log = Files.readString(torn, ISO_8859_1);
    Files.writeString(torn, log.substring(0, log.length() - 5), ISO_8859_1);

    CommandRun dry = aof("repair", "appendonlydir", "--dry-run");
    assertThat(dry.status()).isEqualTo(3);
    assertThat(dry.results())
        .contains(":95  MULTI", "DEL user:1", "SET large\\x00", "FLUSHALL")
        .contains("drop  appendonly.aof.2.incr.aof", "nothing was written")
        .containsPattern("in all 5 whole commands, 9 B of other bytes");
    CommandRun run = aof("repair", "appendonlydir", "--to", "new", "--json");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.json().get("droppedCommands").asInt()).isEqualTo(5);
    assertThat(log("new")).isEqualTo(log.substring(0, log.indexOf("*1\r\n")));
    assertThat(Files.readString(torn, ISO_8859_1)).hasSize(log.length() - 5);
    assertThat(left()).containsExactlyInAnyOrder("appendonlydir", "new");
  }

  @Test
  void repairsInPlaceAndKeepsTheOriginals() throws IOException {
    Path torn = directory.resolve("appendonlydir/appendonly.aof.2.incr.aof");
    String log = Files.readString(torn, ISO_8859_1);
    Files.writeString(torn, log + "*3\r\n$3\r\nSET\r\n", ISO_8859_1);
    CommandRun run = aof("repair", "appendonlydir", "--in-place");
    assertThat(run.status()).as("%s", run).isZero();
    assertThat(run.messages()).contains("the originals are kept in");
    assertThat(Files.readString(torn, ISO_8859_1)).isEqualTo(log);
    assertThat(aof("check", ".").status()).as("what is kept is in nobody's way").isZero();
    try (Stream<Path> entries = Files.list(directory.resolve("appendonlydir"))) {
      Path kept = entries.filter(Files::isDirectory).findFirst().orElseThrow();
      assertThat(kept.resolve("appendonly.aof.2.incr.aof")).content(ISO_8859_1).endsWith("SET\r\n");
    }
    assertThat(aof("repair", "appendonlydir", "--in-place").results())
        .contains("nothing has to go");
  }

  @Test
  void makesAManifestFromNames() throws IOException {
    Files.writeString(directory.resolve("appendonlydir/appendonly.aof.manifest"), "\0\0\0\n");
    CommandRun refused = aof("repair", "appendonlydir", "--dry-run");
    assertThat(refused.status()).isEqualTo(5);
    assertThat(refused.messages()).contains("E4309", "--from-names");
    assertThat(aof("repair", "appendonlydir", "--from-names", "--in-place").status()).isEqualTo(2);
    CommandRun run = aof("repair", "appendonlydir", "--from-names", "--to", "new");
    assertThat(run.status()).as("%s", run).isZero();
    assertThat(run.results()).contains("taken, by their names");
    assertThat(Files.readString(directory.resolve("new/appendonly.aof.manifest")))
        .isEqualTo(
            "file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n");
  }

  private List<String> left() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.equals("work"))
          .toList();
    }
  }

  private String log(String set) throws IOException {
    return Files.readString(
        directory.resolve(set).resolve("appendonly.aof.1.incr.aof"), ISO_8859_1);
  }

  private static String command(String... args) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new RespWriter(bytes).writeCommand(args);
    return bytes.toString(ISO_8859_1);
  }
}
