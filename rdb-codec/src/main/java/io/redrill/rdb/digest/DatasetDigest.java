package io.redrill.rdb.digest;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.TooLargeException;
import io.redrill.rdb.ValueWalker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// The fingerprint of a data set: per database and kind, how many keys there are and the sum of
/// their hashes modulo 2^128. The normative definition is `docs/formats/digest.md`.
///
/// A sum has no order, so keys may come in any, and digests of parts can be added. What a value is
/// stored as, when it was last used, and what only some server versions remember of a stream do not
/// matter. A collection without elements is no key, as servers drop it when they load it.
///
/// Two digests are equal if all their counts and sums are. Memory: a few dozen numbers per
/// database, of which no more than [#MOST_DATABASES] are taken. Not safe for use by several
/// threads.
public final class DatasetDigest {

  /// More databases than any server is run with; others would cost memory without bound.
  public static final int MOST_DATABASES = 65_536;

  private static final String TITLE = "redrill-digest 2";
  private static final String FUNCTIONS = "functions";

  private final SortedMap<Integer, DatabaseSums> databases = new TreeMap<>();
  private final KeyDigest keyDigest;
  private final ValueWalker walker = new ValueWalker();
  private final OptionalLong notExpiredAt;
  private DatabaseSums latest = new DatabaseSums();
  private int latestDb = -1;
  private long functionCount;
  private Digest128 functions = Digest128.ZERO;

  /// Begins empty, and counts expired keys as any others.
  public DatasetDigest() {
    this(OptionalLong.empty());
  }

  private DatasetDigest(OptionalLong notExpiredAt) {
    this.notExpiredAt = notExpiredAt;
    this.keyDigest =
        notExpiredAt.isPresent() ? new KeyDigest(notExpiredAt.getAsLong()) : new KeyDigest();
  }

  /// Begins empty, and passes over the keys and hash fields whose expiry is at or before `millis`
  /// (Unix time): a server that holds the data set at that time need not have them any more.
  public static DatasetDigest notExpiredAt(long millis) {
    return new DatasetDigest(OptionalLong.of(millis));
  }

  /// Adds the key of `entry`.
  ///
  /// @throws FormatException if its value cannot be decoded; nothing is then added
  public void add(RdbRecord.Entry entry) throws FormatException {
    keyDigest.begin(ByteSlice.of(entry.key()), entry.expireAtMillis(), entry.type().kind());
    walker.walk(entry.type(), ByteSlice.of(entry.value()), keyDigest);
    keyDigest.end();
    add(entry.db(), entry.expireAtMillis(), keyDigest);
  }

  /// Adds the key that `cursor` is at.
  ///
  /// @throws IOException if its value cannot be read or decoded; nothing is then added
  public void add(RdbCursor cursor) throws IOException {
    keyDigest.begin(cursor.key(), cursor.expireAtMillis(), cursor.type().kind());
    cursor.walk(keyDigest);
    keyDigest.end();
    add(cursor.db(), cursor.expireAtMillis(), keyDigest);
  }

  /// Adds `key` of database `db`; `expireAtMillis` is Unix time, or
  /// [io.redrill.rdb.RdbRecord.Entry#NO_EXPIRY].
  ///
  /// @throws TooLargeException if there are keys in too many databases
  public void add(int db, byte[] key, long expireAtMillis, RdbValue value)
      throws TooLargeException {
    keyDigest.begin(ByteSlice.of(key), expireAtMillis, value.kind());
    RdbValues.walk(value, keyDigest);
    keyDigest.end();
    add(db, expireAtMillis, keyDigest);
  }

  /// Adds a key of database `db` that was digested elsewhere.
  ///
  /// @throws TooLargeException if there are keys in too many databases
  public void add(int db, long expireAtMillis, KeyDigest key) throws TooLargeException {
    if (isKey(expireAtMillis, key)) {
      sums(db).add(key.kind(), expireAtMillis != RdbRecord.Entry.NO_EXPIRY, key.high(), key.low());
    }
  }

  private boolean isKey(long expireAtMillis, KeyDigest key) {
    return key.isKey()
        && (expireAtMillis == RdbRecord.Entry.NO_EXPIRY
            || notExpiredAt.isEmpty()
            || expireAtMillis > notExpiredAt.getAsLong());
  }

  /// The sums of `db`, which is mostly the one of the key before.
  private DatabaseSums sums(int db) throws TooLargeException {
    if (db != latestDb) {
      DatabaseSums found = databases.get(db);
      if (found == null) {
        requireRoom(databases.size());
        found = new DatabaseSums();
        databases.put(db, found);
      }
      latest = found;
      latestDb = db;
    }
    return latest;
  }

  static void requireRoom(int databases) throws TooLargeException {
    if (databases >= MOST_DATABASES) {
      throw new TooLargeException(
          "keys stand in more than %d databases, too many for a digest".formatted(MOST_DATABASES),
          "digest",
          0);
    }
  }

  /// Adds a library of functions.
  public void addFunction(byte[] source) {
    functionCount++;
    functions = functions.plus(hash(source));
  }

  private static Digest128 hash(byte[] bytes) {
    Hash hash = new Hash();
    hash.of(bytes, 0, bytes.length);
    return new Digest128(hash.high, hash.low);
  }

  /// Adds all that `other` holds.
  ///
  /// @throws TooLargeException if there are keys in too many databases
  public void plus(DatasetDigest other) throws TooLargeException {
    for (Map.Entry<Integer, DatabaseSums> database : other.databases.entrySet()) {
      DatabaseSums to = sums(database.getKey());
      database.getValue().kinds().forEach(to::add);
    }
    functionCount += other.functionCount;
    functions = functions.plus(other.functions);
  }

  /// What there is, by database and kind; only what has keys. A view that cannot be changed.
  public SortedMap<Integer, Map<RdbKind, KindDigest>> databases() {
    SortedMap<Integer, Map<RdbKind, KindDigest>> view = new TreeMap<>();
    databases.forEach((db, sums) -> {
      Map<RdbKind, KindDigest> kinds = sums.kinds();
      if (!kinds.isEmpty()) {
        view.put(db, kinds);
      }
    });
    return Collections.unmodifiableSortedMap(view);
  }

  /// The number of keys in all databases.
  public long keys() {
    return databases().values().stream()
        .flatMap(kinds -> kinds.values().stream())
        .mapToLong(KindDigest::keys)
        .sum();
  }

  /// The number of function libraries.
  public long functionCount() {
    return functionCount;
  }

  /// The sum of the hashes of the function libraries.
  public Digest128 functions() {
    return functions;
  }

  /// One number for all of it: the hash of [#text()].
  public Digest128 fingerprint() {
    byte[] text = text().getBytes(StandardCharsets.UTF_8);
    return hash(text);
  }

  /// This digest as lines of text, of which [#fingerprint] is the hash: a title, then per database
  /// and kind the database, the kind, keys, expiring keys and 32 hexadecimal digits, in ascending
  /// order; last the functions.
  public String text() {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    databases()
        .forEach((db, kinds) ->
            kinds.forEach((kind, digest) ->
                text.append(
                    "%d %s %d %d %s\n"
                        .formatted(
                            db,
                            kind.redisName(),
                            digest.keys(),
                            digest.expiring(),
                            digest.digest().hex()))));
    return text.append("%s %d %s\n".formatted(FUNCTIONS, functionCount, functions.hex()))
        .toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatasetDigest that
        && databases().equals(that.databases())
        && functionCount == that.functionCount
        && functions.equals(that.functions);
  }

  @Override
  public int hashCode() {
    return databases().hashCode() * 31 + functions.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
