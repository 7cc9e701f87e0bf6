package io.redrill.backup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Gives a finished file its name, which replaces nothing: neither what stands there, nor what came
/// into being meanwhile.
public final class FilePlacement {

  private FilePlacement() {}

  /// Gives `staged` the name `path` in the same file system. The name `staged` may stay or be gone.
  ///
  /// Where files can have two names, the file is there whole or not at all. Elsewhere, as on FAT,
  /// an empty file stands there for an instant.
  ///
  /// @throws FileAlreadyExistsException if something stands at `path`, which is left as it is
  /// @throws IOException if the file could not get the name; nothing stands there then
  public static void place(Path staged, Path path) throws IOException {
    place(staged, path, Files::createLink);
  }

  /// Gives a file a second name.
  interface Linking {
    void link(Path path, Path existing) throws IOException;
  }

  static void place(Path staged, Path path, Linking linking) throws IOException {
    try {
      linking.link(path, staged);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      claim(staged, path);
    }
  }

  /// A rename replaces what stands at its target without a word, so that the name has to be taken
  /// first, by an empty file that was not there: then the rename replaces that.
  private static void claim(Path staged, Path path) throws IOException {
    Files.createFile(path);
    try {
      Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }
}
