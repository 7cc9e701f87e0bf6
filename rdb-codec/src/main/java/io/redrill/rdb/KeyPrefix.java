package io.redrill.rdb;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What an RDB says about a key in front of it: when it expires, how it was used, what modules keep
/// about it. Other records may stand in between, and nothing is said about most keys.
final class KeyPrefix {

  /// Whoever cuts an RDB in pieces keeps what is said about a key with the key.
  private static final long MOST_BYTES = 64L << 20;

  private static final long NOT_BEGUN = -1;
  private static final int UNKNOWN = -1;
  private static final byte[] NOTHING = {};

  private final ByteInput in;
  private final RdbInput primitives;
  private final ValueScanner values;
  private final RdbReading how;
  private long offset = NOT_BEGUN;
  private long expireAtMillis = RdbRecord.Entry.NO_EXPIRY;
  private long idleSeconds = UNKNOWN;
  private int frequency = UNKNOWN;
  private byte[] metadata = NOTHING;

  /// Reads from `primitives`, whose module values `values` can pass over.
  KeyPrefix(RdbInput primitives, ValueScanner values, RdbReading how) {
    this.in = primitives.bytes();
    this.primitives = primitives;
    this.values = values;
    this.how = how;
  }

  /// What the opcode `code` says about the next key, in words; null if it is none of these.
  static @Nullable String words(int code, RdbDialect dialect) {
    return switch (code) {
      case Opcode.EXPIRE_MILLIS, Opcode.EXPIRE_SECONDS -> "an expiry";
      case Opcode.IDLE -> "an idle time";
      case Opcode.FREQUENCY -> "a use frequency";
      case Opcode.KEY_METADATA -> dialect == RdbDialect.VALKEY ? null : "a key's metadata";
      default -> null;
    };
  }

  /// Takes what follows `code`, which stands at `start` and for which there are [#words].
  void take(int code, long start, RdbHeader header) throws IOException {
    switch (code) {
      case Opcode.EXPIRE_MILLIS -> {
        long millis = in.readLongLittleEndian();
        expireAtMillis = how.readsBigEndian(header.version()) ? Long.reverseBytes(millis) : millis;
      }
      case Opcode.EXPIRE_SECONDS -> expireAtMillis = in.readIntLittleEndian() * 1000L;
      case Opcode.IDLE -> idleSeconds = primitives.length();
      case Opcode.FREQUENCY -> frequency = in.readByte();
      case Opcode.KEY_METADATA -> {
        in.hold();
        KeyMetadata.skip(primitives, values);
        ByteSlice held = new ByteSlice();
        in.held(held);
        metadata = held.toByteArray();
        in.release();
      }
      default -> throw new IllegalArgumentException("opcode " + code + " says nothing of a key");
    }
    if (!isBegun()) {
      offset = start;
    }
  }

  /// Forgets all, as the key it was about is over.
  void clear() {
    offset = NOT_BEGUN;
    expireAtMillis = RdbRecord.Entry.NO_EXPIRY;
    idleSeconds = UNKNOWN;
    frequency = UNKNOWN;
    metadata = NOTHING;
  }

  /// Whether something was said.
  boolean isBegun() {
    return offset != NOT_BEGUN;
  }

  /// Where that begins, if it [#isBegun].
  long offset() {
    return offset;
  }

  /// @throws TooLargeException if the record at `next` is too far from what was said
  void requireNear(long next) throws TooLargeException {
    if (isBegun() && next - offset > MOST_BYTES) {
      throw new TooLargeException(
          "more than 64 MiB stand between what is said about a key and the key", in.name(), next);
    }
  }

  long expireAtMillis() {
    return expireAtMillis;
  }

  long idleSeconds() {
    return idleSeconds;
  }

  int frequency() {
    return frequency;
  }

  byte[] metadata() {
    return metadata;
  }
}
