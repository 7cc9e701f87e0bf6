package io.redrill.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FilePlacementTest {

  @TempDir private Path directory;

  @BeforeEach
  void stage() throws IOException {
    Files.writeString(staged(), "whole");
  }

  private Path staged() {
    return directory.resolve(".staged");
  }

  private Path path() {
    return directory.resolve("file");
  }

  /// As Linux answers on a file system without links, as a provider without them does, and links.
  static List<FilePlacement.Linking> linkings() {
    return List.of(
        (path, existing) -> {
          throw new FileSystemException(
              path.toString(), existing.toString(), "Operation not permitted");
        },
        (path, existing) -> {
          throw new UnsupportedOperationException();
        },
        Files::createLink);
  }

  @ParameterizedTest
  @MethodSource("linkings")
  void placesWhereNothingStands(FilePlacement.Linking linking) throws IOException {
    FilePlacement.place(staged(), path(), linking);

    assertThat(path()).hasContent("whole");
  }

  @ParameterizedTest
  @MethodSource("linkings")
  void leavesWhatStandsThere(FilePlacement.Linking linking) throws IOException {
    Files.writeString(path(), "precious");

    assertThatThrownBy(() -> FilePlacement.place(staged(), path(), linking))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(path()).hasContent("precious");
    assertThat(staged()).hasContent("whole");
  }

  @Test
  void leavesNoEmptyFileBehindAFailure() throws IOException {
    Files.delete(staged());

    assertThatThrownBy(() -> FilePlacement.place(staged(), path(), linkings().getFirst()))
        .isInstanceOf(NoSuchFileException.class);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }
}
