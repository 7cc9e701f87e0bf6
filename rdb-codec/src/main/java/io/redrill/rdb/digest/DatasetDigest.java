package io.redrill.rdb.digest;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
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
/// A sum has no order, so keys may come in any, digests of parts can be added, and a key can be
/// taken out again. What a value is stored as, when it was last used, and what only some server
/// versions remember of a stream do not matter. A collection without elements is no key, as servers
/// drop it when they load it.
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
    digest(key, expireAtMillis, value);
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

  /// Takes out a key that has been added with these very arguments.
  ///
  /// @throws TooLargeException if there are keys in too many databases
  public void remove(int db, byte[] key, long expireAtMillis, RdbValue value)
      throws TooLargeException {
    digest(key, expireAtMillis, value);
    if (isKey(expireAtMillis, keyDigest)) {
      sums(db)
          .subtract(
              keyDigest.kind(),
              new KindDigest(
                  1,
                  expireAtMillis == RdbRecord.Entry.NO_EXPIRY ? 0 : 1,
                  new Digest128(keyDigest.high(), keyDigest.low())));
    }
  }

  private void digest(byte[] key, long expireAtMillis, RdbValue value) {
    keyDigest.begin(ByteSlice.of(key), expireAtMillis, value.kind());
    RdbValues.walk(value, keyDigest);
    keyDigest.end();
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

  /// Takes out all that `other` holds, which must have been added before.
  ///
  /// @throws TooLargeException if there are keys in too many databases
  public void minus(DatasetDigest other) throws TooLargeException {
    for (Map.Entry<Integer, DatabaseSums> database : other.databases.entrySet()) {
      DatabaseSums from = sums(database.getKey());
      database.getValue().kinds().forEach(from::subtract);
    }
    functionCount -= other.functionCount;
    functions = functions.minus(other.functions);
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

  /// This digest as lines of text, which [#parse] reads: a title, then per database and kind the
  /// database, the kind, keys, expiring keys and 32 hexadecimal digits, in ascending order; last
  /// the functions.
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

  /// Reads what [#text()] gives.
  ///
  /// @throws CorruptInputException if it is something else
  /// @throws TooLargeException if it tells of too many databases
  public static DatasetDigest parse(String text) throws FormatException {
    DatasetDigest digest = new DatasetDigest();
    String[] lines = text.split("\n", -1);
    try {
      if (!lines[0].equals(TITLE)) {
        throw new IllegalArgumentException("the title is another");
      }
      for (int i = 1; i < lines.length; i++) {
        if (!lines[i].isEmpty()) {
          digest.parseLine(lines[i].split(" ", -1));
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      CorruptInputException corrupt =
          new CorruptInputException("the text of a digest is malformed", "digest", 0);
      corrupt.initCause(e);
      throw corrupt;
    }
    return digest;
  }

  private void parseLine(String[] words) throws TooLargeException {
    if (words[0].equals(FUNCTIONS)) {
      functionCount = Long.parseLong(words[1]);
      functions = Digest128.parse(words[2]);
      return;
    }
    sums(Integer.parseInt(words[0]))
        .add(
            kind(words[1]),
            new KindDigest(
                Long.parseLong(words[2]), Long.parseLong(words[3]), Digest128.parse(words[4])));
  }

  private static RdbKind kind(String redisName) {
    for (RdbKind kind : RdbKind.values()) {
      if (kind.redisName().equals(redisName)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("there is no such kind");
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
