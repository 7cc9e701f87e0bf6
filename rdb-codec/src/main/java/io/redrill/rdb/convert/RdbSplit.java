package io.redrill.rdb.convert;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.convert.KeptRecords.Belonging;
import io.redrill.rdb.convert.LossCount.Example;
import io.redrill.rdb.filter.KeySlot;
import io.redrill.rdb.filter.RdbFilter;
import io.redrill.rdb.filter.SlotSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Deals the keys of a file to one file per shard, by their slots; with one shard of all slots it
/// writes the keys that a filter keeps.
///
/// Two passes: [#plan] counts, and finds damage and keys of no shard, before anything is written;
/// [#write] copies every key byte for byte. Function libraries, aux fields and whatever else
/// belongs to no key go to every shard; what belongs to one key goes with it. A part of a data set
/// is nothing that a replica could go on from, so the aux fields of replication go nowhere, and
/// neither do hints of sizes: those of the databases are written anew.
///
/// Of one shard the first pass makes a [CopyPlan], which the second carries out without looking at
/// the records again. Of several, or where there is no room for a plan, it reads record by record,
/// and checks the file's own checksum again.
///
/// Memory: some megabytes for a plan, one buffer per shard, and counts. Not safe for use by several
/// threads.
public final class RdbSplit {

  private static final int NONE = -1;

  /// Of more databases than this the sizes are not written: they are hints only.
  private static final int MAX_SIZED_DATABASES = 1024;

  private final RdbSource source;
  private final RdbFilter filter;
  private final List<SlotSet> shards;
  private final boolean isOneOfAll;
  private final List<Map<Integer, long[]>> sizes = new ArrayList<>();
  private final long[] keys;
  private final int version;
  private final CopyPlan plan = new CopyPlan();
  private long outside;
  private Optional<Example> firstOutside = Optional.empty();
  private long filteredOut;

  private RdbSplit(RdbSource source, RdbFilter filter, List<SlotSet> shards) throws IOException {
    this.source = source;
    this.filter = filter;
    this.shards = List.copyOf(shards);
    this.isOneOfAll = shards.size() == 1 && shards.getFirst().isAll();
    this.keys = new long[shards.size()];
    this.version = source.writtenVersion();
    shards.forEach(_ -> sizes.add(new TreeMap<>()));
  }

  /// Reads `source`, which the caller closes, and counts what goes where.
  ///
  /// @param shards at least one, without a slot in common
  /// @throws io.redrill.rdb.FormatException if the file is damaged, or newer than what is written
  public static RdbSplit plan(RdbSource source, RdbFilter filter, List<SlotSet> shards)
      throws IOException {
    RdbSplit split = new RdbSplit(source, filter, shards);
    split.survey();
    return split;
  }

  private void survey() throws IOException {
    RecordSink[] planned = shards.size() == 1 ? plan.alone() : PassingBytes.NOWHERE;
    Dealing dealing = new Dealing(planned, List.of(new TreeMap<>()));
    source.each(pass -> {
      int shard = pass.step() == Step.KEY ? count(pass.cursor()) : NONE;
      if (pass.step() == Step.RECORD) {
        Belonging.of(pass.cursor()); // where that cannot be told, nothing may be written
      }
      if (planned.length > 0 && !plan.isGivenUp()) {
        dealing.deal(pass, shard);
      }
    });
  }

  /// Counts the key, and tells its shard.
  private int count(RdbCursor cursor) {
    if (!filter.keeps(cursor)) {
      filteredOut++;
      return NONE;
    }
    int shard = shardOf(cursor.key());
    if (shard < 0) {
      outside++;
      if (firstOutside.isEmpty()) {
        firstOutside =
            Optional.of(new Example(cursor.db(), KeyText.of(cursor.key().toByteArray())));
      }
      return NONE;
    }
    keys[shard]++;
    Map<Integer, long[]> databases = sizes.get(shard);
    if (databases.size() < MAX_SIZED_DATABASES || databases.containsKey(cursor.db())) {
      long[] size = databases.computeIfAbsent(cursor.db(), _ -> new long[2]);
      size[0]++;
      size[1] += cursor.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY ? 0 : 1;
    }
    return shard;
  }

  private int shardOf(ByteSlice key) {
    if (isOneOfAll) {
      return 0;
    }
    int slot = KeySlot.of(key);
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).contains(slot)) {
        return i;
      }
    }
    return NONE;
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
    return version;
  }

  /// Writes shard by shard to the stream at its place in `outs`, which are flushed and stay open.
  ///
  /// @throws IllegalArgumentException if there are not as many streams as shards, or keys that
  ///   belong to none
  public void write(List<OutputStream> outs) throws IOException {
    if (outs.size() != shards.size() || outside > 0) {
      throw new IllegalArgumentException("not every key has a place");
    }
    RdbSink[] sinks = new RdbSink[outs.size()];
    for (int i = 0; i < sinks.length; i++) {
      sinks[i] = new RdbSink(outs.get(i), RdbWriterOptions.of(version));
    }
    if (sinks.length == 1 && !plan.isGivenUp()) {
      Map<Integer, long[]> unwritten = new HashMap<>(sizes.getFirst());
      plan.write(source, sinks[0], db -> resize(unwritten.remove(db)));
      sinks[0].write(new RdbRecord.End(0, RdbRecord.Checksum.MATCHES));
      return;
    }
    Dealing dealing = new Dealing(sinks, sizes);
    source.each(pass -> {
      RdbCursor cursor = pass.cursor();
      boolean isKept = pass.step() == Step.KEY && filter.keeps(cursor);
      dealing.deal(pass, isKept ? shardOf(cursor.key()) : NONE);
    });
  }

  private static Optional<RdbRecord.ResizeDb> resize(long @Nullable [] size) {
    return Optional.ofNullable(size).map(known -> new RdbRecord.ResizeDb(known[0], known[1]));
  }

  /// Deals the records of one pass.
  private static final class Dealing {

    private final RecordSink[] sinks;
    private final List<Map<Integer, long[]>> unwritten = new ArrayList<>();
    private Optional<RecordSink> lastKept = Optional.empty();

    Dealing(RecordSink[] sinks, List<Map<Integer, long[]>> sizes) {
      this.sinks = sinks;
      sizes.forEach(each -> unwritten.add(new HashMap<>(each)));
    }

    /// Deals the record at hand.
    ///
    /// @param shard that of a key, or [#NONE] if it is not kept
    void deal(RecordPass pass, int shard) throws IOException {
      if (pass.step() == Step.KEY) {
        lastKept = shard == NONE ? Optional.empty() : Optional.of(sinks[shard]);
        if (shard != NONE) {
          key(pass, shard);
        }
        return;
      }
      switch (Belonging.of(pass.cursor())) {
        case ANY_FILE -> pass.copyOtherTo(sinks);
        case LAST_KEY -> {
          if (lastKept.isPresent()) {
            pass.copyTo(lastKept.get());
          }
        }
        case ITS_FILE -> {
          if (pass.step() == Step.END) {
            pass.copyOtherTo(sinks);
          }
        }
      }
    }

    private void key(RecordPass pass, int shard) throws IOException {
      RecordSink sink = sinks[shard];
      int db = pass.cursor().db();
      if (sink.db() != db) {
        pass.insert(sink, new RdbRecord.SelectDb(db));
        Optional<RdbRecord.ResizeDb> size = resize(unwritten.get(shard).remove(db));
        if (size.isPresent()) {
          pass.insert(sink, size.get());
        }
      }
      pass.copyTo(sink);
    }
  }
}
