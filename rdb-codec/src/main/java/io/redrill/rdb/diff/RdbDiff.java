package io.redrill.rdb.diff;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.TrailingBytes;
import io.redrill.rdb.diff.Difference.Change;
import io.redrill.rdb.diff.Difference.State;
import io.redrill.rdb.digest.KeyDigest;
import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.spill.KeyIdentity;
import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.stats.PrefixTable;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/// Compares the data of two RDB files, key by key, whatever their encodings, versions and order.
///
/// Each file is read once. Of each key a record of bounded length is kept: its identity, its kind
/// and expiry, and the digest of its value. Records of the same key meet in one batch of a
/// [RecordSpill] and are compared there, so that memory is bounded whatever the files hold. Two
/// values count as equal when their digests of 128 bits are. Collections without elements are no
/// keys, as for servers.
///
/// A record:
///
/// | bytes | what |
/// |---|---|
/// | 1 | 0: of the first file; 1: of the second |
/// | 1 | kind |
/// | 8 | expiry |
/// | 8 | number of elements |
/// | 16 | digest of the value |
/// | ... | [KeyIdentity] |
///
/// For use once, by one thread: [#before], [#after], [#report], [#close].
@SuppressWarnings("EnumOrdinal") // these numbers do not outlive the process
public final class RdbDiff implements Closeable {

  private static final int KIND_AT = 1;
  private static final int EXPIRY_AT = 2;
  private static final int ELEMENTS_AT = 10;
  private static final int DIGEST_AT = 18;
  private static final int IDENTITY_AT = 34;
  private static final byte BEFORE = 0;
  private static final byte AFTER = 1;
  private static final int MAX_PREFIXES = 4096;
  private static final RdbKind[] KINDS = RdbKind.values();

  private final DiffOptions options;
  private final RecordSpill spill;
  private final KeyIdentity identity = new KeyIdentity(IDENTITY_AT);
  private final KeyDigest digest = new KeyDigest();
  private final FunctionLibraries functionsBefore = new FunctionLibraries();
  private final FunctionLibraries functionsAfter = new FunctionLibraries();
  private final Map<Change, Long> counts = new EnumMap<>(Change.class);
  private final PriorityQueue<Difference> first = new PriorityQueue<>(Difference.ORDER.reversed());
  private final PrefixTable prefixes;
  private final ByteSlice keySlice = new ByteSlice();
  private long keysBefore;
  private long keysAfter;
  private long equalKeys;

  /// Begins with nothing read.
  public RdbDiff(DiffOptions options) {
    this.options = options;
    this.spill = new RecordSpill(options.limits());
    int columns = Change.values().length + 1;
    this.prefixes =
        new PrefixTable(
            options.separator().getBytes(java.nio.charset.StandardCharsets.UTF_8),
            options.prefixDepth(),
            MAX_PREFIXES,
            columns,
            columns - 1);
  }

  /// Reads the first file. What follows after its RDB is left unread, or is damage, as
  /// [TrailingBytes] says.
  ///
  /// @throws io.redrill.rdb.FormatException if it is damaged
  public void before(ByteInput in) throws IOException {
    keysBefore = read(in, BEFORE, functionsBefore);
  }

  /// Reads the second file, as [#before].
  public void after(ByteInput in) throws IOException {
    keysAfter = read(in, AFTER, functionsAfter);
  }

  private long read(ByteInput in, byte side, FunctionLibraries functions) throws IOException {
    RdbCursor cursor = new RdbCursor(in);
    long keys = 0;
    while (true) {
      switch (cursor.next()) {
        case KEY -> keys += add(cursor, side) ? 1 : 0;
        case RECORD -> {
          if (cursor.record() instanceof RdbRecord.FunctionLibrary(byte[] source)) {
            functions.add(source);
          }
        }
        case END -> {
          if (cursor.record() instanceof RdbRecord.End end) {
            TrailingBytes.follow(in, end);
          }
          return keys;
        }
      }
    }
  }

  private boolean add(RdbCursor cursor, byte side) throws IOException {
    ByteSlice key = cursor.key();
    if (!options.filter().keeps(cursor)) {
      return false;
    }
    // The expiry is kept beside the digest, which therefore shall not know of it.
    digest.begin(key, RdbRecord.Entry.NO_EXPIRY, cursor.type().kind());
    cursor.walk(digest);
    digest.end();
    if (!digest.isKey()) {
      return false;
    }
    long hash = identity.set(cursor.db(), key);
    byte[] record = identity.array();
    record[0] = side;
    record[KIND_AT] = (byte) digest.kind().ordinal();
    LittleEndian.putLong(record, EXPIRY_AT, cursor.expireAtMillis());
    LittleEndian.putLong(record, ELEMENTS_AT, digest.count());
    LittleEndian.putLong(record, DIGEST_AT, digest.high());
    LittleEndian.putLong(record, DIGEST_AT + 8, digest.low());
    spill.add(hash, record, 0, identity.length());
    return true;
  }

