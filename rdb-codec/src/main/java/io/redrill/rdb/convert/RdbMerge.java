package io.redrill.rdb.convert;

import io.redrill.rdb.ClosedTogether;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.convert.KeptRecords.Belonging;
import io.redrill.rdb.filter.RdbFilter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  private static final int LAST_COMMON = 11;

  private final List<RdbSource> sources;
  private final RdbFilter filter;
  private final OnConflict onConflict;
  private final int version;
  private final ConflictList conflicts;
  private final SharedNames names;
  private final ClosedTogether files = new ClosedTogether();
  private final List<SpilledBits> losers = new ArrayList<>();
  private final List<CopyPlan> plans = new ArrayList<>();
  private long keys;
  private long droppedKeys;

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
    this.conflicts = new ConflictList(sources.stream().map(RdbSource::file).toList());
    this.names = new SharedNames(onConflict, conflicts);
  }

  /// The version that holds all of `sources` as they are: the newest of them, if they are of one
  /// dialect or Valkey's joins nothing newer than 11; empty if there is none.
  ///
  /// @throws io.redrill.rdb.FormatException if one of them begins as no RDB, or as one that is
  ///   newer than what is written
  public static Optional<Integer> commonVersion(List<RdbSource> sources) throws IOException {
    int newest = RdbWriterOptions.OLDEST_VERSION;
    int newestOfRedis = 0;
    for (RdbSource source : sources) {
      int version = source.writtenVersion();
      newest = Math.max(newest, version);
      if (RdbDialect.ofVersion(version) == RdbDialect.REDIS) {
        newestOfRedis = Math.max(newestOfRedis, version);
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
    try (SharedKeys keys = new SharedKeys(directory, onConflict, merge.losers, merge.conflicts)) {
      for (int i = 0; i < sources.size(); i++) {
        Path bits = directory.resolve("losers-" + i);
        merge.losers.add(merge.files.add(new SpilledBits(bits)));
      }
      for (int i = 0; i < sources.size(); i++) {
        begin.visit(sources.get(i));
        merge.survey(i, keys);
      }
      merge.names.findFunctions();
      keys.find();
      merge.keys = keys.count();
      merge.droppedKeys = keys.loserCount();
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

  private void survey(int source, SharedKeys keys) throws IOException {
    CopyPlan plan = new CopyPlan(CopyPlan.MAX_RANGE_BYTES / sources.size());
    plans.add(plan);
    Joining joining = new Joining(source, plan);
    sources
        .get(source)
        .each(pass -> {
          if (pass.step() != Step.KEY) {
            names.add(source, pass.cursor().record());
          }
          if (joining.visit(pass) && pass.step() == Step.KEY) {
            keys.add(source, joining.keys() - 1, pass.cursor());
          }
          if (pass.step() == Step.END) {
            pass.addTo(plan);
          }
        });
  }

  /// The function libraries that are written, if they come from several files: servers refuse the
  /// file if two of them register a function of one name in a way that is not found here. Else
  /// none.
  public List<Conflict> mixedLibraries() {
    return names.mixedLibraries();
  }

  /// The first conflicts.
  public List<Conflict> conflicts() {
    return conflicts.first();
  }

  /// How many conflicts there are.
  public long conflictCount() {
    return conflicts.count();
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
    if (onConflict == OnConflict.ERROR && conflicts.count() > 0) {
      throw new IllegalStateException("the files conflict");
    }
    RdbSink sink = new RdbSink(out, RdbWriterOptions.of(version));
    for (int i = 0; i < sources.size(); i++) {
      begin.visit(sources.get(i));
      if (conflicts.count() == 0 && !plans.get(i).isGivenUp()) {
        plans.get(i).write(sources.get(i), sink, _ -> Optional.empty());
      } else {
        sources.get(i).each(new Joining(i, sink)::visit);
      }
    }
    sink.write(new RdbRecord.End(0, RdbRecord.Checksum.MATCHES));
  }

  /// Moves what counts of one source.
  private final class Joining {

    private final int source;
    private final RecordSink sink;
    private long keys;
    private boolean isLastKept;

    Joining(int source, RecordSink sink) {
      this.source = source;
      this.sink = sink;
    }

    /// How many keys there were that the filter keeps.
    long keys() {
      return keys;
    }

    /// Whether the record counts, as far as is known.
    boolean visit(RecordPass pass) throws IOException {
      boolean counts = counts(pass.cursor());
      if (counts) {
        pass.copyTo(sink);
      }
      return counts;
    }

    private boolean counts(RdbCursor cursor) throws IOException {
      if (cursor.isAtKey()) {
        isLastKept = filter.keeps(cursor) && !losers.get(source).get(keys++);
        return isLastKept;
      }
      RdbRecord record = cursor.record();
      return switch (Belonging.of(cursor)) {
        case ANY_FILE ->
            record instanceof RdbRecord.Aux ? source == 0 : names.counts(source, record);
        case LAST_KEY -> isLastKept;
        case ITS_FILE -> false;
      };
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
