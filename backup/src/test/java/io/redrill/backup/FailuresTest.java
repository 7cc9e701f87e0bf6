package io.redrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator is told of a failure of the file system.
class FailuresTest {

  @TempDir private Path directory;

  private interface Attempt {
    void run() throws IOException;
  }

  private static Map<String, String> told(Attempt attempt) {
    try {
      attempt.run();
    } catch (IOException e) {
      RedrillException failure = Failures.of(e, "source", "orders");
      assertThat(failure.code()).isEqualTo(ErrorCode.READ_FAILED);
      return failure.context();
    }
    throw new AssertionError("it did not fail");
  }

  @Test
  void theProblemSaysMoreThanThePath() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Path missing = directory.resolve("missing");

    assertThat(told(() -> Files.size(missing)))
        .containsEntry("source", "orders")
        .containsEntry("problem", "there is no such file or directory")
        .containsEntry("file", missing.toString());
    assertThat(told(() -> Files.createDirectories(file)))
        .containsEntry("problem", "a file stands there already")
        .containsEntry("file", file.toString());
    assertThat(told(() -> Files.createFile(file.resolve("below"))))
        .containsEntry("problem", "Not a directory");
    assertThat(told(() -> Files.delete(directory)))
        .containsEntry("problem", "the directory is not empty")
        .containsEntry("file", directory.toString());
  }
}
