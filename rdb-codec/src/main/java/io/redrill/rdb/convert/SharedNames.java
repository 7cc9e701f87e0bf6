package io.redrill.rdb.convert;

import io.redrill.rdb.FunctionSource;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.convert.RdbMerge.Conflict;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The records of the files that are merged that are no keys and have a name ([RecordName]):
/// function libraries, and modules' aux fields. Of each name that of one file counts.
///
/// Names are kept, as servers have few.
final class SharedNames {

  private final OnConflict onConflict;
  private final ConflictList conflicts;
  private final Map<String, Named> named = new LinkedHashMap<>();
  private final Map<String, Set<String>> functions = new LinkedHashMap<>();

  /// Something under a name: which file's counts, and its SHA-256.
  private record Named(int source, byte[] hash) {}

  SharedNames(OnConflict onConflict, ConflictList conflicts) {
    this.onConflict = onConflict;
    this.conflicts = conflicts;
  }

  /// Takes the name of `record`, if it has one; files come in their order.
  void add(int source, RdbRecord record) throws IOException {
    Optional<String> found = RecordName.of(record);
    if (found.isEmpty()) {
      return;
    }
    String name = found.get();
    byte[] hash = sha256(RecordName.content(record));
    Named before = named.get(name);
    boolean counts = before == null;
    if (before != null && !Arrays.equals(before.hash, hash)) {
      conflicts.add(name, List.of(before.source, source));
      counts = onConflict == OnConflict.LAST;
    }
    if (counts) {
      named.put(name, new Named(source, hash));
      if (record instanceof RdbRecord.FunctionLibrary(byte[] text)) {
        functions.put(name, FunctionSource.functionNames(text));
      }
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Looks for functions that libraries of several files register, which servers refuse. A library
  /// that does not count is left out whole. (Two of one file have been loaded by the server that
  /// wrote it.)
  void findFunctions() {
    List<String> libraries = new ArrayList<>(functions.keySet());
    libraries.sort(Comparator.comparingInt(this::source));
    if (onConflict == OnConflict.LAST) {
      Collections.reverse(libraries);
    }
    Map<String, String> owners = new HashMap<>();
    for (String library : libraries) {
      Set<String> registered = functions.getOrDefault(library, Set.of());
      Optional<String> taken =
          registered.stream()
              .filter(function -> isOfOtherFile(owners.get(function), library))
              .findFirst();
      if (taken.isEmpty()) {
        registered.forEach(function -> owners.put(function, library));
      } else {
        String other = owners.getOrDefault(taken.get(), "");
        conflicts.add(
            "the function %s of %s and %s".formatted(taken.get(), other, library),
            List.of(source(other), source(library)));
        named.remove(library);
        functions.remove(library);
      }
    }
  }

  private boolean isOfOtherFile(@Nullable String owner, String library) {
    return owner != null && source(owner) != source(library);
  }

  private int source(String library) {
    return Objects.requireNonNull(named.get(library)).source;
  }

  /// Whether `record` has no name, or the one of `source` counts.
  boolean counts(int source, RdbRecord record) throws IOException {
    Optional<String> name = RecordName.of(record);
    if (name.isEmpty()) {
      return true;
    }
    Named counts = named.get(name.get());
    return counts != null && counts.source == source;
  }

  /// The function libraries that count, if they come from several files, else none.
  List<Conflict> mixedLibraries() {
    Set<String> libraries = functions.keySet();
    long files = libraries.stream().map(this::source).distinct().count();
    return files < 2
        ? List.of()
        : libraries.stream()
            .limit(ConflictList.MOST_KEPT)
            .map(library -> new Conflict(library, List.of(conflicts.file(source(library)))))
            .toList();
  }
}
