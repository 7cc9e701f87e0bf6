package io.redrill.aof;

import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// An append-only file as it stands on disk: a directory with a manifest (Redis 7.0 and later), or
/// one single file (before).
///
/// @param path the manifest's file, or the single file
/// @param manifest the manifest, where there is one
/// @param files what a server loads, in its order: the base first
public record AofDirectory(Path path, Optional<AofManifest> manifest, List<Path> files) {

  private static final String MANIFEST = ".manifest";

  /// Copies the list.
  public AofDirectory {
    files = List.copyOf(files);
  }

  /// Finds the append-only file at `path`: a manifest, a single file, a directory that holds
  /// either, or a server's directory in which such a directory lies. The files that the manifest
  /// names are not opened, and need not be there.
  ///
  /// @throws CorruptInputException if the manifest is damaged
  /// @throws NoSuchFileException if there is none, or more than one
  public static AofDirectory open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return path.toString().endsWith(MANIFEST) ? multiPart(path) : single(path);
    }
    List<Path> manifests = list(path, AofDirectory::isManifest);
    if (manifests.isEmpty()) {
      for (Path directory : list(path, Files::isDirectory)) {
        manifests.addAll(list(directory, AofDirectory::isManifest));
      }
    }
    if (!manifests.isEmpty()) {
      return multiPart(only(manifests, path));
    }
    return single(only(list(path, AofDirectory::isSingleFile), path));
  }

  private static AofDirectory multiPart(Path manifestFile) throws IOException {
    Path directory = directoryOf(manifestFile);
    AofManifest manifest = AofManifest.load(manifestFile);
    List<Path> files =
        manifest.loadOrder().stream().map(part -> directory.resolve(part.name())).toList();
    return new AofDirectory(manifestFile, Optional.of(manifest), files);
  }

  private static AofDirectory single(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return new AofDirectory(file, Optional.empty(), List.of(file));
  }

  /// Where the files are.
  public Path directory() {
    return directoryOf(path);
  }

  /// Whether `file`, one of [#files()], is what the rest builds on: the base of a directory, or the
  /// single file.
  public boolean isBase(Path file) {
    return file.equals(files.getFirst())
        && (manifest.isEmpty() || manifest.get().base().isPresent());
  }

  private static Path directoryOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static boolean isManifest(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(MANIFEST) && !name.startsWith("temp-") && Files.isRegularFile(file);
  }

  /// Parts of a set whose manifest is gone are no single file: a server would not load them.
  private static boolean isSingleFile(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".aof")
        && !name.endsWith(".incr.aof")
        && !name.endsWith(".base.aof")
        && !name.startsWith("temp-")
        && Files.isRegularFile(file);
  }

  private static Path only(List<Path> found, Path path) throws NoSuchFileException {
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new NoSuchFileException(
        path.toString(),
        null,
        found.isEmpty()
            ? "no manifest and no append-only file there"
            : "more than one append-only file there: " + found);
  }

  private static List<Path> list(Path directory, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return new ArrayList<>(entries.filter(wanted).sorted().toList());
    }
  }
}
