package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;

/// A string of any bytes.
///
/// `OBJECT ENCODING` distinguishes integers (`int`), short strings (`embstr`) and others (`raw`).
/// Here all are one array, and only strings that were edited in place need to remember that they
/// are `raw` in Redis, however short.
public final class RedisString implements DecodedValue {

  private static final int EMBSTR_MAX = 44;

  /// How the string came about, which decides what its encoding is called.
  public enum Origin {
    /// It was given whole.
    WHOLE,
    /// It is the text of a floating-point number: never `int`.
    COMPUTED,
    /// It was edited in place: `raw`.
    EDITED
  }

  private byte[] bytes;
  private Origin origin;

  /// Holds `bytes`, which is not copied.
  public RedisString(byte[] bytes) {
    this(bytes, Origin.WHOLE);
  }

  /// As above, for a string that did not come as it is.
  public RedisString(byte[] bytes, Origin origin) {
    this.bytes = bytes;
    this.origin = origin;
  }

  /// The bytes, which must not be changed unless by [#edited(byte[])].
  public byte[] bytes() {
    return bytes;
  }

  /// Replaces the bytes as an edit in place does.
  public void edited(byte[] next) {
    bytes = next;
    origin = Origin.EDITED;
  }

  /// Replaces the bytes by the text of an integer.
  public void integer(byte[] text) {
    bytes = text;
    origin = Origin.WHOLE;
  }

  @Override
  public RdbKind kind() {
    return RdbKind.STRING;
  }

  @Override
  public String encoding() {
    return switch (origin) {
      case EDITED -> "raw";
      case COMPUTED -> bytes.length <= EMBSTR_MAX ? "embstr" : "raw";
      case WHOLE -> {
        if (Numbers.isCanonicalLong(bytes)) {
          yield "int";
        }
        yield bytes.length <= EMBSTR_MAX ? "embstr" : "raw";
      }
    };
  }

  @Override
  public RdbValue toRdb() {
    return new RdbValue.StringValue(bytes);
  }

  @Override
  public RedisString copy() {
    return new RedisString(bytes.clone(), origin);
  }

  @Override
  public long sizeBytes() {
    return 32L + bytes.length;
  }
}
