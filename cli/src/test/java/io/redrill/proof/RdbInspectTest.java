package io.redrill.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.cli.command.CommandLines;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.HashValue.Field;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rdb stats`, `ls`, `get`, `diff`, `salvage` and the duplicate keys of `check`, as typed by hand.
class RdbInspectTest {

  private static final byte[] EVIL = {'a', 0, '\n', 0x1b, '[', '3', '1', 'm', (byte) 0xff, '\\'};

  @TempDir private Path directory;

  @BeforeEach
  void writeFiles() throws IOException {
    write(
        "dump.rdb",
        rdb -> {
          rdb.write(0, b("user:1"), 4_102_444_800_000L, hash("name", "ann\u001b[31m"));
          rdb.write(0, b("user:2"), -1, hash("name", "bob"));
          rdb.write(0, EVIL, -1, new StringValue(EVIL));
          rdb.write(0, b(""), -1, new StringValue(b("of no key")));
          rdb.write(3, b("list"), -1, new ListValue(List.of(b("one"), b("two"))));
        });
    write("empty.rdb", rdb -> {});
    byte[] whole = Files.readAllBytes(directory.resolve("dump.rdb"));
    Files.write(directory.resolve("cut.rdb"), Arrays.copyOf(whole, whole.length - 15));
  }

  private interface Filling {
    void fill(RdbWriter writer) throws IOException;
  }

  private void write(String name, Filling filling) throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(11));
      filling.fill(rdb);
      rdb.end();
    }
  }

  private static byte[] b(String text) {
    return text.getBytes(UTF_8);
  }

  private static RdbValue hash(String field, String value) {
    return new HashValue(List.of(new Field(b(field), b(value), -1)));
  }

  private CommandRun redrill(String... words) {
    CommandRun run = CommandRun.in(directory, words);
    assertThat(run.printed()).doesNotContain("\u001b").doesNotContain("\tat ");
    return run;
  }

  @Test
  void listsKeysOneALineAndSafely() {
    CommandRun run = redrill("rdb", "ls", "dump.rdb");

    assertThat(run.status()).as("%s", run).isZero();
    assertThat(run.results()).isEqualTo("user:1\nuser:2\na\\x00\\x0a\\x1b[31m\\xff\\\\\n\nlist\n");
    assertThat(redrill("rdb", "ls", "dump.rdb", "--key", "user:*", "--with-expiry").results())
        .isEqualTo("user:1\n");
    assertThat(redrill("rdb", "ls", "empty.rdb").printed()).isEmpty();
  }

  @Test
  void listsKeysAtLengthAndAsJson() throws IOException {
    CommandRun run = redrill("rdb", "ls", "dump.rdb", "--long");
    assertThat(run.results().lines().toList().get(1))
        .contains("hash", "HASH_LISTPACK", "2100-01-01T00:00:00Z")
        .endsWith("  user:1");

    JsonNode json = redrill("rdb", "ls", "dump.rdb", "--json").json();
    assertThat(json.get("complete").asBoolean()).isTrue();
    assertThat(json.get("keys")).hasSize(5);
    assertThat(json.get("keys").get(2).get("keyBase64").binaryValue()).isEqualTo(EVIL);
    assertThat(redrill("rdb", "ls", "empty.rdb", "--json").json().get("keys")).isEmpty();
    JsonNode cut = CommandRun.in(directory, "rdb", "ls", "cut.rdb", "--json").json();
    assertThat(cut.get("complete").asBoolean()).isFalse();
  }

  @Test
  void listsMoreThanABufferful() throws IOException {
    write(
        "many.rdb",
        rdb -> {
          for (int i = 0; i < 100_000; i++) {
            rdb.write(0, b("key:" + i), -1, new StringValue(b("v")));
          }
        });
    assertThat(redrill("rdb", "ls", "many.rdb").results().lines()).hasSize(100_000);
  }

  @Test
  void getsValuesInEveryForm() {
    assertThat(redrill("rdb", "get", "dump.rdb", "user:1").results())
        .isEqualTo("name\tann\\x1b[31m\n");
    assertThat(redrill("rdb", "get", "dump.rdb", "user:1").messages())
        .contains("hash, stored as HASH_LISTPACK", "expires 2100-01-01T00:00:00Z");
    assertThat(redrill("rdb", "get", "dump.rdb", "list", "--db", "3").results())
        .isEqualTo("one\ntwo\n");
    assertThat(redrill("rdb", "get", "dump.rdb", "").results()).isEqualTo("of no key\n");
    String listed = "a\\x00\\x0a\\x1b[31m\\xff\\\\";
    assertThat(redrill("rdb", "get", "dump.rdb", listed, "--escaped").results())
        .isEqualTo(listed + "\n");
    assertThat(redrill("rdb", "get", "dump.rdb", "757365723A32", "--hex").results())
        .isEqualTo("name\tbob\n");
    assertThat(redrill("rdb", "get", "dump.rdb", "dXNlcjoy", "--base64").results())
        .isEqualTo("name\tbob\n");
    String line = redrill("rdb", "get", "dump.rdb", "list", "--db", "3", "--json").results();
    assertThat(line)
        .endsWith("}\n")
        .contains("\"db\":3", "\"key\":\"list\"", "[\"one\",\"two\"]")
        .hasLineCount(1);
  }

  @Test
  void saysWhereAKeyIsThatIsNotThere() {
    CommandRun elsewhere = redrill("rdb", "get", "dump.rdb", "list");
    assertThat(elsewhere.status()).isEqualTo(6);
    assertThat(elsewhere.messages()).contains("E4302", "5 keys", "it is in database 3");

    CommandRun nowhere = redrill("rdb", "get", "dump.rdb", "none");
    assertThat(nowhere.status()).isEqualTo(6);
    assertThat(nowhere.messages()).contains("no database has it");
    assertThat(redrill("rdb", "get", "cut.rdb", "none").status()).isEqualTo(5);
    assertThat(redrill("rdb", "get", "cut.rdb", "user:1").status()).isZero();
    assertThat(redrill("rdb", "get", "dump.rdb", "list", "--db", "3", "--raw").status())
        .isEqualTo(2);
  }

  @Test
  void givesTheBytesThatServersTake() throws IOException {
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    assertThat(run(results, new byte[0], "rdb", "get", "dump.rdb", "user:2", "--dump")).isZero();
    assertThat(DumpPayload.parse(results.toByteArray()).type()).isEqualTo(RdbType.HASH_LISTPACK);

    results.reset();
    String hex = "61000A1B5B33316DFF5C";
    assertThat(run(results, new byte[0], "rdb", "get", "dump.rdb", hex, "--hex", "--raw")).isZero();
    assertThat(results.toByteArray()).isEqualTo(EVIL);

    results.reset();
    assertThat(
            run(
                results,
                new byte[0],
                "rdb",
                "ls",
                "dump.rdb",
                "--null",
                "--db",
                "0",
                "--key",
                "a*"))
        .isZero();
    assertThat(results.toByteArray()).isEqualTo(Arrays.copyOf(EVIL, EVIL.length + 1));
  }

  @Test
  void readsStandardInput() throws IOException {
    byte[] dump = Files.readAllBytes(directory.resolve("dump.rdb"));
    ByteArrayOutputStream results = new ByteArrayOutputStream();

    assertThat(run(results, dump, "rdb", "stats", "-")).isZero();
    assertThat(results.toString(UTF_8)).contains("keys        5, 1 of them");
    assertThat(run(results, dump, "rdb", "diff", "-", "dump.rdb")).isZero();
    assertThat(run(results, new byte[0], "rdb", "ls", "-")).isEqualTo(5);
  }

  private int run(ByteArrayOutputStream results, byte[] input, String... words) {
    PrintStream out = new PrintStream(results, true, StandardCharsets.UTF_8);
    PrintStream messages = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    return CommandLines.run(
        new CommandContext(
            InstantSource.system(),
            Map.of("REDRILL_WORK", directory.resolve("work").toString()),
            directory,
            new Output(out, messages, false),
            new ByteArrayInputStream(input)),
        words);
  }

  @Test
  void countsWhatThereIs() throws IOException {
    CommandRun text = redrill("rdb", "stats", "dump.rdb");
    assertThat(text.status()).as("%s", text).isZero();
    assertThat(text.results()).contains("user:*", "(without a prefix)", "BIGGEST BY MEMORY");

    JsonNode json = redrill("rdb", "stats", "dump.rdb", "--json").json();
    assertThat(json.get("complete").asBoolean()).isTrue();
    assertThat(json.at("/total/keys").asInt()).isEqualTo(5);
    assertThat(json.at("/types/hash/keys").asInt()).isEqualTo(2);
    assertThat(json.at("/databases/3/elements").asInt()).isEqualTo(2);
    assertThat(json.at("/prefixes/top/0/prefix").asText()).isEqualTo("user:");

    CommandRun cut = redrill("rdb", "stats", "cut.rdb");
    assertThat(cut.status()).isEqualTo(5);
    assertThat(cut.results()).startsWith("INCOMPLETE");
    assertThat(cut.messages()).contains("offset", "rdb check", "rdb salvage");
    assertThat(redrill("rdb", "stats", "empty.rdb").results()).contains("keys        0");
  }

  @Test
  void salvagesFunctionsWithoutKeys() throws IOException {
    byte[] source = b("#!lua name=lib\nredis.register_function('f', function() return 1 end)");
    write("functions.rdb", rdb -> rdb.write(new RdbRecord.FunctionLibrary(source)));
    byte[] damaged = Files.readAllBytes(directory.resolve("functions.rdb"));
    damaged[damaged.length - 1] ^= 1; // the checksum
    Files.write(directory.resolve("functions.rdb"), damaged);

    assertThat(redrill("rdb", "salvage", "functions.rdb", "--to", "out.rdb").status()).isEqualTo(3);
    assertThat(redrill("rdb", "json", "out.rdb").results()).contains("name=lib");
  }

  @Test
  void tellsDifferences() throws IOException {
    write(
        "after.rdb",
        rdb -> {
          rdb.write(0, b("user:1"), -1, hash("name", "ann\u001b[31m"));
          rdb.write(0, b("user:2"), -1, hash("name", "bert"));
          rdb.write(0, b(""), -1, new ListValue(List.of(b("x"))));
          rdb.write(0, b("new"), -1, new StringValue(b("x")));
          rdb.write(0, EVIL, -1, new StringValue(EVIL));
        });

    CommandRun run = redrill("rdb", "diff", "dump.rdb", "after.rdb", "--by-prefix");
    assertThat(run.status()).as("%s", run).isEqualTo(5);
    assertThat(run.results())
        .contains(
            "1 added, 1 removed, 1 kind changed, 1 changed, 1 expiry changed, 1 equal", "user:*");
    assertThat(run.results())
        .isEqualTo(redrill("rdb", "diff", "dump.rdb", "after.rdb", "--by-prefix").results());
    JsonNode json =
        redrill("rdb", "diff", "dump.rdb", "after.rdb", "--json", "--limit", "2").json();
    assertThat(json.get("changed").asInt()).isEqualTo(1);
    assertThat(json.get("differences")).hasSize(2);

    CommandRun equal = redrill("rdb", "diff", "dump.rdb", "dump.rdb");
    assertThat(equal.status()).isZero();
    assertThat(equal.results()).isEqualTo("5 keys before, 5 after: the same\n");
    assertThat(redrill("rdb", "diff", "dump.rdb", "cut.rdb").status()).isEqualTo(5);
    assertThat(redrill("rdb", "diff", "dump.rdb", "after.rdb", "--key", EVIL_GLOB).status())
        .isZero();
    Path work = directory.resolve("work");
    if (Files.exists(work)) {
      try (Stream<Path> left = Files.list(work)) {
        assertThat(left).isEmpty();
      }
    }
  }

  private static final String EVIL_GLOB = "a*";

  @Test
  void findsKeysThatStandTwice() throws IOException {
    write(
        "twice.rdb",
        rdb -> {
          rdb.write(1, EVIL, -1, new StringValue(b("x")));
          rdb.write(2, EVIL, -1, new StringValue(b("x")));
          rdb.write(1, EVIL, -1, new StringValue(b("x")));
        });

    CommandRun check = redrill("rdb", "check", "twice.rdb");

    assertThat(check.status()).isEqualTo(5);
    assertThat(check.results())
        .contains("database 1", "the key stands in the file already, at offset");
    assertThat(check.results()).contains("damaged: 1 error");
    assertThat(redrill("rdb", "diff", "twice.rdb", "empty.rdb").messages()).contains("twice");
  }
}
