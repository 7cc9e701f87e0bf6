package io.redrill.aof;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.stats.HeavySums;
import io.redrill.rdb.stats.PrefixTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Adds up what the commands of an append-only file are, and what they write to: one pass, in
/// bounded memory.
///
/// The weight of a key or prefix is the number of commands that may have changed it
/// ([WrittenKeys]). Its bytes are those of their arguments; where a command has several keys, each
/// has those that follow it, up to the next key.
public final class AofStats implements AofVisitor {

  /// Sums for commands, keys and prefixes: how many commands, and their bytes.
  static final int COMMANDS = 0;

  static final int BYTES = 1;

  private static final int NAMES = 1000;
  private static final int NAME_BYTES = 64;
  private static final int KEYS = 20_000;
  private static final int KEY_BYTES = 256;
  private static final int PREFIXES = 10_000;
  private static final int DATABASES = 1024;

  private final HeavySums names = new HeavySums(NAMES, NAME_BYTES, 2, COMMANDS);
  private final HeavySums keys = new HeavySums(KEYS, KEY_BYTES, 2, COMMANDS);
  private final PrefixTable prefixes;
  private final TreeMap<Integer, long[]> databases = new TreeMap<>();
  private final LogRate rate = new LogRate();
  private final WrittenKeys written = new WrittenKeys();
  private final KeyShares shares = new KeyShares();
  private final long[] total = new long[2];
  private long rdbKeys;
  private long transactions;
  private long unfinishedBytes;

  /// Begins with nothing.
  ///
  /// @param separator what ends a part of a key
  /// @param prefixDepth how many parts make its prefix, from 1 on
  public AofStats(String separator, int prefixDepth) {
    this.prefixes =
        new PrefixTable(
            separator.getBytes(StandardCharsets.UTF_8), prefixDepth, PREFIXES, 2, COMMANDS);
  }

  @Override
  public void rdb(Path file, ByteInput in) throws IOException {
    RdbCursor rdb = new RdbCursor(in);
    for (RdbCursor.Step step = rdb.next(); step != RdbCursor.Step.END; step = rdb.next()) {
      if (step == RdbCursor.Step.KEY) {
        rdbKeys++;
      }
    }
  }

  @Override
  public void record(Path file, AofCursor.Step step, AofCursor log) throws IOException {
    if (step != AofCursor.Step.COMMAND) {
      return;
    }
    shares.begin(log);
    if (log.visit(shares)) {
      shares.end();
      add(log);
    }
  }

  @Override
  public void end(Path file, AofRecord.End end) {
    unfinishedBytes += end.lostBytes();
  }

  private void add(AofCursor log) {
    long bytes = log.length();
    add(total, bytes);
    byte[] name = capitals(log.name());
    add(names.sums(name, 0, name.length), bytes);
    transactions += log.is("EXEC") ? 1 : 0;
    if (databases.size() < DATABASES || databases.containsKey(log.db())) {
      add(databases.computeIfAbsent(log.db(), db -> new long[2]), bytes);
    }
    log.time().ifPresent(mark -> rate.add(mark.unixMillis(), bytes));
  }

  private static void add(long[] sums, long bytes) {
    sums[COMMANDS]++;
    sums[BYTES] += bytes;
  }

  private static byte[] capitals(ByteSlice name) {
    return new String(name.array(), name.offset(), name.length(), StandardCharsets.ISO_8859_1)
        .toUpperCase(Locale.ROOT)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Shares out the bytes of a command among its keys, while they pass.
  private final class KeyShares implements ArgumentVisitor {

    private final byte[] key = new byte[KEY_BYTES];
    private final ByteSlice slice = new ByteSlice();
    private int keyLength;
    private boolean hasKey;
    private long bytes;

    void begin(AofCursor log) {
      written.begin(log.name(), log.argumentCount());
      hasKey = false;
      bytes = 0;
    }

    @Override
    public void argument(int index, ByteSlice start, long lengthBytes) {
      if (written.isKey(index, start)) {
        if (hasKey) {
          end();
          bytes = 0;
        }
        hasKey = true;
        keyLength = Math.min(start.length(), KEY_BYTES);
        System.arraycopy(start.array(), start.offset(), key, 0, keyLength);
      }
      bytes += lengthBytes;
    }

    /// Adds the key that was there last, with its bytes.
    void end() {
      if (hasKey) {
        add(keys.sums(key, 0, keyLength), bytes);
        slice.set(key, 0, keyLength);
        add(prefixes.sums(slice), bytes);
      }
    }
  }

  /// Commands by name; column 0 is how many, column 1 their bytes in the log.
  public HeavySums commands() {
    return names;
  }

  /// Keys that were written to, by their first 256 bytes; columns as in [#commands].
  public HeavySums keys() {
    return keys;
  }

  /// Prefixes of keys that were written to; columns as in [#commands].
  public PrefixTable prefixes() {
    return prefixes;
  }

  /// How many commands act on each database.
  public Map<Integer, Sums> databases() {
    Map<Integer, Sums> sorted = new TreeMap<>();
    databases.forEach((db, sums) -> sorted.put(db, new Sums(sums[COMMANDS], sums[BYTES])));
    return sorted;
  }

  /// Commands and bytes over time; empty where the log has no time marks.
  public List<Interval> intervals() {
    return rate.intervals();
  }

  /// All commands.
  public Sums total() {
    return new Sums(total[COMMANDS], total[BYTES]);
  }

  /// How many transactions there are, among them what scripts did.
  public long transactions() {
    return transactions;
  }

  /// How many keys the RDB in front has.
  public long rdbKeys() {
    return rdbKeys;
  }

  /// How many bytes stand behind the last whole record.
  public long unfinishedBytes() {
    return unfinishedBytes;
  }

  /// A number of commands, and their bytes in the log.
  public record Sums(long commands, long bytes) {}

  /// What was written in some seconds.
  public record Interval(Instant from, long seconds, Sums sums) {}
}
