package io.redrill.rdb.convert;

import io.redrill.rdb.ClosedTogether;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FunctionSource;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.TooNewException;
import io.redrill.rdb.convert.KeptRecords.Belonging;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.spill.KeyIdentity;
import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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

/// Writes one file of several.
///
/// Two passes over each: [#plan] finds damage and what stands in several files; [#write] copies
/// byte for byte, file after file, what counts. A key that stands in several files is a conflict,
/// whatever it holds there; function libraries and modules' aux fields of the same name are one
/// where they differ, and so are libraries of several files that register a function of the same
/// name, as far as [FunctionSource] finds it. Aux fields about the data are those of the first
/// file.
///
/// Where nothing stands in several files, the second pass carries out a [CopyPlan] of the first for
/// each file; else it reads record by record.
///
/// Memory: some megabytes for plans, and as much for finding conflicts; keys are spilled to files,
/// which take about as much room as all keys. Names of function libraries are kept, as servers have
/// few. Not safe for use by several threads.
public final class RdbMerge implements Closeable {

  private static final int OLDEST_WRITTEN = 9;
  private static final int LAST_COMMON = 11;
  private static final int MEMORY_BYTES = 8 * 1024 * 1024;

  // A key among others: its source (4), its number there (8), its offset (8), its identity.
  private static final int NUMBER_AT = 4;
  private static final int OFFSET_AT = 12;
  private static final int IDENTITY_AT = 20;

  /// More conflicts than this are counted and not kept.
  private static final int MAX_CONFLICTS = 20;

  private final List<RdbSource> sources;
  private final RdbFilter filter;
  private final OnConflict onConflict;
  private final ClosedTogether files = new ClosedTogether();
  private final List<SpilledBits> losers = new ArrayList<>();
  private final List<CopyPlan> plans = new ArrayList<>();
  private final Map<String, Named> named = new LinkedHashMap<>();
  private final Map<String, Set<String>> functions = new LinkedHashMap<>();
  private final List<Conflict> conflicts = new ArrayList<>();
  private final int version;
  private long conflictCount;
  private long keys;
  private long droppedKeys;

  /// Something under a name: which file's counts, and its SHA-256.
  private record Named(int source, byte[] hash) {}

  /// Something that stands in several files, or a library that stands in one.
  ///
  /// @param name the key with its database, or the library, as a person reads it
  public record Conflict(String name, List<Path> files) {

    @Override
    public String toString() {
      return name + " in " + files;
    }
  }

  private RdbMerge(List<RdbSource> sources, RdbFilter filter, OnConflict onConflict, int version) {
    this.sources = List.copyOf(sources);
    this.filter = filter;
    this.onConflict = onConflict;
    this.version = version;
  }

  /// The version that holds all of `sources` as they are: the newest of them, if they are of one
  /// dialect or Valkey's joins nothing newer than 11; empty if there is none.
  ///
  /// @throws io.redrill.rdb.FormatException if one of them begins as no RDB
  public static Optional<Integer> commonVersion(List<RdbSource> sources) throws IOException {
    int newest = OLDEST_WRITTEN;
    int newestOfRedis = 0;
    for (RdbSource source : sources) {
      RdbHeader header = source.header();
      if (!RdbWriterOptions.writes(Math.max(OLDEST_WRITTEN, header.version()))) {
        throw new TooNewException(
            "files of RDB version " + header.version() + " are not written",
            source.file().toString(),
            0);
      }
      newest = Math.max(newest, header.version());
      if (header.dialect() == RdbDialect.REDIS) {
        newestOfRedis = Math.max(newestOfRedis, header.version());
      }
    }
    boolean isMixed =
        RdbDialect.ofVersion(newest) == RdbDialect.VALKEY && newestOfRedis > LAST_COMMON;
    return isMixed ? Optional.empty() : Optional.of(newest);
  }

  /// Reads `sources`, which the caller closes, and finds what stands in several.
  ///
  /// @param version from [#commonVersion]
  /// @param workDirectory where there is room for all keys; made if need be
  /// @param begin is told before each source is read
  /// @throws io.redrill.rdb.FormatException if one is damaged, or has a key twice
  public static RdbMerge plan(
      List<RdbSource> sources,
      RdbFilter filter,
      OnConflict onConflict,
      int version,
      Path workDirectory,
      SourceVisitor begin)
      throws IOException {
    Files.createDirectories(workDirectory);
    Path directory = Files.createTempDirectory(workDirectory, "merge-");
    RdbMerge merge = new RdbMerge(sources, filter, onConflict, version);
    merge.files.add(() -> Files.deleteIfExists(directory));
    try (RecordSpill spill = new RecordSpill(new SpillLimits(directory, MEMORY_BYTES))) {
      for (int i = 0; i < sources.size(); i++) {
        Path bits = directory.resolve("losers-" + i);
        merge.losers.add(merge.files.add(new SpilledBits(bits)));
      }
      for (int i = 0; i < sources.size(); i++) {
        begin.visit(sources.get(i));
        merge.survey(i, spill);
      }
      merge.findFunctionConflicts();
      spill.each(merge::findConflicts);
      return merge;
    } catch (IOException | RuntimeException e) {
      merge.close();
      throw e;
    }
  }