  /// Compares what was read.
  ///
  /// @throws CorruptInputException if a key stands in a file twice
  public RdbDiffReport report() throws IOException {
    spill.each(this::compare);
    List<Difference> differences = new ArrayList<>(first);
    differences.sort(Difference.ORDER);
    return new RdbDiffReport(
        keysBefore,
        keysAfter,
        equalKeys,
        Collections.unmodifiableMap(counts),
        Collections.unmodifiableList(differences),
        prefixes,
        functionsBefore.compare(functionsAfter));
  }

  /// Removes the temporary files.
  @Override
  public void close() throws IOException {
    spill.close();
  }

  private void compare(RecordBatch batch) throws IOException {
    for (int start = 0; start < batch.size(); ) {
      int end = batch.endOfHash(start);
      if (end - start == 2 && batch.isSameFrom(IDENTITY_AT, start, start + 1)) {
        pair(batch, start, start + 1);
      } else {
        collided(batch, start, end);
      }
      start = end;
    }
  }

  /// Records of one hash that are not simply a pair: mostly one alone, hardly ever several keys.
  private void collided(RecordBatch batch, int start, int end) throws IOException {
    boolean[] isPaired = new boolean[end - start];
    for (int i = start; i < end; i++) {
      for (int j = i + 1; j < end && !isPaired[i - start]; j++) {
        if (!isPaired[j - start] && batch.isSameFrom(IDENTITY_AT, i, j)) {
          isPaired[i - start] = true;
          isPaired[j - start] = true;
          pair(batch, i, j);
        }
      }
      if (!isPaired[i - start]) {
        State state = state(batch, i);
        if (side(batch, i) == BEFORE) {
          differ(batch, i, Change.REMOVED, Optional.of(state), Optional.empty());
        } else {
          differ(batch, i, Change.ADDED, Optional.empty(), Optional.of(state));
        }
      }
    }
  }

  /// Records of one hash come in the order of the files.
  private void pair(RecordBatch batch, int before, int after) throws IOException {
    if (side(batch, before) == side(batch, after)) {
      int at = batch.from(before) + IDENTITY_AT;
      throw new CorruptInputException(
          "a key stands twice in database %d of the %s file"
              .formatted(
                  KeyIdentity.db(batch.array(), at),
                  side(batch, before) == BEFORE ? "first" : "second"),
          "comparison",
          0,
          KeyText.of(KeyIdentity.key(batch.array(), at)));
    }
    State old = state(batch, before);
    State now = state(batch, after);
    if (old.kind() != now.kind()) {
      differ(batch, before, Change.KIND, Optional.of(old), Optional.of(now));
    } else if (!isSameDigest(batch, before, after)) {
      differ(batch, before, Change.VALUE, Optional.of(old), Optional.of(now));
    } else if (!options.ignoreExpiry() && old.expireAtMillis() != now.expireAtMillis()) {
      differ(batch, before, Change.EXPIRY, Optional.of(old), Optional.of(now));
    } else {
      equalKeys++;
    }
  }

  private void differ(
      RecordBatch batch, int index, Change change, Optional<State> before, Optional<State> after) {
    counts.merge(change, 1L, Long::sum);
    int at = batch.from(index) + IDENTITY_AT;
    byte[] key = KeyIdentity.key(batch.array(), at);
    keySlice.set(key, 0, key.length);
    long[] sums = prefixes.sums(keySlice);
    sums[change.ordinal()]++;
    sums[sums.length - 1]++;
    if (options.limit() > 0) {
      first.add(
          new Difference(
              KeyIdentity.db(batch.array(), at),
              key,
              KeyIdentity.keyLength(batch.array(), at),
              KeyIdentity.keyHash(batch.array(), at),
              change,
              before,
              after));
      if (first.size() > options.limit()) {
        first.poll();
      }
    }
  }

  private static byte side(RecordBatch batch, int index) {
    return batch.array()[batch.from(index)];
  }

  private static State state(RecordBatch batch, int index) {
    byte[] bytes = batch.array();
    int from = batch.from(index);
    return new State(
        KINDS[bytes[from + KIND_AT]],
        LittleEndian.getLong(bytes, from + EXPIRY_AT),
        LittleEndian.getLong(bytes, from + ELEMENTS_AT));
  }

  private static boolean isSameDigest(RecordBatch batch, int one, int other) {
    byte[] bytes = batch.array();
    int a = batch.from(one) + DIGEST_AT;
    int b = batch.from(other) + DIGEST_AT;
    return LittleEndian.getLong(bytes, a) == LittleEndian.getLong(bytes, b)
        && LittleEndian.getLong(bytes, a + 8) == LittleEndian.getLong(bytes, b + 8);
  }
}
