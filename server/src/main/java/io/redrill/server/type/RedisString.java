package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;

/// A string of any bytes.
///
/// `OBJECT ENCODING` distinguishes integers (`int`), short strings (`embstr`) and others (`raw`).
/// Here all are one array, and only strings that were edited in place need to remember that they
/// are `raw` in Redis, however short.
///
/// So a key can hold a string that was given whole as its bytes alone, and make a `RedisString`
/// when one is asked for. What such a view changes it tells its [Home].
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

  /// What holds a string, and hears of its changes.
  @FunctionalInterface
  public interface Home {
    /// `string` is now the string to be held.
    void changed(RedisString string);
  }

  private static final Home NOWHERE = string -> {};

  private byte[] bytes;
  private Origin origin;
  private Home home;

  /// Holds `bytes`, which is not copied.
  public RedisString(byte[] bytes) {
    this(bytes, Origin.WHOLE);
  }

  /// A view of a string that was given whole and that `home` holds.
  public RedisString(byte[] bytes, Home home) {
    this.bytes = bytes;
    this.origin = Origin.WHOLE;
    this.home = home;
  }

  /// As above, for a string that did not come as it is.
  public RedisString(byte[] bytes, Origin origin) {
    this.bytes = bytes;
    this.origin = origin;
    this.home = NOWHERE;
  }

  /// Has `next` hear of changes from now on. Returns what it is to hold: the bytes, where they are
  /// all there is to the string, else this object.
  public Object heldBy(Home next) {
    home = next;
    return origin == Origin.WHOLE ? bytes : this;
  }

  /// The bytes, which must not be changed unless by [#edited(byte[])].
  public byte[] bytes() {
    return bytes;
  }

  /// Replaces the bytes as an edit in place does.
  public void edited(byte[] next) {
    bytes = next;
    origin = Origin.EDITED;
    home.changed(this);
  }

  /// Replaces the bytes by the text of an integer.
  public void integer(byte[] text) {
    bytes = text;
    origin = Origin.WHOLE;
    home.changed(this);
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
    return Footprint.object(12) + Footprint.array(bytes.length);
  }
}
