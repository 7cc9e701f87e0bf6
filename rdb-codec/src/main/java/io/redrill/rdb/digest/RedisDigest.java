package io.redrill.rdb.digest;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.TooLargeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// The digest of `DEBUG DIGEST` and `DEBUG DIGEST-VALUE`, equal to that of a Redis that holds the
/// same data.
///
/// There is one for each [Release], which differ in scores and in fields that expire.
///
/// Two steps build it, each from the SHA-1 of some bytes: *add* xors that into a state, so that
/// order does not matter; *mix* adds and then replaces the state by its own SHA-1, so that it does.
/// A key's state is mixed with the key, then with its value; the keys of a database are added to
/// each other; the databases are mixed in ascending order, those without keys left out. So keys may
/// come in any order.
///
/// Of the values of modules a server asks the module, and of arrays nobody says how: where there is
/// one, [#isExact] does not hold. Memory: 20 bytes per database. Not safe for use by several
/// threads.
public final class RedisDigest {

  private static final int BYTES = 20;
  private static final byte[] EXPIRES = "!!expire!!".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] FIELD_EXPIRES = "!!hexpire!!".getBytes(StandardCharsets.ISO_8859_1);

  /// Servers that digest alike.
  public enum Release {
    /// Redis 2.2 to 7.0, and KeyDB, which print a score with 17 digits.
    REDIS_7_0,
    /// Valkey, which prints it with as few as will do, and does not look whether fields expire.
    VALKEY,
    /// Redis from 7.2 on, which prints scores likewise, and looks.
    REDIS_7_2
  }

  private final Release release;
  private final Map<Integer, byte[]> databases = new TreeMap<>();
  private final MessageDigest sha1;
  private final Pieces pieces = new Pieces();
  private final byte[] hash = new byte[BYTES];
  private final byte[] key = new byte[BYTES];
  private final byte[] pair = new byte[BYTES];
  private final byte[] number = new byte[4];
  private boolean isExact = true;

  /// Begins the digest of a `release` with no keys.
  public RedisDigest(Release release) {
    this.release = release;
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }

  /// The digest of one value without its key, as 40 hexadecimal digits; those added before do not
  /// matter.
  public String ofValue(RdbValue value, boolean expires) {
    Arrays.fill(key, (byte) 0);
    value(value, expires);
    return HexFormat.of().formatHex(key);
  }

  /// The digest of nothing, which stands for a key that there is not.
  public static String ofNothing() {
    return "0".repeat(2 * BYTES);
  }

  /// Adds the key `name` of database `db`.
  public void add(int db, byte[] name, boolean expires, RdbValue value) {
    Arrays.fill(key, (byte) 0);
    mix(key, name, 0, name.length);
    value(value, expires);
    add(db);
  }

  private void value(RdbValue value, boolean expires) {
    pieces.begin(value.kind());
    RdbValues.walk(value, pieces);
    end(expires);
  }

  /// Adds the key that `cursor` is at, unless it is a collection without elements, which servers
  /// drop.
  ///
  /// @throws IOException if its value cannot be read or is damaged, or if there are keys in more
  ///   than [DatasetDigest#MOST_DATABASES] databases; nothing is then added
  public void add(RdbCursor cursor) throws IOException {
    cursor.walk(begin(cursor));
    end(cursor);
  }

  /// As [#add], in parts, for one who walks the value for others too: returns who sees its pieces,
  /// before [#end].
  public ElementHandler begin(RdbCursor cursor) {
    Arrays.fill(key, (byte) 0);
    ByteSlice name = cursor.key();
    mix(key, name.array(), name.offset(), name.length());
    pieces.begin(cursor.type().kind());
    return pieces;
  }

  /// Adds the key that `cursor` is at, of which all pieces were seen.
  ///
  /// @throws TooLargeException as [#add]
  public void end(RdbCursor cursor) throws TooLargeException {
    if (pieces.isKey()) {
      end(cursor.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY);
      if (!databases.containsKey(cursor.db())) {
        DatasetDigest.requireRoom(databases.size());
      }
      add(cursor.db());
    }
  }

  private void end(boolean expires) {
    if (expires) {
      add(key, EXPIRES, 0, EXPIRES.length);
    }
  }

  private void add(int db) {
    byte[] sum = databases.computeIfAbsent(db, absent -> new byte[BYTES]);
    add(sum, key, 0, BYTES);
  }

  /// Whether a server says the same: not where there are values that only a module can digest.
  public boolean isExact() {
    return isExact;
  }

  /// The digest of all databases, as 40 hexadecimal digits.
  public String hex() {
    byte[] whole = new byte[BYTES];
    databases.forEach((db, sum) -> {
      setNumber(db);
      mix(whole, number, 0, number.length);
      xor(whole, sum);
    });
    return HexFormat.of().formatHex(whole);
  }

  private void setNumber(int value) {
    number[0] = (byte) (value >>> 24);
    number[1] = (byte) (value >>> 16);
    number[2] = (byte) (value >>> 8);
    number[3] = (byte) value;
  }

  private void add(byte[] state, byte[] bytes, int from, int length) {
    sha1.update(bytes, from, length);
    finish(hash);
    xor(state, hash);
  }

  private void mix(byte[] state, byte[] bytes, int from, int length) {
    add(state, bytes, from, length);
    sha1.update(state, 0, BYTES);
    finish(state);
  }

  private void finish(byte[] into) {
    try {
      sha1.digest(into, 0, BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("there is room for it", e);
    }
  }

  private static void xor(byte[] state, byte[] added) {
    for (int i = 0; i < BYTES; i++) {
      state[i] ^= added[i];
    }
  }

  /// Takes the pieces of a value into the state of its key.
  private final class Pieces implements ElementHandler {

    private RdbKind kind = RdbKind.STRING;
    private boolean hasElements;

    void begin(RdbKind of) {
      kind = of;
      hasElements = false;
      setNumber(typeNumber());
      mix(key, number, 0, number.length);
    }

    boolean isKey() {
      return hasElements || kind == RdbKind.STRING || kind == RdbKind.STREAM;
    }

    private int typeNumber() {
      return switch (kind) {
        case STRING -> 0;
        case LIST -> 1;
        case SET -> 2;
        case SORTED_SET -> 3;
        case HASH -> 4;
        case MODULE, VECTOR_SET, OTHER -> 5;
        case STREAM -> 6;
        case ARRAY -> 7;
      };
    }

    private void mixed(ByteSlice bytes) {
      mix(key, bytes.array(), bytes.offset(), bytes.length());
    }

    private void pair(ByteSlice first, byte[] second, int from, int length, boolean expires) {
      Arrays.fill(pair, (byte) 0);
      mix(pair, first.array(), first.offset(), first.length());
      mix(pair, second, from, length);
      if (expires) {
        RedisDigest.this.add(pair, FIELD_EXPIRES, 0, FIELD_EXPIRES.length);
      }
      RedisDigest.this.add(key, pair, 0, BYTES);
      hasElements = true;
    }

    private void inexact() {
      isExact = false;
      hasElements = true;
    }

    @Override
    public void string(ByteSlice string) {
      mixed(string);
    }

    @Override
    public void element(ByteSlice element) {
      if (kind == RdbKind.LIST) {
        mixed(element);
      } else {
        RedisDigest.this.add(key, element.array(), element.offset(), element.length());
      }
      hasElements = true;
    }

    @Override
    public void member(ByteSlice member, double score) {
      byte[] text = release == Release.REDIS_7_0 ? PrintedDouble.of(score) : GrisuDouble.of(score);
      pair(member, text, 0, text.length, false);
    }

    @Override
    public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
      boolean expires = release == Release.REDIS_7_2 && expireAtMillis != -1;
      pair(field, value.array(), value.offset(), value.length(), expires);
    }

    @Override
    public void streamEntry(long millis, long sequence) {
      String id = Long.toUnsignedString(millis) + "." + Long.toUnsignedString(sequence);
      byte[] bytes = id.getBytes(StandardCharsets.ISO_8859_1);
      mix(key, bytes, 0, bytes.length);
    }

    @Override
    public void streamField(ByteSlice field, ByteSlice value) {
      mixed(field);
      mixed(value);
    }

    @Override
    public void vectorSet(VectorSetShape shape, ByteSlice payload) {
      inexact();
    }

    @Override
    public void vector(
        ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
      mixed(element);
      mixed(vector);
    }

    @Override
    public void opaque(String typeName, ByteSlice payload) {
      mixed(payload);
      inexact();
    }

    @Override
    public void arrayText(long index, ByteSlice text) {
      mixed(text);
      inexact();
    }

    @Override
    public void arrayInteger(long index, long value) {
      inexact();
    }

    @Override
    public void arrayDouble(long index, double value) {
      inexact();
    }
  }
}
