package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.util.Optional;

/// Says from a few bytes whether a record may begin at an offset, so that a search reads only what
/// is worth reading.
///
/// It looks at opcodes, types and lengths, follows a length to the byte behind it, and judges the
/// key by its [KeyShape]. It may take garbage for a record, but no record for garbage unless its
/// key is unlike the others.
final class Outline {

  private static final int SLOT_INFO = 244;
  private static final int LOWEST_OPCODE = 242;
  private static final int IDLE = 248;
  private static final int FREQUENCY = 249;
  private static final int AUX = 250;
  private static final int RESIZE_DB = 251;
  private static final int EXPIRE_MILLIS = 252;
  private static final int EXPIRE_SECONDS = 253;
  private static final int SELECT_DB = 254;
  private static final int END = 255;

  private static final int MOST_PREFIXES = 3;
  private static final long NOWHERE = -1;
  private static final int JUDGED_KEY_BYTES = 64;

  private final FileBytes file;
  private final RdbHeader header;
  private final KeyShape shape;

  Outline(FileBytes file, RdbHeader header, KeyShape shape) {
    this.file = file;
    this.header = header;
    this.shape = shape;
  }

  /// Whether a record may begin at `offset`, of which all the cheap signs are right.
  boolean mayBegin(long offset) throws IOException {
    int code = file.at(offset);
    return switch (code) {
      case AUX -> mayFollow(skipString(skipString(offset + 1)));
      case SELECT_DB -> mayFollow(skipLength(offset + 1));
      case RESIZE_DB -> mayFollow(skipLength(skipLength(offset + 1)));
      case END -> offset + 1 + (header.hasChecksum() ? 8 : 0) == file.size();
      default -> {
        long typeAt = skipPrefixes(offset);
        if (typeAt == offset && code >= SLOT_INFO) {
          yield true;
        }
        yield mayBeKey(typeAt);
      }
    };
  }

  /// Whether a key's record begins at `offset` as far as its key, whatever may follow.
  boolean beginsAsKey(long offset) throws IOException {
    return key(skipPrefixes(offset)) != NOWHERE;
  }

  private boolean mayBeKey(long typeAt) throws IOException {
    long value = key(typeAt);
    if (value == NOWHERE) {
      return false;
    }
    Optional<RdbType> type = RdbType.of(file.peek(typeAt), header.dialect());
    if (type.isEmpty()) {
      return false;
    }
    return switch (type.get()) {
      case STRING,
          HASH_ZIPMAP,
          LIST_ZIPLIST,
          SET_INTSET,
          ZSET_ZIPLIST,
          HASH_ZIPLIST,
          HASH_LISTPACK,
          ZSET_LISTPACK,
          SET_LISTPACK ->
          mayFollow(skipString(value));
      case LIST, SET, HASH, ZSET, ZSET_2, LIST_QUICKLIST, LIST_QUICKLIST_2 -> {
        long count = length(value);
        yield count > 0 && count < file.size() - value;
      }
      default -> true;
    };
  }

  /// The offset after the key of the type at `typeAt`.
  private long key(long typeAt) throws IOException {
    int code = file.peek(typeAt); // less than zero where there is nothing
    if (code < 0 || code >= LOWEST_OPCODE || RdbType.of(code, header.dialect()).isEmpty()) {
      return NOWHERE;
    }
    int first = file.peek(typeAt + 1);
    long end = skipString(typeAt + 1);
    if (end == NOWHERE || end >= file.size() || first == 0) {
      return NOWHERE;
    }
    return first >>> 6 == 3 || shape.takesBinary() || isText(typeAt + 1, end) ? end : NOWHERE;
  }

  private boolean isText(long lengthAt, long end) throws IOException {
    long from = afterLength(lengthAt);
    for (long at = from; at < Math.min(end, from + JUDGED_KEY_BYTES); at++) {
      int b = file.peek(at);
      if (b < ' ' || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /// Whether `offset` is one at which a record can begin, or the file ends.
  private boolean mayFollow(long offset) throws IOException {
    if (offset == NOWHERE || offset >= file.size()) {
      return offset == file.size();
    }
    int code = file.peek(offset);
    return code >= LOWEST_OPCODE || RdbType.of(code, header.dialect()).isPresent();
  }

  private long skipPrefixes(long offset) throws IOException {
    long at = offset;
    for (int i = 0; i < MOST_PREFIXES && at != NOWHERE; i++) {
      switch (file.peek(at)) {
        case EXPIRE_MILLIS -> at += 9;
        case EXPIRE_SECONDS -> at += 5;
        case FREQUENCY -> at += 2;
        case IDLE -> at = skipLength(at + 1);
        default -> {
          return at;
        }
      }
    }
    return at;
  }

  private long skipLength(long at) throws IOException {
    return at == NOWHERE || length(at) < 0 ? NOWHERE : afterLength(at);
  }

  private long afterLength(long at) throws IOException {
    int first = file.peek(at);
    return switch (first >>> 6) {
      case 0 -> at + 1;
      case 1 -> at + 2;
      default -> first == 0x80 ? at + 5 : at + 9;
    };
  }

  /// The length at `at`, or less than zero if there is none.
  private long length(long at) throws IOException {
    int first = file.peek(at);
    if (first < 0) {
      return NOWHERE;
    }
    return switch (first >>> 6) {
      case 0 -> first;
      case 1 -> (long) (first & 0x3f) << 8 | file.peek(at + 1);
      case 2 ->
          switch (first) {
            case 0x80 -> bigEndian(at + 1, 4);
            case 0x81 -> bigEndian(at + 1, 8);
            default -> NOWHERE;
          };
      default -> NOWHERE;
    };
  }

  private long bigEndian(long at, int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      int b = file.peek(at + i);
      if (b < 0) {
        return NOWHERE;
      }
      value = value << 8 | b;
    }
    return value;
  }

  /// The offset after the string at `at`, which lies inside of the file.
  private long skipString(long at) throws IOException {
    if (at == NOWHERE) {
      return NOWHERE;
    }
    int first = file.peek(at);
    if (first >>> 6 == 3 && first > 0) {
      return switch (first) {
        case 0xc0 -> inside(at + 1, 1);
        case 0xc1 -> inside(at + 1, 2);
        case 0xc2 -> inside(at + 1, 4);
        case 0xc3 -> {
          long packed = length(at + 1);
          long plainAt = skipLength(at + 1);
          long plain = plainAt == NOWHERE ? NOWHERE : length(plainAt);
          // One byte of LZF stands for at most 88.
          yield packed <= 0 || plain <= 0 || plain / 88 > packed
              ? NOWHERE
              : inside(afterLength(plainAt), packed);
        }
        default -> NOWHERE;
      };
    }
    long length = length(at);
    return length < 0 ? NOWHERE : inside(afterLength(at), length);
  }

  private long inside(long from, long length) {
    return length <= file.size() - from ? from + length : NOWHERE;
  }
}
