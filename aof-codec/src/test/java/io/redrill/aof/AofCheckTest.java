package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.AofFinding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AofCheckTest {

  private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";

  @ParameterizedTest
  @MethodSource("io.redrill.aof.AofCorpus#sets")
  void findsNothingWrongWithWhatServersWrote(Path set) throws IOException {
    AofCheckReport report = AofCheck.check(set);
    assertThat(report.findings()).isEmpty();
    assertThat(report.files()).isNotEmpty();
    JsonNode truth = AofCorpus.beside(set, ".json");
    long seen = report.files().stream().mapToLong(file -> file.keys() + file.commands()).sum();
    assertThat(seen).isGreaterThanOrEqualTo(truth.get("keys").size());
  }

  /// Two verdicts are not the server's, and the check tool's instead: it starts empty where the
  /// manifest is gone, and only a server knows which commands there are.
  @ParameterizedTest
  @MethodSource("io.redrill.aof.AofCorpus#damagedSets")
  void judgesDamageAsServersDo(Path set) throws IOException {
    JsonNode expected = AofCorpus.beside(set, ".expect.json");
    Severity severity =
        switch (String.valueOf(set.getFileName())) {
          case "aof-missing-manifest" -> Severity.DAMAGE;
          case "aof-plain-unknown-command" -> Severity.NOTE;
          default -> verdictOfServer(expected, set.toString().contains("aof-plain-cut-in-"));
        };
    AofCheckReport report = AofCheck.check(set);
    assertThat(report.worst()).as("%s", report.findings()).isEqualTo(severity);
  }

  private static Severity verdictOfServer(JsonNode expected, boolean cutShort) {
    boolean starts = expected.path("server aof-load-truncated=yes").path("started").asBoolean();
    JsonNode strict = expected.path("server aof-load-truncated=no");
    if (strict.isMissingNode()) {
      // Before 2.8 there was no such setting, and no server took an unfinished file.
      return starts ? Severity.NOTE : cutShort ? Severity.UNFINISHED : Severity.DAMAGE;
    }
    return strict.path("started").asBoolean()
        ? Severity.NOTE
        : starts ? Severity.UNFINISHED : Severity.DAMAGE;
  }

  @Test
  void saysWhatWouldBeLost(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("appendonly.aof");
    Files.writeString(file, "#TS:5\r\n" + SET + "#note\r\n" + "#TS:4\r\n" + SET + "*3\r\n$3\r\nSE");

    AofCheckReport report = AofCheck.check(file);

    int good = Files.readString(file).length() - 10;
    assertThat(report.findings())
        .containsExactly(
            new AofFinding(
                Severity.UNFINISHED,
                "appendonly.aof",
                good,
                "ends in the middle of the record at offset " + good,
                10),
            new AofFinding(
                Severity.NOTE, "appendonly.aof", 0, "annotations of unknown meaning: 1", 0),
            new AofFinding(Severity.NOTE, "appendonly.aof", 0, "time marks that step back: 1", 0));
    AofCheckReport.CheckedFile checked = report.files().getFirst();
    assertThat(checked.commands()).isEqualTo(2);
    assertThat(checked.firstTime().orElseThrow().unixMillis()).isEqualTo(5000);
    assertThat(checked.lastTime().orElseThrow().unixMillis()).isEqualTo(4000);
  }

  @Test
  void saysFromWhereALogCannotBeTrusted(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("appendonly.aof");
    Files.writeString(file, SET + "*1\r\n$5\r\nMULTI\r\n" + SET + "garbage" + SET);
    AofFinding finding = AofCheck.check(directory).findings().getFirst();
    assertThat(finding.severity()).isEqualTo(Severity.DAMAGE);
    assertThat(finding.offset()).isEqualTo(SET.length());
    assertThat(finding.problem()).contains("at offset " + (2 * SET.length() + 15));
    assertThat(finding.lostBytes()).isEqualTo(Files.size(file) - SET.length());
  }

  @Test
  void namesWhatTheManifestDoesNot(@TempDir Path directory) throws IOException {
    AofDirectoryWriter writer = new AofDirectoryWriter(directory, AofNames.DEFAULT);
    Files.writeString(writer.addIncrement(), SET);
    writer.commit();
    Files.writeString(directory.resolve("appendonly.aof.2.incr.aof"), SET);
    Files.writeString(directory.resolve("temp-appendonly.aof.manifest"), "");
    AofCheckReport report = AofCheck.check(directory);
    assertThat(report.worst()).isEqualTo(Severity.NOTE);
    assertThat(report.findings())
        .extracting(AofFinding::file)
        .isEqualTo(List.of("appendonly.aof.2.incr.aof"));
  }

  @Test
  void refusesWhatIsNotThere(@TempDir Path directory) {
    assertThatThrownBy(() -> AofCheck.check(directory.resolve("gone")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
