package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Weighs whether records in a row are real, or bytes in the middle of a value that parse by
/// chance.
///
/// A packed list of short strings can be read as a row of tiny keys. So records do not count alike:
/// what counts is about how many bits of them had to be just so.
final class Evidence {

  private static final int NEEDED_KEYS = 3;
  private static final int NEEDED_BITS = 40;
  private static final int AMPLE_KEYS = 8;
  private static final int AMPLE_BITS = 100;
  private static final int TEXT_KEY_MOST_BITS = 16;
  private static final int PACKED_BITS = 16;
  private static final int EXPIRY_BITS = 16;
  private static final int LEAST_NAME_BYTES = 4;

  private static final int EXPIRE_MILLIS = 0xfc;
  private static final int RESIZE_DB = 0xfb;
  private static final int FIRST_VERSION_WITH_SIZES = 7;
  private static final int FIRST_VERSION_WITH_MILLIS = 3;
  private static final int MOST_DATABASES = 1 << 16;
  private static final int USUAL_DATABASES = 64;
  private static final long EARLIEST_MILLIS = 1_000_000_000_000L;
  private static final long LATEST_MILLIS = 10_000_000_000_000L;

  private final FileBytes file;
  private final RdbHeader header;
  private final KeyShape shape;
  private byte[] previousKey = {};
  private boolean databaseBefore;
  private boolean isBeginning;
  private boolean repeated;
  private int keys;
  private int familiarKeys;
  private int bits;

  Evidence(DamagedFile damaged) {
    this.file = damaged.bytes();
    this.header = damaged.header();
    this.shape = damaged.shape();
  }

  /// The records are those behind the header of the file. If there a database stands without its
  /// sizes, all of the file do: other programs than servers, and a salvage, write none.
  void beginFile() {
    isBeginning = true;
  }

  /// Whether what was added is no chance.
  boolean suffices() {
    return keys >= NEEDED_KEYS && bits >= NEEDED_BITS && familiarKeys * 2 >= keys;
  }

  /// Whether what was added, up to the end of the file, is no chance. Of keys that need not be text
  /// one or two often are: small numbers in a value read as such.
  boolean isEnoughForAnEnd() {
    return !shape.takesBinary() || keys == 0 || keys >= NEEDED_KEYS;
  }

  /// Whether so much was added that a few unlikely records between do not count.
  boolean isAmple() {
    return keys >= AMPLE_KEYS && bits >= AMPLE_BITS && familiarKeys * 2 >= keys;
  }

  /// Whether the key that was looked at last stood twice in a row, which no server writes.
  boolean isRepeated() {
    return repeated;
  }

  /// Whether `record`, which stands from `start` to `end`, is one that a server writes there.
  boolean isLikely(RdbRecord record, long start, long end) throws IOException {
    boolean followsDatabase = databaseBefore;
    databaseBefore = record instanceof RdbRecord.SelectDb;
    if (isBeginning && databaseBefore && file.peek(end) != RESIZE_DB) {
      shape.takeDatabasesWithoutSizes();
    }
    isBeginning &= !databaseBefore && !(record instanceof RdbRecord.Entry);
    return switch (record) {
      case RdbRecord.Entry entry -> isLikely(entry);
      case RdbRecord.SelectDb(int db) ->
          db < MOST_DATABASES
              && end - start == 1 + lengthBytes(db)
              && (isWithoutSizes(db) || file.peek(end) == RESIZE_DB);
      case RdbRecord.ResizeDb(long all, long expires) ->
          followsDatabase
              && expires >= 0
              && expires <= all
              && all <= file.size()
              && end - start == 1 + lengthBytes(all) + lengthBytes(expires);
      case RdbRecord.Aux(byte[] name, byte[] _) -> name.length > 0 && KeyShape.isText(name);
      case RdbRecord.FunctionLibrary(byte[] source) ->
          new String(source, StandardCharsets.ISO_8859_1).startsWith("#!");
      // Text is full of the bytes that begin what servers refuse.
      case RdbRecord.Verbatim verbatim ->
          verbatim.warning().isEmpty() || shape.takesForeignRecords();
      case RdbRecord.HashTemplate _ -> true;
      case RdbRecord.End _ -> true;
    };
  }

