package io.redrill.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An RDB gives every command the same whatever it stands in, and on standard input.
class RdbContainersTest {

  private static final String MARK = "0123456789012345678901234567890123456789";

  @TempDir private Path directory;
  private byte[] rdb = {};

  @BeforeEach
  void writeFiles() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(80));
    for (int i = 0; i < 300; i++) {
      byte[] key = ("key:" + i).getBytes(UTF_8);
      writer.write(i / 150, key, -1, new StringValue(key));
    }
    writer.end();
    rdb = out.toByteArray();
    write("plain", rdb);
    write("zstd", HexFormat.of().parseHex("56435301020001"), Zstd.compress(rdb));
    write("older zstd", HexFormat.of().parseHex("564b435301020001"), Zstd.compress(rdb));
    write("lz4", HexFormat.of().parseHex("56435301010001"), lz4Frame(rdb));
    write(
        "sync of length",
        ("$" + rdb.length + "\r\n").getBytes(UTF_8),
        rdb,
        b("*1\r\n$4\r\nPING\r\n"));
    write(
        "sync to mark",
        b("\n+FULLRESYNC x 0\r\n$EOF:" + MARK + "\r\n"),
        rdb,
        b(MARK + "*1\r\n$4\r\nPING\r\n"));
  }

  private static byte[] b(String text) {
    return text.getBytes(UTF_8);
  }

  /// One block that is stored as it is.
  private static byte[] lz4Frame(byte[] content) throws IOException {
    assertThat(content.length).isLessThan(1 << 16);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(HexFormat.of().parseHex("04224d18604082"));
    frame.write(new byte[] {(byte) content.length, (byte) (content.length >> 8), 0, (byte) 0x80});
    frame.write(content);
    frame.write(new byte[4]);
    return frame.toByteArray();
  }

  private void write(String name, byte[]... parts) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.write(part);
    }
    Files.write(directory.resolve(name), whole.toByteArray());
  }

  private CommandRun redrill(String... words) {
    return CommandRun.in(directory, words);
  }

  /// One of the commands that read a file, with the file.
  private static String[] words(String command, String file) {
    return Arrays.stream(command.split(" "))
        .map(word -> word.equals("FILE") ? file : word)
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rdb stats FILE --json",
        "rdb ls FILE --long",
        "rdb get FILE key:200 --db 1 --json",
        "rdb json FILE",
        "rdb commands FILE",
        "rdb digest FILE --by-slot",
        "rdb diff FILE plain",
        "rdb diff plain FILE",
        "rdb compat FILE",
        "rdb convert FILE --target valkey-9 --to out",
        "rdb filter FILE --key key:*1 --to out",
        "rdb merge FILE --to out",
        "rdb salvage FILE --to out",
        "rdb split FILE --shards 2 --to out",
        "rdb json FILE --to out"
      })
  void everyCommandReadsThemAll(String command) throws IOException {
    CommandRun plain = redrill(words(command, "plain"));
    assertThat(plain.status()).as("%s", plain).isZero();
    List<String> written = takeWritten();
    for (String file : List.of("zstd", "older zstd", "lz4", "sync of length", "sync to mark")) {
      CommandRun run = redrill(words(command, file));

      assertThat(run.status()).as("%s", run).isZero();
      // What is said of sizes and offsets is of the RDB.
      assertThat(run.printed()).as("%s", run).isEqualTo(plain.printed());
      assertThat(takeWritten()).isEqualTo(written);
    }
    byte[] packed = Files.readAllBytes(directory.resolve("zstd"));
    CommandRun fed = CommandRun.fed(directory, packed, words(command, "-"));
    assertThat(fed.status()).as("%s", fed).isZero();
    assertThat(fed.results()).isEqualTo(plain.results());
    assertThat(takeWritten()).isEqualTo(written);
    nothingIsLeft();
  }

  /// What was written to `out` or below it, which is removed.
  private List<String> takeWritten() throws IOException {
    Path out = directory.resolve("out");
    List<String> contents = new ArrayList<>();
    if (Files.exists(out)) {
      try (Stream<Path> files = Files.walk(out)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          if (Files.isRegularFile(file)) {
            contents.add(HexFormat.of().formatHex(Files.readAllBytes(file)));
          }
          Files.delete(file);
        }
      }
    }
    return contents;
  }

  private void nothingIsLeft() throws IOException {
    Path work = directory.resolve("work");
    if (Files.exists(work)) {
      try (Stream<Path> left = Files.list(work)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void checkSaysWhatTheRdbStandsIn() throws IOException {
    assertThat(redrill("rdb", "check", "zstd").results())
        .contains("in a compression envelope of Valkey (zstd)", "sound");
    assertThat(redrill("rdb", "check", "zstd", "--json").json().get("container").asText())
        .isEqualTo("zstd-envelope");
    assertThat(redrill("rdb", "check", "sync to mark", "--json").json().get("container").asText())
        .isEqualTo("full-sync");
    assertThat(redrill("rdb", "check", "plain", "--json").json().has("container")).isFalse();
  }

  @Test
  void aCutEnvelopeIsDamageOfTheFileThatWasNamed() throws IOException {
    byte[] whole = Files.readAllBytes(directory.resolve("zstd"));
    Files.write(directory.resolve("cut"), Arrays.copyOf(whole, whole.length - 9));

    CommandRun convert = redrill("rdb", "convert", "cut", "--target", "valkey-9", "--to", "out");
    assertThat(convert.status()).as("%s", convert).isEqualTo(5);
    assertThat(convert.messages())
        .contains(
            "E4101", "a zstd frame is damaged or cut short", directory.resolve("cut").toString());
    assertThat(redrill("rdb", "check", "cut").status()).isEqualTo(5);
    assertThat(redrill("rdb", "json", "cut").messages()).contains("E4201", "zstd frame");
    assertThat(Files.exists(directory.resolve("out"))).isFalse();
    nothingIsLeft();
  }

  @Test
  void salvagesWhatStandsBeforeTheDamageOfASynchronisation() throws IOException {
    byte[] whole = Files.readAllBytes(directory.resolve("sync of length"));
    Files.write(directory.resolve("cut"), Arrays.copyOf(whole, whole.length / 2));

    CommandRun salvage = redrill("rdb", "salvage", "cut", "--to", "out");

    assertThat(salvage.status()).as("%s", salvage).isEqualTo(3);
    assertThat(salvage.messages()).contains("warning", "the recording ends before its frame says");
    assertThat(redrill("rdb", "check", "out").status()).isZero();
    nothingIsLeft();
  }

  /// What stands behind the end of an RDB is a warning to all alike, and no reason to fail.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rdb stats FILE",
        "rdb ls FILE",
        "rdb json FILE",
        "rdb commands FILE",
        "rdb digest FILE",
        "rdb diff FILE plain",
        "rdb diff plain FILE",
        "rdb compat FILE",
        "rdb convert FILE --target valkey-9 --to out",
        "rdb filter FILE --to out",
        "rdb merge FILE --to out",
        "rdb split FILE --shards 2 --to out",
        "rdb json FILE --to out"
      })
  void everyCommandWarnsOfWhatFollowsTheRdb(String command) throws IOException {
    write("followed", rdb, b("*1\r\n$4\r\nPING\r\n"));
    write("other mark", b("$EOF:" + MARK + "\r\n"), rdb, b(MARK.replace('7', '8')));
    write("no mark", b("$EOF:" + MARK + "\r\n"), rdb);
    write("cut mark", b("$EOF:" + MARK + "\r\n"), rdb, b("0123"));
    write("too long", b("$" + (rdb.length + 9) + "\r\n"), rdb);
    CommandRun plain = redrill(words(command, "plain"));
    List<String> written = takeWritten();
    for (String file : List.of("followed", "other mark", "no mark", "cut mark", "too long")) {
      CommandRun run = redrill(words(command, file));

      assertThat(run.status()).as("%s", run).isZero();
      assertThat(run.results()).isEqualTo(plain.results());
      assertThat(run.messages().lines().filter(line -> line.contains("warning")))
          .as("%s", run)
          .singleElement()
          .asString()
          .contains(directory.resolve(file).toString())
          .contains(
              file.startsWith("no") || file.startsWith("too")
                  ? "the recording ends before its frame says"
                  : "bytes follow after the end of the RDB, at offset " + rdb.length);
      assertThat(takeWritten()).isEqualTo(written);
      JsonNode check = redrill("rdb", "check", "--json", file).json();
      assertThat(check.get("sound").asBoolean()).isTrue();
      assertThat(check.get("findings")).anyMatch(found -> isTold(run, found));
    }
    nothingIsLeft();
  }

  /// Whether `run` warned of what a check found.
  private static boolean isTold(CommandRun run, JsonNode finding) {
    return finding.get("severity").asText().equals("warning")
        && run.messages().contains(finding.get("sentence").asText());
  }

  /// The header may be what is damaged: files of such versions have no checksum.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "check FILE",
        "stats FILE",
        "ls FILE",
        "json FILE",
        "digest FILE",
        "diff FILE plain",
        "compat FILE",
        "filter FILE --to out"
      })
  void whatFollowsAnRdbWithoutChecksumIsDamage(String command) throws IOException {
    write("followed", b("REDIS0004"), new byte[] {(byte) 0xff}, new byte[8]);

    CommandRun run = redrill(words("rdb " + command, "followed"));

    assertThat(run.status()).as("%s", run).isEqualTo(5);
    assertThat(run.messages() + run.results()).contains("bytes follow after the end of the RDB");
    assertThat(Files.exists(directory.resolve("out"))).isFalse();
  }

  /// A primary sends a line feed now and then while it prepares the RDB; damage may be full of
  /// them.
  @ParameterizedTest
  @ValueSource(ints = {60_000, 65_535, 65_536, 70_000, 200_000})
  void looksThroughLineFeedsForAWhile(int lineFeeds) throws IOException {
    write("feeds", b("\n".repeat(lineFeeds)), b("$" + rdb.length + "\r\n"), rdb);

    CommandRun check = redrill("rdb", "check", "feeds");
    CommandRun stats = redrill("rdb", "stats", "feeds");
    CommandRun salvage = redrill("rdb", "salvage", "feeds", "--to", "out");

    boolean isRecording = lineFeeds < 65_000;
    assertThat(check.status()).as("%s", check).isEqualTo(isRecording ? 0 : 5);
    assertThat(stats.status()).as("%s", stats).isEqualTo(isRecording ? 0 : 5);
    assertThat(salvage.status()).as("%s", salvage).isEqualTo(isRecording ? 0 : 3);
    assertThat(redrill("rdb", "ls", "out").results().lines().count())
        .isBetween(isRecording ? 300L : 299L, 300L);
    assertThat(check.printed() + stats.printed() + salvage.printed())
        .doesNotContain("mark", "\tat");
    nothingIsLeft();
  }

  @Test
  void checksWhatDumpAnswered() throws IOException {
    byte[] payload = DumpPayload.of(RdbType.HASH_LISTPACK, new byte[] {7, 7, 0, 0, 0, 0, 0, -1});
    Files.write(directory.resolve("empty hash"), payload);
    payload[3]++;
    Files.write(directory.resolve("flipped"), payload);
    byte[] cutShort = DumpPayload.of(RdbType.HASH_LISTPACK, new byte[] {9, 7, 0, 0});
    Files.write(directory.resolve("cut value"), cutShort);

    CommandRun sound = redrill("rdb", "check", "--dump", "empty hash");
    assertThat(sound.status()).as("%s", sound).isZero();
    assertThat(sound.results()).contains("in what DUMP answered", "1 key,", "HASH_LISTPACK");
    CommandRun flipped = redrill("rdb", "check", "--dump", "flipped");
    assertThat(flipped.status()).as("%s", flipped).isEqualTo(5);
    assertThat(flipped.messages()).contains("the checksum of a dump does not match");
    assertThat(redrill("rdb", "check", "--dump", "cut value").status()).isEqualTo(5);
    assertThat(redrill("rdb", "check", "--dump", "plain").status()).isEqualTo(5);
    assertThat(redrill("rdb", "check", "empty hash").status()).isEqualTo(5);
  }

  @Test
  void onlyOneFileIsStandardInput() {
    for (String command : List.of("rdb merge - - --to out", "rdb diff - -")) {
      CommandRun run = CommandRun.fed(directory, rdb, command.split(" "));
      assertThat(run.status()).as("%s", run).isEqualTo(2);
      assertThat(run.messages()).contains("only one of the files can be standard input");
    }
  }
}
