package io.redrill.aof;

import io.redrill.rdb.ByteInput;
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

  static final String MANIFEST = ".manifest";

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

  /// Opens one of the files, with a buffer that is not larger than it has to be.
  ///
  /// @param name what errors call it
  static ByteInput input(Path file, String name) throws IOException {
    long most = Math.min(Files.size(file) + 1, ByteInput.DEFAULT_BUFFER_BYTES);
    return new ByteInput(Files.newInputStream(file), name, (int) most);
  }

  /// Takes the files at `path` by their names, without their manifest: one base at most, and the
  /// incremental files in the order of their numbers, which have no gap. Which files a rewrite had
  /// superseded, only the manifest knows; so this is a guess where there are several incremental
  /// files.
  ///
  /// @param path the directory of the files, the manifest in it, or a server's directory in which
  ///   that directory lies
  /// @throws NoSuchFileException if there are none, or several bases, or a number is missing
  public static AofDirectory fromNames(Path path) throws IOException {
    return PartsByName.find(Files.isDirectory(path) ? path : directoryOf(path));
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
      throw new NoSuchFileException(
          file.toString(), null, Files.exists(file) ? "it is no regular file" : "no such file");
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

  /// Shows `visitor` everything in these files, in their order. Where a file begins without a time
  /// mark, the last one of the file before holds.
  ///
  /// @throws NoSuchFileException if one of them is gone
  /// @throws io.redrill.rdb.FormatException at the first damage, after everything before it
  public void read(AofVisitor visitor) throws IOException {
    Optional<AofRecord.TimeMark> time = Optional.empty();
    for (Path file : files) {
      try (ByteInput in = input(file, file.toString())) {
        if (AofPreamble.isNext(in)) {
          visitor.rdb(file, in);
        }
        AofCursor log = new AofCursor(in, 0, time);
        for (AofCursor.Step step = log.next(); step != AofCursor.Step.END; step = log.next()) {
          visitor.record(file, step, log);
        }
        visitor.end(file, log.end());
        time = log.time();
      }
    }
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  static Path directoryOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static boolean isManifest(Path file) {
    String name = name(file);
    return name.endsWith(MANIFEST) && !name.startsWith("temp-") && Files.isRegularFile(file);
  }

  /// Parts of a set whose manifest is gone are no single file: a server would not load them.
  private static boolean isSingleFile(Path file) {
    String name = name(file);
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

  static List<Path> list(Path directory, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return new ArrayList<>(entries.filter(wanted).sorted().toList());
    }
  }
}
