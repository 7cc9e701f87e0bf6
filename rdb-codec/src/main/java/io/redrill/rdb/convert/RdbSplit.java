package io.redrill.rdb.convert;

import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.TooNewException;
import io.redrill.rdb.convert.LossCount.Example;
import io.redrill.rdb.convert.RdbSource.StoredRecord;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Deals the keys of a file to one file per shard, by their slots; with one shard of all slots it
/// writes the keys that a filter keeps.
///
/// Two passes: [#plan] counts, and finds damage and keys of no shard, before anything is written;
/// [#write] copies every key byte for byte. Function libraries, aux fields and whatever else
/// belongs to no key go to every shard; what belongs to one key goes with it. A part of a data set
/// is nothing that a replica could go on from, so the aux fields of replication go nowhere, and
/// neither do hints of sizes: those of the databases are written anew.
///
/// Memory: one value, one buffer per shard, and counts. Not safe for use by several threads.
public final class RdbSplit {

  private static final int OLDEST_WRITTEN = 9;
  private static final int NO_DB = -1;

  /// Of more databases than this the sizes are not written: they are hints only.
  private static final int MAX_SIZED_DATABASES = 1024;

  private final RdbSource source;
  private final RdbFilter filter;
  private final List<SlotSet> shards;
  private final List<Map<Integer, long[]>> sizes = new ArrayList<>();
  private final long[] keys;
  private final RdbHeader header;
  private long outside;
  private Optional<Example> firstOutside = Optional.empty();
  private long filteredOut;

  private RdbSplit(RdbSource source, RdbFilter filter, List<SlotSet> shards) throws IOException {
    this.source = source;
    this.filter = filter;
    this.shards = List.copyOf(shards);
    this.keys = new long[shards.size()];
    this.header = source.header();
    shards.forEach(_ -> sizes.add(new TreeMap<>()));
  }

  /// Reads `source`, which the caller closes, and counts what goes where.
  ///
  /// @param shards at least one, without a slot in common
  /// @throws io.redrill.rdb.FormatException if the file is damaged, or newer than what is written
  public static RdbSplit plan(RdbSource source, RdbFilter filter, List<SlotSet> shards)
      throws IOException {
    RdbSplit split = new RdbSplit(source, filter, shards);
    if (!RdbWriterOptions.writes(split.version())) {
      throw new TooNewException(
          "files of RDB version " + split.version() + " are not written",
          source.file().toString(),
          0);
    }
    source.each(stored -> {
      if (stored.record() instanceof RdbRecord.Entry entry) {
        split.count(entry);
      }
    });
    return split;
  }

  private void count(RdbRecord.Entry entry) {
    if (!filter.keeps(entry)) {
      filteredOut++;
      return;
    }
    int shard = shardOf(entry);
    if (shard < 0) {
      outside++;
      if (firstOutside.isEmpty()) {
        firstOutside = Optional.of(new Example(entry.db(), KeyText.of(entry.key())));
      }
      return;
    }
    keys[shard]++;
    Map<Integer, long[]> databases = sizes.get(shard);
    if (databases.size() < MAX_SIZED_DATABASES || databases.containsKey(entry.db())) {
      long[] size = databases.computeIfAbsent(entry.db(), _ -> new long[2]);
      size[0]++;
      size[1] += entry.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY ? 0 : 1;
    }
  }

  private int shardOf(RdbRecord.Entry entry) {
    if (shards.size() == 1 && shards.getFirst().isAll()) {
      return 0;
    }
    int slot = KeySlot.of(entry.key());
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).contains(slot)) {
        return i;
      }
    }
    return -1;
  }

  /// How many keys go to shard `shard`, from 0.
  public long keys(int shard) {
    return keys[shard];
  }

  /// How many keys the filter does not keep.
  public long filteredOut() {
    return filteredOut;
  }

  /// How many keys belong to no shard.
  public long outside() {
    return outside;
  }

  /// The first key that belongs to no shard.
  public Optional<Example> firstOutside() {
    return firstOutside;
  }

  /// The version that is written: the source's own, or 9 for older ones.
  public int version() {
    return Math.max(OLDEST_WRITTEN, header.version());
  }

  /// Writes shard by shard to the stream at its place in `outs`, which are flushed and stay open.
  ///
  /// @throws IllegalArgumentException if there are not as many streams as shards, or keys that
  ///   belong to none
  public void write(List<OutputStream> outs) throws IOException {
    if (outs.size() != shards.size() || outside > 0) {
      throw new IllegalArgumentException("not every key has a place");
    }
    List<RecordSink> sinks = new ArrayList<>();
    for (OutputStream out : outs) {
      sinks.add(new RecordSink(out, RdbWriterOptions.of(version()), source));
    }
    new Pass(sinks).run();
  }

  private final class Pass {

    private final List<RecordSink> sinks;
    private final int[] selected;
    private Optional<RecordSink> lastKept = Optional.empty();

    Pass(List<RecordSink> sinks) {
      this.sinks = sinks;
      this.selected = new int[sinks.size()];
      Arrays.fill(selected, NO_DB);
    }

    void run() throws IOException {
      source.each(this::visit);
    }

    private void visit(StoredRecord stored) throws IOException {
      switch (stored.record()) {
        case RdbRecord.Entry entry -> {
          lastKept = Optional.empty();
          if (filter.keeps(entry)) {
            int shard = shardOf(entry);
            select(shard, entry.db());
            sinks.get(shard).copy(source, stored);
            lastKept = Optional.of(sinks.get(shard));
          }
        }
        case RdbRecord.Aux(byte[] name, byte[] _) when KeptRecords.isAboutAMember(name) -> {
          if (lastKept.isPresent()) {
            lastKept.get().copy(source, stored);
          }
        }
        case RdbRecord.Aux(byte[] name, byte[] _) -> {
          if (KeptRecords.belongsToAll(name)) {
            toAll(stored);
          }
        }
        case RdbRecord.Verbatim verbatim -> {
          if (!KeptRecords.isSizeHint(verbatim)) {
            toAll(stored);
          }
        }
        case RdbRecord.SelectDb _, RdbRecord.ResizeDb _, RdbRecord.HashTemplate _ -> {
          // written where keys follow
        }
        case RdbRecord.FunctionLibrary _, RdbRecord.End _ -> toAll(stored);
      }
    }

    private void select(int shard, int db) throws IOException {
      if (selected[shard] == db) {
        return;
      }
      selected[shard] = db;
      RecordSink sink = sinks.get(shard);
      sink.write(new RdbRecord.SelectDb(db));
      long[] size = sizes.get(shard).remove(db);
      if (size != null) {
        sink.write(new RdbRecord.ResizeDb(size[0], size[1]));
      }
    }

    private void toAll(StoredRecord stored) throws IOException {
      for (RecordSink sink : sinks) {
        sink.copy(source, stored);
      }
    }
  }
}
