package io.redrill.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rdb salvage` as typed by hand.
class RdbSalvageTest {

  private static final int KEYS = 100;

  @TempDir private Path directory;
  private byte[] file = {};

  @BeforeEach
  void writeFile() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
    writer.write(
        new RdbRecord.FunctionLibrary(
            "#!lua name=lib\nredis.register_function('f', function() return 1 end)"
                .getBytes(UTF_8)));
    for (int db = 0; db < 2; db++) {
      for (int i = 0; i < KEYS; i++) {
        byte[] value = "value %d of database %d".formatted(i, db).getBytes(UTF_8);
        writer.write(db, "user:%03d".formatted(i).getBytes(UTF_8), -1, new StringValue(value));
      }
    }
    writer.end();
    file = out.toByteArray();
  }

  private int find(String text) {
    return find(file, text);
  }

  private CommandRun salvage(String... options) throws IOException {
    Files.write(directory.resolve("dump.rdb"), file);
    String[] words = Arrays.copyOf(new String[] {"rdb", "salvage", "dump.rdb"}, 5 + options.length);
    words[3] = "--to";
    words[4] = "out.rdb";
    System.arraycopy(options, 0, words, 5, options.length);
    return CommandRun.in(directory, words);
  }

  @Test
  void namesTheKeyThatStoodTwice() throws IOException {
    file[find("user:051") + 7] = '0';

    CommandRun told = salvage();
    JsonNode json = salvage("--json", "--force").json();

    assertThat(told.status()).as("%s", told).isEqualTo(3);
    assertThat(told.results())
        .contains(
            "recovered 199 of 200 keys; lost:",
            "(key user:050): the key stands in database 0 twice; the record at offset",
            "1 key stood twice in one database",
            "written to");
    assertThat(told.messages()).contains("before you rely on it");
    assertThat(json.get("repeatedKeys").asInt()).isEqualTo(1);
    assertThat(json.get("losses").get(0).get("key").asText()).isEqualTo("user:050");
    assertThat(CommandRun.in(directory, "rdb", "check", "out.rdb").status()).isZero();
  }

  @Test
  void tellsHowToNameALostDatabase() throws IOException {
    int second = find("value 0 of database 1");
    Arrays.fill(file, second - 60, second + 60, (byte) 0xee);

    CommandRun guessed = salvage();
    CommandRun guess = CommandRun.in(directory, "rdb", "stats", "out.rdb");
    CommandRun told = salvage("--assume-db", "4", "--force");

    assertThat(guessed.results())
        .contains(
            "took the name of another database; they are in database 1 of the result",
            "--assume-db names one")
        .doesNotContain("twice");
    assertThat(guess.results()).containsPattern("keys +19[0-9]");
    assertThat(told.results()).doesNotContain("twice", "database 1");
    assertThat(CommandRun.in(directory, "rdb", "ls", "out.rdb", "--db", "4").results())
        .contains("user:099");
  }

  @Test
  void leavesFunctionsOutWhereItIsTold() throws IOException {
    file[find("return 1")] ^= 1;

    CommandRun with = salvage();
    String json = CommandRun.in(directory, "rdb", "json", "out.rdb").results();
    CommandRun without = salvage("--without-functions", "--force");

    assertThat(with.results()).contains("1 function library is in it", "--without-functions");
    assertThat(json).contains("name=lib");
    assertThat(without.results()).contains("1 function library is left out");
    assertThat(CommandRun.in(directory, "rdb", "json", "out.rdb").results())
        .doesNotContain("name=lib")
        .contains("user:099");
  }

  @Test
  void leavesWhatStandsBehindTheEndOutAndSaysSo() throws IOException {
    file = Arrays.copyOf(file, file.length + 1000);

    CommandRun run = salvage();

    assertThat(run.status()).as("%s", run).isEqualTo(3);
    assertThat(run.results()).contains("1,000 bytes follow", "append-only file");
  }

  @Test
  void givesNoSillyNumberForAFileThatWasCutInsideOfALargeValue() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, new RdbWriterOptions(10, false, true));
    writer.write(0, "small".getBytes(UTF_8), -1, new StringValue("1".getBytes(UTF_8)));
    writer.write(0, "large".getBytes(UTF_8), -1, new StringValue(new byte[1_000_000]));
    file = Arrays.copyOf(out.toByteArray(), 500_000);

    CommandRun run = salvage();

    assertThat(run.status()).as("%s", run).isEqualTo(3);
    assertThat(run.results())
        .contains(
            "recovered 1 of about 2 keys, or of more; lost:",
            "(about 1 key): key large: its value leads out of the file",
            "what stood behind the end of the file is not in it");
  }

  @Test
  void saysThatNobodyKnowsHowManyKeysAreLostWhereFewWereRead() throws IOException {
    byte[] whole = file;
    file = new byte[1_000_000];
    System.arraycopy(whole, 0, file, 0, find(whole, "user:003"));

    CommandRun run = salvage();

    assertThat(run.results())
        .contains("how many are lost nobody can tell", "too few keys were read to estimate");
    assertThat(salvage("--json", "--force").json().get("lostKeysBasis").asText())
        .isEqualTo("unknown");
  }

  private static int find(byte[] bytes, String text) {
    return new String(bytes, ISO_8859_1).indexOf(text);
  }

  @Test
  void isListedWithAWholeSentence() {
    assertThat(CommandRun.in(directory, "rdb", "--help").printed().replaceAll("\\s+", " "))
        .contains(
            "salvage Recover what is whole of a damaged RDB file into another file, and list what is"
                + " lost.");
  }
}
