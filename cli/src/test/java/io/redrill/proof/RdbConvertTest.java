package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/// `rdb compat` and `rdb convert` as typed by hand.
class RdbConvertTest {

  private static final long IN_2030 = 1_893_456_000_000L;

  @TempDir private Path directory;

  @BeforeEach
  void writeSource() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("dump.rdb"))) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(12));
      rdb.writeAux("redis-ver", "7.4.1");
      rdb.write(
          0,
          bytes("session:1"),
          -1,
          new RdbValue.HashValue(
              List.of(new RdbValue.HashValue.Field(bytes("token"), bytes("x"), IN_2030))));
      rdb.write(0, bytes("plain"), 1, new RdbValue.StringValue(bytes("value")));
      rdb.write(3, bytes("tags"), -1, new RdbValue.SetValue(List.of(bytes("a"), bytes("b"))));
      rdb.end();
    }
  }

  private CommandRun redrill(String... words) {
    return CommandRun.in(directory, words);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void saysWhichServersLoadIt() throws IOException {
    CommandRun compat = redrill("rdb", "compat", "dump.rdb");

    assertThat(compat.status()).as("%s", compat).isZero();
    assertThat(compat.results())
        .contains(
            "RDB version 12 (redis), 3 keys",
            "redis-7.2  refuses   loads with loss  takes no RDB version 12 of redis; field-expiry (1)",
            "redis-7.4  loads     loads",
            "field-expiry: expiries of hash fields (1, first: db 0 session:1): the fields stay",
            "1 key is expired by now");
    JsonNode json = redrill("rdb", "compat", "dump.rdb", "--json").json();
    assertThat(json.get("targets")).hasSize(9);
    assertThat(json.at("/targets/2/losses/0/loss").asText()).isEqualTo("field-expiry");
    assertThat(json.at("/targets/8/converted").asText()).isEqualTo("loads");
  }

  @Test
  void refusesALossByNameAndWritesNothing() throws IOException {
    CommandRun refused =
        redrill("rdb", "convert", "dump.rdb", "--target", "redis-7.0", "--to", "out.rdb");

    assertThat(refused.status()).as("%s", refused).isEqualTo(4);
    assertThat(refused.messages())
        .contains("E4103", "field-expiry: expiries of hash fields", "session:1", "--accept-loss");
    assertThat(files()).containsExactly("dump.rdb");
  }

  @Test
  void writesWithoutWhatWasAccepted() throws IOException {
    CommandRun converted =
        redrill(
            "rdb",
            "convert",
            "dump.rdb",
            "--target",
            "redis-7.0",
            "--to",
            "out.rdb",
            "--accept-loss",
            "field-expiry");

    assertThat(converted.status()).as("%s", converted).isEqualTo(3);
    assertThat(converted.results())
        .contains("out.rdb for redis-7.0: RDB version 10, 3 keys", "lost: field-expiry");
    assertThat(files()).containsExactly("dump.rdb", "out.rdb");
    assertThat(redrill("rdb", "check", "out.rdb").results()).contains("version 10", "sound");
  }

  @Test
  void writesWhatAFilterKeeps() throws IOException {
    CommandRun converted =
        redrill(
            "rdb",
            "convert",
            "dump.rdb",
            "--target",
            "redis-6",
            "--to",
            "out.rdb",
            "--db",
            "3",
            "--json");

    assertThat(converted.status()).as("%s", converted).isZero();
    assertThat(converted.json().get("keysWritten").asInt()).isEqualTo(1);
    assertThat(redrill("rdb", "check", "out.rdb", "--json").json().get("keys").asInt())
        .isEqualTo(1);
  }

  @Test
  void replacesOnlyWhenTold() throws IOException {
    Files.writeString(directory.resolve("out.rdb"), "precious");
    String[] convert = {"rdb", "convert", "dump.rdb", "--target", "redis-8.8", "--to", "out.rdb"};

    assertThat(redrill(convert).status()).isEqualTo(4);
    assertThat(Files.readString(directory.resolve("out.rdb"))).isEqualTo("precious");
    String[] forced =
        Stream.concat(Stream.of(convert), Stream.of("--force")).toArray(String[]::new);
    assertThat(redrill(forced).status()).isZero();
    assertThat(redrill("rdb", "check", "out.rdb").status()).isZero();
    assertThat(files()).containsExactly("dump.rdb", "out.rdb");
  }

  @Test
  void refusesDamageAndSaysWhatToDo() throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve("dump.rdb"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(directory.resolve("dump.rdb"), bytes);

    CommandRun refused =
        redrill("rdb", "convert", "dump.rdb", "--target", "redis-7.4", "--to", "out.rdb");

    assertThat(refused.status()).as("%s", refused).isEqualTo(5);
    assertThat(refused.messages()).contains("E4101", "offset", "rdb check", "rdb salvage");
    assertThat(files()).containsExactly("dump.rdb");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
