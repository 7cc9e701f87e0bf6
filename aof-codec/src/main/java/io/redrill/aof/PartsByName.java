package io.redrill.aof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files of a multi-part append-only file, told by their names where the manifest is lost: see
/// [AofDirectory#fromNames].
final class PartsByName {

  /// `<appendfilename>.<number>.base.rdb`, and so on.
  private static final Pattern PART =
      Pattern.compile("(.+)\\.([1-9][0-9]{0,17})\\.(base\\.rdb|base\\.aof|incr\\.aof)");

  private final Path directory;
  private final Set<String> prefixes = new TreeSet<>();
  private final List<AofManifest.Part> bases = new ArrayList<>();
  private final List<AofManifest.Part> increments = new ArrayList<>();

  private PartsByName(Path directory) throws IOException {
    this.directory = directory;
    for (Path file : AofDirectory.list(directory, Files::isRegularFile)) {
      add(AofDirectory.name(file));
    }
    for (String prefix : prefixes) {
      // The single file of before 7.0, which became the base and kept its name.
      if (Files.isRegularFile(directory.resolve(prefix))) {
        bases.add(new AofManifest.Part(prefix, 1, AofManifest.Type.BASE));
      }
    }
    increments.sort(Comparator.comparingLong(AofManifest.Part::sequence));
  }

  private void add(String file) {
    Matcher name = PART.matcher(file);
    if (name.matches() && !file.startsWith("temp-")) {
      prefixes.add(name.group(1));
      long number = Long.parseLong(name.group(2));
      if (name.group(3).startsWith("base")) {
        bases.add(new AofManifest.Part(file, number, AofManifest.Type.BASE));
      } else {
        increments.add(new AofManifest.Part(file, number, AofManifest.Type.INCREMENTAL));
      }
    }
  }

  static AofDirectory find(Path path) throws IOException {
    List<PartsByName> found = new ArrayList<>();
    found.add(new PartsByName(path));
    if (found.getFirst().prefixes.isEmpty()) {
      for (Path below : AofDirectory.list(path, Files::isDirectory)) {
        found.add(new PartsByName(below));
      }
    }
    found.removeIf(parts -> parts.prefixes.isEmpty());
    if (found.size() != 1) {
      throw new NoSuchFileException(
          path.toString(),
          null,
          found.isEmpty()
              ? "no part of an append-only file there"
              : "parts of append-only files in several directories there");
    }
    return found.getFirst().asDirectory();
  }

  private AofDirectory asDirectory() throws NoSuchFileException {
    Optional<String> problem = problem();
    if (problem.isPresent()) {
      throw new NoSuchFileException(directory.toString(), null, problem.get());
    }
    List<AofManifest.Part> parts = new ArrayList<>(bases);
    parts.addAll(increments);
    return new AofDirectory(
        directory.resolve(prefixes.iterator().next() + AofDirectory.MANIFEST),
        Optional.of(new AofManifest(parts)),
        parts.stream().map(part -> directory.resolve(part.name())).toList());
  }

  private Optional<String> problem() {
    if (prefixes.size() > 1) {
      return Optional.of("parts of several append-only files there: " + prefixes);
    }
    if (bases.size() > 1) {
      return Optional.of("several bases there, and only the manifest knows which one counts");
    }
    for (int i = 1; i < increments.size(); i++) {
      long expected = increments.get(i - 1).sequence() + 1;
      if (increments.get(i).sequence() != expected) {
        return Optional.of("the incremental file number %d is missing".formatted(expected));
      }
    }
    return Optional.empty();
  }
}
