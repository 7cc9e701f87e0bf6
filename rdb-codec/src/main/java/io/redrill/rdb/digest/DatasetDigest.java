package io.redrill.rdb.digest;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValues;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
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
/// database. Not safe for use by several threads.
public final class DatasetDigest {

  private static final String TITLE = "redrill-digest 1";
  private static final String FUNCTIONS = "functions";

  private final SortedMap<Integer, Map<RdbKind, KindDigest>> databases = new TreeMap<>();
  private final KeyHash hash = new KeyHash();
  private final OptionalLong notExpiredAt;
  private long functionCount;
  private Digest128 functions = Digest128.ZERO;

  /// Begins empty, and counts expired keys as any others.
  public DatasetDigest() {
    this(OptionalLong.empty());
  }

  private DatasetDigest(OptionalLong notExpiredAt) {
    this.notExpiredAt = notExpiredAt;
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
    add(entry.db(), entry.key(), entry.expireAtMillis(), RdbValues.decode(entry));
  }

  /// Adds `key` of database `db`; `expireAtMillis` is Unix time, or
  /// [io.redrill.rdb.RdbRecord.Entry#NO_EXPIRY].
  public void add(int db, byte[] key, long expireAtMillis, RdbValue value) {
    RdbValue kept = withoutExpiredFields(value);
    if (isKey(expireAtMillis, kept)) {
      kinds(db).merge(kept.kind(), one(key, expireAtMillis, kept), KindDigest::plus);
    }
  }

  /// Takes out a key that has been added with these very arguments.
  public void remove(int db, byte[] key, long expireAtMillis, RdbValue value) {
    RdbValue kept = withoutExpiredFields(value);
    if (isKey(expireAtMillis, kept)) {
      subtract(db, kept.kind(), one(key, expireAtMillis, kept));
    }
  }

  /// Adds a library of functions.
  public void addFunction(byte[] source) {
    functionCount++;
    functions = functions.plus(HashedBytes.hash(source, source.length));
  }

  /// Adds all that `other` holds.
  public void plus(DatasetDigest other) {
    other.databases.forEach((db, kinds) ->
        kinds.forEach((kind, digest) -> kinds(db).merge(kind, digest, KindDigest::plus)));
    functionCount += other.functionCount;
    functions = functions.plus(other.functions);
  }

  /// Takes out all that `other` holds, which must have been added before.
  public void minus(DatasetDigest other) {
    other.databases.forEach(
        (db, kinds) -> kinds.forEach((kind, digest) -> subtract(db, kind, digest)));
    functionCount -= other.functionCount;
    functions = functions.minus(other.functions);
  }

  /// What there is, by database and kind; only what has keys. A view that cannot be changed.
  public SortedMap<Integer, Map<RdbKind, KindDigest>> databases() {
    SortedMap<Integer, Map<RdbKind, KindDigest>> view = new TreeMap<>();
    databases.forEach((db, kinds) -> view.put(db, Collections.unmodifiableMap(kinds)));
    return Collections.unmodifiableSortedMap(view);
  }

  /// The number of keys in all databases.
  public long keys() {
    return databases.values().stream()
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
    return HashedBytes.hash(text, text.length);
  }

  /// This digest as lines of text, which [#parse] reads: a title, then per database and kind the
  /// database, the kind, keys, expiring keys and 32 hexadecimal digits, in ascending order; last
  /// the functions.
  public String text() {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    databases.forEach((db, kinds) ->
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
  public static DatasetDigest parse(String text) throws CorruptInputException {
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

  private void parseLine(String[] words) {
    if (words[0].equals(FUNCTIONS)) {
      functionCount = Long.parseLong(words[1]);
      functions = Digest128.parse(words[2]);
      return;
    }
    kinds(Integer.parseInt(words[0]))
        .put(
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

  private KindDigest one(byte[] key, long expireAtMillis, RdbValue value) {
    return new KindDigest(1, expireAtMillis < 0 ? 0 : 1, hash.of(key, expireAtMillis, value));
  }

  private Map<RdbKind, KindDigest> kinds(int db) {
    return databases.computeIfAbsent(db, absent -> new EnumMap<>(RdbKind.class));
  }

  private void subtract(int db, RdbKind kind, KindDigest digest) {
    Map<RdbKind, KindDigest> kinds = kinds(db);
    KindDigest left = kinds.getOrDefault(kind, KindDigest.NONE).minus(digest);
    if (left.equals(KindDigest.NONE)) {
      kinds.remove(kind);
    } else {
      kinds.put(kind, left);
    }
    if (kinds.isEmpty()) {
      databases.remove(db);
    }
  }

  private boolean isKey(long expireAtMillis, RdbValue value) {
    return !isExpired(expireAtMillis)
        && switch (value) {
          case ListValue list -> !list.elements().isEmpty();
          case SetValue set -> !set.members().isEmpty();
          case SortedSetValue sortedSet -> !sortedSet.members().isEmpty();
          case HashValue hash -> !hash.fields().isEmpty();
          case StringValue _, StreamValue _, ModuleValue _ -> true;
        };
  }

  private RdbValue withoutExpiredFields(RdbValue value) {
    if (value instanceof HashValue(var fields)
        && fields.stream().anyMatch(field -> isExpired(field.expireAtMillis()))) {
      return new HashValue(
          fields.stream().filter(field -> !isExpired(field.expireAtMillis())).toList());
    }
    return value;
  }

  private boolean isExpired(long expireAtMillis) {
    return expireAtMillis >= 0
        && notExpiredAt.isPresent()
        && expireAtMillis <= notExpiredAt.getAsLong();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatasetDigest that
        && databases.equals(that.databases)
        && functionCount == that.functionCount
        && functions.equals(that.functions);
  }

  @Override
  public int hashCode() {
    return databases.hashCode() * 31 + functions.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
