package io.redrill.rdb.stats;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.TrailingBytes;
import io.redrill.rdb.stats.Tally.Growing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads an RDB once and says what it consists of.
///
/// Nothing is unpacked or decoded but what [KeyMeasure] needs, so this is no check: packed values
/// may be damaged inside without a word. Memory: one value as far as [RdbCursor] holds it, and
/// bounded tables whatever the file holds. For use once, by one thread.
public final class RdbStats {

  /// More databases than this are not told apart.
  public static final int MAX_DATABASES = 1024;

  static final int OTHER_DATABASES = -1;

  private static final int MAX_AUX = 64;
  private static final int MAX_AUX_BYTES = 256;

  private final RdbCursor cursor;
  private final StatsOptions options;
  private final KeyMeasure measure;
  private final PrefixTable prefixes;
  private final TopKeys byStored;
  private final TopKeys byElements;
  private final TopKeys byMemory;
  private final Growing total = new Growing();
  private final Map<RdbKind, Growing> kinds = growing(RdbKind.class);
  private final Map<RdbType, Growing> types = growing(RdbType.class);
  private final Map<ExpiryBand, Growing> expiries = growing(ExpiryBand.class);
  private final Map<Integer, Database> databases = new HashMap<>();
  private final Map<String, String> aux = new TreeMap<>();
  private Database latest = new Database();
  private int latestDb = -1;
  private Optional<RdbHeader> header = Optional.empty();
  private Optional<RdbRecord.End> end = Optional.empty();
  private Optional<FormatException> damage = Optional.empty();
  private long damagedValues;
  private long functions;
  private long filteredOut;

  private static final class Database {
    private final Growing all = new Growing();
    private long expiring;
  }

  private RdbStats(ByteInput in, StatsOptions options) {
    this.cursor = new RdbCursor(in);
    this.options = options;
    this.measure = new KeyMeasure(options.jemalloc());
    this.prefixes =
        new PrefixTable(
            options.separator().getBytes(StandardCharsets.UTF_8),
            options.prefixDepth(),
            StatsOptions.MAX_PREFIXES,
            4,
            3);
    this.byStored = new TopKeys(options.top());
    this.byElements = new TopKeys(options.top());
    this.byMemory = new TopKeys(options.top());
  }

  private static <E extends Enum<E>> Map<E, Growing> growing(Class<E> names) {
    Map<E, Growing> all = new EnumMap<>(names);
    for (E name : names.getEnumConstants()) {
      all.put(name, new Growing());
    }
    return all;
  }

  /// Reads the RDB that begins with the next byte of `in` and should be all that is left of it;
  /// what follows is left unread, or is damage, as [TrailingBytes] says. Blocks until the end is
  /// reached or cannot be.
  ///
  /// @throws IOException if reading fails; what is wrong with the bytes is in the report instead
  public static RdbStatsReport read(ByteInput in, StatsOptions options) throws IOException {
    RdbStats stats = new RdbStats(in, options);
    try {
      stats.run(in);
    } catch (FormatException e) {
      stats.damage = Optional.of(e);
    }
    return stats.report(in.offset());
  }

  private void run(ByteInput in) throws IOException {
    header = Optional.of(cursor.header());
    while (end.isEmpty()) {
      switch (cursor.next()) {
        case KEY -> key();
        case RECORD, END -> record(cursor.record());
      }
    }
    TrailingBytes.follow(in, end.get()); // which the caller may look for, unless they are damage
  }

  private void record(RdbRecord record) {
    switch (record) {
      case RdbRecord.Aux(byte[] name, byte[] value) -> {
        if (aux.size() < MAX_AUX && name.length <= MAX_AUX_BYTES && value.length <= MAX_AUX_BYTES) {
          aux.put(
              new String(name, StandardCharsets.UTF_8), new String(value, StandardCharsets.UTF_8));
        }
      }
      case RdbRecord.FunctionLibrary _ -> functions++;
      case RdbRecord.End last -> end = Optional.of(last);
      case RdbRecord.SelectDb _,
          RdbRecord.ResizeDb _,
          RdbRecord.HashTemplate _,
          RdbRecord.Verbatim _,
          RdbRecord.Entry _ -> {
        // nothing to count
      }
    }
  }

  private void key() throws IOException {
    if (!options.filter().keeps(cursor)) {
      filteredOut++;
      return;
    }
    try {
      measure.measure(cursor);
    } catch (FormatException e) {
      if (!cursor.isValueDelimited()) {
        throw e;
      }
      damagedValues++;
      return;
    }
    long number = total.keys();
    total.add(measure);
    sum(kinds, measure.kind());
    sum(types, cursor.type());
    sum(expiries, ExpiryBand.of(cursor.expireAtMillis(), options.nowMillis()));
    Database database = database(cursor.db());
    database.all.add(measure);
    database.expiring += cursor.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY ? 0 : 1;
    byStored.offer(measure.storedBytes(), number, cursor, measure);
    byElements.offer(measure.elements(), number, cursor, measure);
    byMemory.offer(measure.memoryBytes(), number, cursor, measure);
    long[] sums = prefixes.sums(cursor.key());
    sums[0]++;
    sums[1] += measure.storedBytes();
    sums[2] += measure.elements();
    sums[3] += measure.memoryBytes();
  }

  private <E extends Enum<E>> void sum(Map<E, Growing> sums, E name) {
    Growing sum = sums.get(name);
    if (sum != null) {
      sum.add(measure);
    }
  }

  private Database database(int db) {
    if (db != latestDb) {
      latestDb = db;
      int number =
          databases.size() < MAX_DATABASES || databases.containsKey(db) ? db : OTHER_DATABASES;
      latest = databases.computeIfAbsent(number, absent -> new Database());
    }
    return latest;
  }

  private RdbStatsReport report(long bytesRead) {
    TreeMap<Integer, Tally> byDatabase = new TreeMap<>();
    long tableBytes = 0;
    for (Map.Entry<Integer, Database> each : databases.entrySet()) {
      Database database = each.getValue();
      byDatabase.put(each.getKey(), database.all.tally());
      tableBytes += 8 * MemoryModel.slots(database.all.keys());
      if (database.expiring > 0) {
        tableBytes +=
            8 * MemoryModel.slots(database.expiring)
                + database.expiring * options.jemalloc().usable(MemoryModel.TABLE_ENTRY);
      }
    }
    return new RdbStatsReport(
        header,
        end,
        bytesRead,
        Collections.unmodifiableMap(aux),
        functions,
        filteredOut,
        total.tally(),
        Collections.unmodifiableSortedMap(byDatabase),
        byName(RdbKind.class, kinds),
        byName(RdbType.class, types),
        byName(ExpiryBand.class, expiries),
        tableBytes,
        byStored.heaviestFirst(),
        byElements.heaviestFirst(),
        byMemory.heaviestFirst(),
        prefixes,
        damage,
        damagedValues);
  }

  private static <E extends Enum<E>> Map<E, Tally> byName(Class<E> names, Map<E, Growing> sums) {
    Map<E, Tally> tallies = new EnumMap<>(names);
    sums.forEach((name, sum) -> {
      if (sum.keys() > 0) {
        tallies.put(name, sum.tally());
      }
    });
    return Collections.unmodifiableMap(tallies);
  }
}