  /// Is told of a source that is about to be read.
  @FunctionalInterface
  public interface SourceVisitor {
    /// Takes the source.
    void visit(RdbSource source) throws IOException;
  }

  private void survey(int source, RecordSpill spill) throws IOException {
    CopyPlan plan = new CopyPlan(CopyPlan.MAX_RANGE_BYTES / sources.size());
    plans.add(plan);
    Joining joining = new Joining(source, plan, false);
    long[] number = {0};
    KeyIdentity identity = new KeyIdentity(IDENTITY_AT);
    LittleEndian.putInt(identity.array(), 0, source);
    sources
        .get(source)
        .each(pass -> {
          RdbCursor cursor = pass.cursor();
          if (pass.step() != Step.KEY) {
            name(source, cursor.record());
            joining.visit(pass);
            if (pass.step() == Step.END) {
              pass.addTo(plan);
            }
          } else if (joining.visit(pass)) {
            long hash = identity.set(cursor.db(), cursor.key());
            LittleEndian.putLong(identity.array(), NUMBER_AT, number[0]++);
            LittleEndian.putLong(identity.array(), OFFSET_AT, cursor.recordOffset());
            spill.add(hash, identity.array(), 0, identity.length());
            keys++;
          }
        });
  }

  /// Looks for keys that occur several times among `batch`, in which keys of the same hash are
  /// neighbours, in the order of the files.
  private void findConflicts(RecordBatch batch) throws IOException {
    for (int start = 0; start < batch.size(); ) {
      int end = batch.endOfHash(start);
      BitSet found = new BitSet();
      for (int i = start; i < end - 1; i++) {
        if (found.get(i - start)) {
          continue;
        }
        List<Occurrence> occurrences = new ArrayList<>(List.of(Occurrence.of(batch, i)));
        for (int j = i + 1; j < end; j++) {
          if (batch.isSameFrom(IDENTITY_AT, i, j)) {
            found.set(j - start);
            occurrences.add(Occurrence.of(batch, j));
          }
        }
        if (occurrences.size() > 1) {
          keyConflict(batch.array(), batch.from(i) + IDENTITY_AT, occurrences);
        }
      }
      start = end;
    }
  }

  /// One place where a key stands.
  private record Occurrence(int source, long number, long offset) {

    static Occurrence of(RecordBatch batch, int index) {
      int at = batch.from(index);
      return new Occurrence(
          LittleEndian.getInt(batch.array(), at),
          LittleEndian.getLong(batch.array(), at + NUMBER_AT),
          LittleEndian.getLong(batch.array(), at + OFFSET_AT));
    }
  }

  private void keyConflict(byte[] identities, int at, List<Occurrence> occurrences)
      throws IOException {
    String key = KeyIdentity.text(identities, at);
    for (int i = 1; i < occurrences.size(); i++) {
      if (occurrences.get(i).source() == occurrences.get(i - 1).source()) {
        throw new CorruptInputException(
            "a key stands twice in the file",
            sources.get(occurrences.get(i).source()).file().toString(),
            occurrences.get(i).offset(),
            key);
      }
    }
    Occurrence winner =
        onConflict == OnConflict.LAST ? occurrences.getLast() : occurrences.getFirst();
    for (Occurrence each : occurrences) {
      if (!each.equals(winner)) {
        losers.get(each.source()).set(each.number());
        droppedKeys++;
      }
    }
    String name = "db " + KeyIdentity.db(identities, at) + " " + key;
    addConflict(name, occurrences.stream().map(Occurrence::source).toList());
  }

  /// Takes the name that a record of `source` may have which is no key.
  private void name(int source, RdbRecord record) throws IOException {
    Optional<String> found = RecordName.of(record);
    if (found.isEmpty()) {
      return;
    }
    String name = found.get();
    byte[] hash = sha256(RecordName.content(record));
    Named before = named.get(name);
    boolean counts = before == null;
    if (before != null && !Arrays.equals(before.hash, hash)) {
      addConflict(name, List.of(before.source, source));
      counts = onConflict == OnConflict.LAST;
    }
    if (counts) {
      named.put(name, new Named(source, hash));
      if (record instanceof RdbRecord.FunctionLibrary(byte[] text)) {
        functions.put(name, FunctionSource.functionNames(text));
      }
    }
  }

