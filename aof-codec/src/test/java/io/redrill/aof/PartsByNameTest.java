package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PartsByNameTest {

  @TempDir Path directory;

  /// Without its manifest, every set that servers wrote is found as it was, or refused where more
  /// is left than what counts.
  @ParameterizedTest
  @MethodSource("io.redrill.aof.AofCorpus#sets")
  void findsWhatTheManifestNamed(Path set) throws IOException {
    AofDirectory named = AofDirectory.open(set);
    if (named.manifest().isEmpty()) {
      assertThatThrownBy(() -> AofDirectory.fromNames(set)).hasMessageContaining("no part of");
    } else if (String.valueOf(set.getFileName()).equals("with-history")) {
      assertThatThrownBy(() -> AofDirectory.fromNames(set)).hasMessageContaining("several bases");
    } else {
      AofDirectory found = AofDirectory.fromNames(set);
      assertThat(found.files()).isEqualTo(named.files());
      assertThat(found.path()).isEqualTo(named.path());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.1.base.rdb a.2.base.rdb a.3.incr.aof         | several bases",
        "a.1.base.rdb a.1.base.aof                      | several bases",
        "a.1.base.rdb a.1.incr.aof a.3.incr.aof         | number 2 is missing",
        "a a.1.base.rdb a.1.incr.aof                    | several bases",
        "a.1.incr.aof b.1.incr.aof                      | several append-only files",
        "appendonly.aof temp-a.1.incr.aof a.0.incr.aof  | no part",
      })
  void doesNotGuessWhereItMayBeWrong(String files, String problem) throws IOException {
    for (String file : files.trim().split(" ", -1)) {
      Files.createFile(directory.resolve(file));
    }
    assertThatThrownBy(() -> AofDirectory.fromNames(directory))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void makesAManifestForThem() throws IOException {
    Path log = Files.writeString(directory.resolve("my app.aof.10.incr.aof"), "");
    Files.writeString(directory.resolve("my app.aof.9.incr.aof"), "*1\r\n$4\r\nPING\r\n");
    Path target = directory.resolve("target");
    AofRepair.copy(AofRepair.plan(AofDirectory.fromNames(directory), gone -> {}), target);
    AofDirectory made = AofDirectory.open(target);
    assertThat(made.files()).hasSize(2);
    assertThat(made.files().getLast().getFileName()).isEqualTo(log.getFileName());
    assertThat(made.path()).isEqualTo(target.resolve("my app.aof.manifest"));
  }
}
