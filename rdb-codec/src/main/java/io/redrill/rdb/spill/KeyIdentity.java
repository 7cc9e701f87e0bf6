package io.redrill.rdb.spill;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.encoding.LittleEndian;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Bytes of bounded length that stand for a key of a database: the key itself or, of one longer
/// than [#WHOLE_BYTES], its beginning, its length and a SHA-256 of all of it: keys that are not the
/// same must not share it, not even in a file that was made for that.
///
/// | bytes | what |
/// |---|---|
/// | 4 | database |
/// | 4 | length of the key |
/// | ... | the key, or its first [#WHOLE_BYTES] and its hash (32) |
///
/// One instance makes one after the other, in place. Not safe for use by several threads.
public final class KeyIdentity {

  /// Keys up to this length stand for themselves.
  public static final int WHOLE_BYTES = 512;

  /// Where the bytes of the key begin.
  public static final int KEY_AT = 8;

  private static final int HASH_BYTES = 32;

  private final int reserved;
  private final byte[] bytes;
  private final SecretHash dealt = new SecretHash();
  private final MessageDigest sha256;
  private int length;

  /// Begins; the first `reserved` bytes of [#array] are left to the caller.
  public KeyIdentity(int reserved) {
    this.reserved = reserved;
    this.bytes = new byte[reserved + KEY_AT + WHOLE_BYTES + HASH_BYTES];
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Makes the identity of `key` in database `db`; returns its hash, by which it is dealt, and
  /// which no two instances have in common: keys that were made to share it would take hours.
  public long set(int db, ByteSlice key) {
    LittleEndian.putInt(bytes, reserved, db);
    LittleEndian.putInt(bytes, reserved + 4, key.length());
    int kept = Math.min(key.length(), WHOLE_BYTES);
    System.arraycopy(key.array(), key.offset(), bytes, reserved + KEY_AT, kept);
    length = reserved + KEY_AT + kept;
    if (key.length() > WHOLE_BYTES) {
      sha256.update(key.array(), key.offset(), key.length());
      System.arraycopy(sha256.digest(), 0, bytes, length, HASH_BYTES);
      length += HASH_BYTES;
    }
    return dealt.of(bytes, reserved, length - reserved);
  }

  /// The array that holds the reserved bytes and the identity.
  public byte[] array() {
    return bytes;
  }

  /// How many bytes of [#array] count.
  public int length() {
    return length;
  }

  /// The database of the identity that stands at `at` in `bytes`.
  public static int db(byte[] bytes, int at) {
    return LittleEndian.getInt(bytes, at);
  }

  /// The whole length of the key of the identity that stands at `at` in `bytes`.
  public static int keyLength(byte[] bytes, int at) {
    return LittleEndian.getInt(bytes, at + 4);
  }

  /// The key of the identity at `at` in `bytes`, as [KeyEscape] shows it; of a long one the
  /// beginning, its length and its hash, so that no two look alike.
  public static String text(byte[] bytes, int at) {
    return text(key(bytes, at), keyLength(bytes, at), keyHash(bytes, at));
  }

  /// As above, of its [#key], [#keyLength] and [#keyHash].
  public static String text(byte[] key, int keyLength, Optional<String> keyHash) {
    String shown = KeyEscape.of(key);
    return keyHash
        .map(hash -> "%s... (%d bytes, SHA-256 %s)".formatted(shown, keyLength, hash))
        .orElse(shown);
  }

  /// The hash of all of a long key in hexadecimal digits; empty for others.
  public static Optional<String> keyHash(byte[] bytes, int at) {
    if (keyLength(bytes, at) <= WHOLE_BYTES) {
      return Optional.empty();
    }
    int hash = at + KEY_AT + WHOLE_BYTES;
    return Optional.of(HexFormat.of().formatHex(bytes, hash, hash + HASH_BYTES));
  }

  /// The key of the identity at `at` in `bytes`, or the beginning of a long one.
  public static byte[] key(byte[] bytes, int at) {
    int kept = Math.min(keyLength(bytes, at), WHOLE_BYTES);
    return java.util.Arrays.copyOfRange(bytes, at + KEY_AT, at + KEY_AT + kept);
  }
}
