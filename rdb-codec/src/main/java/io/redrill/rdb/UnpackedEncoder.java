package io.redrill.rdb;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Encodes a collection element by element while it is walked, in the form that is not packed, so
/// that one of any size takes no memory. [RdbValueEncoder] is for values that are held.
///
/// | kind | type |
/// |---|---|
/// | list | [RdbType#LIST] |
/// | set | [RdbType#SET] |
/// | sorted set | [RdbType#ZSET_2] |
/// | hash | [RdbType#HASH]; where a field expires, [RdbType#HASH_METADATA] or [RdbType#HASH_2_VALKEY] |
///
/// The value is walked twice: to count its elements, which the file has in front of them, and to
/// encode them. For use once.
public final class UnpackedEncoder {

  /// A value that can be walked as often as anybody likes, and is the same each time.
  @FunctionalInterface
  public interface Walk {
    /// Hands the pieces of the value to `handler`.
    void walk(ElementHandler handler) throws IOException;
  }

  /// Takes the value's bytes, part by part.
  @FunctionalInterface
  public interface Sink {
    /// Takes `length` bytes from `offset` on, which are lent.
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  private static final int PART_BYTES = 64 * 1024;

  /// To pack a string takes its size up to three times; a larger one stays as it is.
  private static final long MOST_PACKED_BYTES =
      Math.max(1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

  private final Walk walk;
  private final RdbOutput out;
  private final Shape shape = new Shape();
  private final RdbType type;

  private UnpackedEncoder(Walk walk, RdbKind kind, int version, boolean compression)
      throws IOException {
    this.walk = walk;
    this.out = new RdbOutput(compression, 2 * PART_BYTES);
    walk.walk(shape);
    this.type =
        switch (kind) {
          case LIST -> RdbType.LIST;
          case SET -> RdbType.SET;
          case SORTED_SET -> RdbType.ZSET_2;
          case HASH -> hashType(version);
          default -> throw new IllegalArgumentException("not a collection of elements: " + kind);
        };
  }

  /// Counts the elements of a value of the kind `kind`.
  ///
  /// @param version the RDB version to encode for; fields of hashes expire only where it can hold
  ///   that
  /// @param compression whether strings from 21 bytes to a sixteenth of the heap are packed with
  ///   LZF
  /// @throws IOException as `walk` does
  public static UnpackedEncoder of(Walk walk, RdbKind kind, int version, boolean compression)
      throws IOException {
    return new UnpackedEncoder(walk, kind, version, compression);
  }

  private RdbType hashType(int version) {
    if (!shape.expires) {
      return RdbType.HASH;
    }
    return RdbDialect.ofVersion(version) == RdbDialect.VALKEY
        ? RdbType.HASH_2_VALKEY
        : RdbType.HASH_METADATA;
  }

  /// The type of the bytes that [#write] gives.
  public RdbType type() {
    return type;
  }

  /// Gives `sink` the value's bytes, without the type byte.
  ///
  /// @throws IOException as the walk and `sink` do
  public void write(Sink sink) throws IOException {
    if (type == RdbType.HASH_METADATA) {
      out.putLongLittleEndian(shape.lowestExpiry);
    }
    out.putLength(shape.count);
    try {
      walk.walk(new Elements(sink));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    flush(sink);
  }

  private void flush(Sink sink) throws IOException {
    sink.write(out.array(), 0, out.size());
    out.clear();
  }

  /// What has to be known before the first element.
  private static final class Shape implements ElementHandler {

    private long count;
    private long lowestExpiry = Long.MAX_VALUE;
    private boolean expires;

    @Override
    public void element(ByteSlice element) {
      count++;
    }

    @Override
    public void member(ByteSlice member, double score) {
      count++;
    }

    @Override
    public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
      count++;
      if (expireAtMillis >= 0) {
        lowestExpiry = Math.min(lowestExpiry, expireAtMillis);
        expires = true;
      }
    }
  }

  private final class Elements implements ElementHandler {

    private final Sink sink;

    Elements(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void element(ByteSlice element) {
      put(element);
    }

    @Override
    public void member(ByteSlice member, double score) {
      put(member);
      out.putDouble(score);
    }

    @Override
    public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
      if (type == RdbType.HASH_METADATA) {
        out.putLength(expireAtMillis < 0 ? 0 : expireAtMillis - shape.lowestExpiry + 1);
      }
      put(field);
      put(value);
      if (type == RdbType.HASH_2_VALKEY) {
        out.putLongLittleEndian(expireAtMillis);
      }
    }

    private void put(ByteSlice string) {
      try {
        if (string.length() <= MOST_PACKED_BYTES) {
          out.putString(string.toByteArray());
        } else {
          out.putLength(string.length());
          flush(sink);
          sink.write(string.array(), string.offset(), string.length());
        }
        if (out.size() >= PART_BYTES) {
          flush(sink);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