  /// Whether `db` may be named without its sizes. Of two bytes the second is enough to be found by
  /// chance, and so in files that could have sizes only usual numbers are believed.
  private boolean isWithoutSizes(int db) {
    return header.version() < FIRST_VERSION_WITH_SIZES
        || (shape.takesDatabasesWithoutSizes() && db < USUAL_DATABASES);
  }

  private boolean isLikely(RdbRecord.Entry entry) {
    repeated = Arrays.equals(previousKey, entry.key());
    previousKey = entry.key();
    return shape.accepts(entry.key())
        && !repeated
        && !isEmptyCollection(entry)
        && (entry.idleSeconds() < 0 || entry.frequency() < 0)
        && (entry.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY
            || isReasonable(entry.expireAtMillis()));
  }

  /// Whether `record` is not a key that begins as none before.
  boolean isFamiliar(RdbRecord record) {
    return !(record instanceof RdbRecord.Entry entry) || shape.isFamiliar(entry.key());
  }

  /// How many bytes servers take for the length `length`.
  private static int lengthBytes(long length) {
    return length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : length < 1L << 32 ? 5 : 9;
  }

  /// Whether a server writes this as a time at which a key expires: one from 2001 to 2286.
  static boolean isReasonable(long millis) {
    return millis >= EARLIEST_MILLIS && millis <= LATEST_MILLIS;
  }

  /// Whether a run can hardly begin with `record` by chance, nor in the middle of a record.
  boolean isSureBeginning(RdbRecord record, long start, long end) throws IOException {
    return switch (record) {
      case RdbRecord.Entry entry ->
          entry.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY
              && (file.peek(start) == EXPIRE_MILLIS
                  || header.version() < FIRST_VERSION_WITH_MILLIS);
      case RdbRecord.SelectDb(int db) -> file.peek(end) == RESIZE_DB || isWithoutSizes(db);
      // The hashes that refer to it would be lost with it.
      case RdbRecord.HashTemplate template -> areNames(template.fields());
      default -> false;
    };
  }

  /// Whether `fields` can hardly be the names of a template by chance.
  static boolean areNames(List<byte[]> fields) {
    return fields.stream().allMatch(KeyShape::isText)
        && fields.stream().mapToInt(name -> name.length).sum() >= LEAST_NAME_BYTES;
  }

  /// Adds `record` to what was seen.
  ///
  /// @param isLookedInto whether its value was walked
  void add(RdbRecord record, boolean isLookedInto) {
    if (record instanceof RdbRecord.Entry entry) {
      keys++;
      familiarKeys += shape.isFamiliar(entry.key()) ? 1 : 0;
      bits += KeyShape.isText(entry.key()) ? Math.min(TEXT_KEY_MOST_BITS, entry.key().length) : 0;
      bits += isLookedInto && isPacked(entry) ? PACKED_BITS : 0;
      bits += entry.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY ? EXPIRY_BITS : 0;
    }
  }

  /// Whether the end of the value is vouched for: by a packed encoding, or as a number.
  static boolean checksItself(RdbRecord.Entry entry) {
    RdbType type = entry.type();
    return switch (type) {
      case STRING -> (entry.value()[0] & 0xff) >= 0xc0;
      case LIST, SET, HASH, ZSET, ZSET_2, MODULE_2 -> false;
      default -> true;
    };
  }

  private static boolean isPacked(RdbRecord.Entry entry) {
    return entry.type() != RdbType.STRING && checksItself(entry);
  }

  /// A collection of nothing, which servers do not keep.
  private static boolean isEmptyCollection(RdbRecord.Entry entry) {
    return switch (entry.type()) {
      case LIST, SET, HASH, ZSET, ZSET_2, LIST_QUICKLIST, LIST_QUICKLIST_2 -> entry.value()[0] == 0;
      default -> false;
    };
  }
}
