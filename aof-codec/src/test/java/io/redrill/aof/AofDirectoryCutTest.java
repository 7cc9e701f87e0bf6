package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AofDirectoryCutTest {

  @TempDir Path directory;

  /// What a server's own tool leaves of the log, where it can cut at all, is what we write: byte
  /// for byte, since the strict form of a command is one.
  @ParameterizedTest
  @MethodSource("io.redrill.aof.AofCorpus#timestampedSets")
  void cutsWhereTheServersOwnToolDoes(Path set) throws IOException, NoSuchAlgorithmException {
    AofDirectory source = AofDirectory.open(set);
    JsonNode truth = AofCorpus.beside(set, ".json");
    assertThat(truth.get("cuts")).isNotEmpty();
    for (JsonNode cut : truth.get("cuts")) {
      long second = cut.get("timestamp").asLong();
      Path target = directory.resolve(Long.toString(second));
      AofDirectoryCut.write(
          source, new LogCut.AtTime(Instant.ofEpochSecond(second)), target, AofNames.DEFAULT);

      JsonNode files = cut.get("files");
      AofDirectory written = AofDirectory.open(target);
      assertThat(written.files()).hasSize(2);
      assertThat(sha256(written.files().get(0)))
          .as("base at %d", second)
          .isEqualTo(hashOf(files, ".base."));
      assertThat(sha256(written.files().get(1)))
          .as("log at %d", second)
          .isEqualTo(hashOf(files, ".incr.aof"));
      assertThat(AofCheck.check(target).findings()).isEmpty();
    }
  }

  private static String hashOf(JsonNode files, String infix) {
    return files
        .propertyStream()
        .filter(file -> file.getKey().contains(infix))
        .map(file -> file.getValue().get("sha256").asText())
        .findFirst()
        .orElseThrow();
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }

  @Test
  void refusesATimeBeforeTheBase() throws IOException {
    for (String set : new String[] {"timestamps", "timestamps-no-rdb"}) {
      AofDirectory source = AofDirectory.open(AofCorpus.golden("redis-7.0.15", set));
      LogCut early = new LogCut.AtTime(Instant.ofEpochSecond(1_795_000_000));
      assertThatThrownBy(
              () -> AofDirectoryCut.write(source, early, directory.resolve(set), AofNames.DEFAULT))
          .isInstanceOf(CutBeforeBaseException.class)
          .hasMessageContaining("appendonly.aof.2.base.");
      assertThatThrownBy(() -> AofDirectory.open(directory.resolve(set)))
          .as("no manifest names what was begun")
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void undoesAFlush() throws IOException {
    AofDirectory source = AofDirectory.open(AofCorpus.golden("redis-7.0.15", "timestamps"));
    LogCutReport report =
        AofDirectoryCut.write(
            source,
            LogCut.BeforeMatch.of("flush*", 1),
            directory.resolve("none"),
            AofNames.DEFAULT);
    assertThat(report.reached()).isFalse();
    report =
        AofDirectoryCut.write(
            source,
            LogCut.BeforeMatch.of("flushdb", 1),
            directory.resolve("cut"),
            AofNames.DEFAULT);
    assertThat(report.reached()).isTrue();
    assertThat(report.time().orElseThrow().unixMillis()).isEqualTo(1_795_468_561_000L);
    assertThat(Files.readString(directory.resolve("cut/appendonly.aof.1.incr.aof"), ISO_8859_1))
        .doesNotContainIgnoringCase("FLUSHDB")
        .contains("#TS:1795468560");
  }

  /// At each offset of one of several files, as a listing shows it.
  @Test
  void cutsAtAnOffsetOfAFile() throws IOException {
    AofDirectory source = AofDirectory.open(AofCorpus.golden("redis-7.0.15", "several-incr"));
    Path file = source.files().get(2);
    long before = Files.size(source.files().get(1));
    for (long offset : new long[] {0, 22, 23, 24, 3000, Files.size(file), Files.size(file) + 9}) {
      Path target = directory.resolve("at-" + offset);
      AofDirectoryCut.write(source, file, offset, target, AofNames.DEFAULT);
      assertThat(AofCheck.check(target).findings()).isEmpty();
      // What was written selects no database twice, and so is a little shorter.
      assertThat(Files.size(AofDirectory.open(target).files().getLast()))
          .as("at %d", offset)
          .isBetween(
              before + Math.max(0, Math.min(offset, Files.size(file)) - 200),
              before + Math.min(offset, Files.size(file)));
    }
    assertThatThrownBy(() ->
            AofDirectoryCut.write(
                source,
                source.files().getFirst(),
                100,
                directory.resolve("base"),
                AofNames.DEFAULT))
        .isInstanceOf(CutBeforeBaseException.class)
        .hasMessageContaining("inside of the base");
  }

  @Test
  void turnsASingleFileIntoADirectory() throws IOException {
    for (String[] golden :
        new String[][] {{"redis-6.2.16", "rewritten-as-rdb"}, {"redis-2.8.24", "commands-only"}}) {
      Path set = AofCorpus.golden(golden[0], golden[1]);
      Path target = directory.resolve(golden[0]);
      AofDirectoryCut.write(
          AofDirectory.open(set), new LogCut.AtEnd(), target, new AofNames("my app.aof"));
      AofCheckReport before = AofCheck.check(set);
      AofCheckReport after = AofCheck.check(target);
      assertThat(after.findings()).isEmpty();
      assertThat(keys(after)).isEqualTo(keys(before));
      assertThat(Files.readString(target.resolve("my app.aof.manifest")))
          .endsWith("file \"my app.aof.1.incr.aof\" seq 1 type i\n");
    }
  }

  @Test
  void joinsSeveralIncrementalFiles() throws IOException {
    AofDirectory source = AofDirectory.open(AofCorpus.golden("redis-7.0.15", "several-incr"));
    assertThat(source.files()).hasSize(4);
    LogCutReport report =
        AofDirectoryCut.write(
            source, new LogCut.AtEnd(), directory.resolve("joined"), AofNames.DEFAULT);
    assertThat(report.reached()).isFalse();
    assertThat(report.tail()).isEqualTo(new AofRecord.Tail.Clean());
    assertThat(AofDirectory.open(directory.resolve("joined")).files()).hasSize(2);
  }

  private static long keys(AofCheckReport report) {
    return report.files().stream().mapToLong(AofCheckReport.CheckedFile::keys).sum();
  }
}