  /// Looks for functions that libraries of several files register, which servers refuse. A library
  /// that does not count is left out whole. (Two of one file have been loaded by the server that
  /// wrote it.)
  private void findFunctionConflicts() {
    List<String> libraries = new ArrayList<>(functions.keySet());
    libraries.sort(Comparator.comparingInt(library -> named(library).source));
    if (onConflict == OnConflict.LAST) {
      Collections.reverse(libraries);
    }
    Map<String, String> owners = new HashMap<>();
    for (String library : libraries) {
      Optional<String> taken =
          functions.getOrDefault(library, Set.of()).stream()
              .filter(function -> isOfOtherFile(owners.get(function), library))
              .findFirst();
      if (taken.isEmpty()) {
        functions
            .getOrDefault(library, Set.of())
            .forEach(function -> owners.put(function, library));
      } else {
        String other = owners.getOrDefault(taken.get(), "");
        addConflict(
            "the function %s of %s and %s".formatted(taken.get(), other, library),
            List.of(named(other).source, named(library).source));
        named.remove(library);
        functions.remove(library);
      }
    }
  }

  private boolean isOfOtherFile(@Nullable String owner, String library) {
    return owner != null && named(owner).source != named(library).source;
  }

  private Named named(String library) {
    return Objects.requireNonNull(named.get(library));
  }

  /// The function libraries that are written, if they come from several files: servers refuse the
  /// file if two of them register a function of one name in a way that is not found here. Else
  /// none.
  public List<Conflict> mixedLibraries() {
    long files =
        functions.keySet().stream().map(library -> named(library).source).distinct().count();
    return files < 2
        ? List.of()
        : functions.keySet().stream()
            .limit(MAX_CONFLICTS)
            .map(library ->
                new Conflict(library, List.of(sources.get(named(library).source).file())))
            .toList();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void addConflict(String name, List<Integer> from) {
    conflictCount++;
    if (conflicts.size() < MAX_CONFLICTS) {
      conflicts.add(new Conflict(name, from.stream().map(i -> sources.get(i).file()).toList()));
    }
  }

  /// The first conflicts.
  public List<Conflict> conflicts() {
    return List.copyOf(conflicts);
  }

  /// How many conflicts there are.
  public long conflictCount() {
    return conflictCount;
  }

  /// How many keys are written.
  public long keys() {
    return keys - droppedKeys;
  }

  /// How many keys are not, as another file's counts.
  public long droppedKeys() {
    return droppedKeys;
  }

  /// Writes the file to `out`, which is flushed and stays open.
  ///
  /// @param begin is told before each source is read
  /// @throws IllegalStateException if there are conflicts, and none are allowed
  public void write(OutputStream out, SourceVisitor begin) throws IOException {
    if (onConflict == OnConflict.ERROR && conflictCount > 0) {
      throw new IllegalStateException("the files conflict");
    }
    RdbSink sink = new RdbSink(out, RdbWriterOptions.of(version));
    for (int i = 0; i < sources.size(); i++) {
      begin.visit(sources.get(i));
      if (conflictCount == 0 && !plans.get(i).isGivenUp()) {
        plans.get(i).write(sources.get(i), sink, _ -> Optional.empty());
      } else {
        sources.get(i).each(new Joining(i, sink, true)::visit);
      }
    }
    sink.write(new RdbRecord.End(0, RdbRecord.Checksum.MATCHES));
  }

  /// Moves what counts of one source.
  private final class Joining {

    private final int index;
    private final RecordSink sink;
    private final boolean areLosersKnown;
    private long number;
    private boolean isLastKept;

    /// @param areLosersKnown whether the keys that count in other files are known, and stay out
    Joining(int index, RecordSink sink, boolean areLosersKnown) {
      this.index = index;
      this.sink = sink;
      this.areLosersKnown = areLosersKnown;
    }

    /// Whether the record counts.
    boolean visit(RecordPass pass) throws IOException {
      boolean counts = counts(pass.cursor());
      if (counts) {
        pass.copyTo(sink);
      }
      return counts;
    }

    private boolean counts(RdbCursor cursor) throws IOException {
      if (cursor.isAtKey()) {
        isLastKept = filter.keeps(cursor) && !(areLosersKnown && losers.get(index).get(number++));
        return isLastKept;
      }
      return switch (Belonging.of(cursor)) {
        case ANY_FILE ->
            cursor.record() instanceof RdbRecord.Aux ? index == 0 : isNamedFrom(cursor.record());
        case LAST_KEY -> isLastKept;
        case ITS_FILE -> false;
      };
    }

    private boolean isNamedFrom(RdbRecord record) throws IOException {
      Optional<String> name = RecordName.of(record);
      if (name.isEmpty()) {
        return true;
      }
      Named counts = named.get(name.get());
      return counts != null && counts.source == index;
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
