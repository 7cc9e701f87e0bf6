package io.redrill.rdb.salvage;

import static io.redrill.rdb.salvage.Lengths.NOWHERE;

import io.redrill.rdb.Opcode;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.util.Optional;

/// Says from a few bytes whether a record may begin at an offset, so that a search reads only what
/// is worth reading: in a hole of random bytes one offset of some thousands.
///
/// It looks at opcodes, types and lengths, judges the key by its [KeyShape], and follows a length
/// to the byte behind it, where the outline of another record has to be. It may take garbage for a
/// record, but no record for garbage unless a key is unlike the others, or damage follows it.
final class Outline {

  /// A module's type is named by a number that takes them all.
  private static final int LONG_LENGTH = 0x81;

  private static final int STREAM_ID_BYTES = 16;

  /// An expiry, and an idle time of 9 bytes or a frequency.
  private static final int MOST_PREFIX_BYTES = 20;

  private static final int MOST_PREFIXES = 3;
  private static final int JUDGED_KEY_BYTES = 64;

  /// A record that ends somewhere behind its beginning, nobody knows where without reading it.
  private static final long SOMEWHERE = -2;

  private final FileBytes file;
  private final RdbHeader header;
  private final KeyShape shape;
  private final Lengths lengths;

  Outline(DamagedFile damaged) {
    this.file = damaged.bytes();
    this.header = damaged.header();
    this.shape = damaged.shape();
    this.lengths = new Lengths(file);
  }

  /// Whether a run of records may begin at `offset`: all the cheap signs of a record are right, and
  /// those of the next where it is known where that begins.
  boolean mayBegin(long offset) throws IOException {
    int code = file.at(offset);
    if (code == Opcode.FUNCTION_2 && !isScript(offset + 1)) {
      return false;
    }
    if (code == Opcode.HASH_TEMPLATE && header.dialect() == RdbDialect.REDIS) {
      return mayBeTemplate(offset + 1);
    }
    // What else stands between keys is found with the key behind it.
    if (code >= Opcode.LOWEST && code < Opcode.IDLE && code != Opcode.FUNCTION_2) {
      return false;
    }
    long end = end(offset);
    return end == SOMEWHERE || isEndOfFile(offset) || (end != NOWHERE && end(end) != NOWHERE);
  }

  /// Whether the end of the RDB stands at `offset`, where the file ends with it.
  boolean isEndOfFile(long offset) throws IOException {
    return file.peek(offset) == Opcode.END
        && offset + 1 + (header.hasChecksum() ? 8 : 0) == file.size();
  }

  /// The offset after the record at `offset`, if there may be one.
  private long end(long offset) throws IOException {
    int code = file.peek(offset);
    return switch (code) {
      case Opcode.AUX -> lengths.skipString(lengths.skipString(offset + 1));
      case Opcode.SELECT_DB -> lengths.skipLength(offset + 1);
      case Opcode.RESIZE_DB -> lengths.skipLength(lengths.skipLength(offset + 1));
      case Opcode.END -> isEndOfFile(offset) ? file.size() : NOWHERE;
      case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT ->
          shape.takesForeignRecords() ? lengths.skipLength(offset + 1) : NOWHERE;
      default ->
          code >= Opcode.LOWEST && code < Opcode.IDLE ? SOMEWHERE : endOfKey(skipPrefixes(offset));
    };
  }

  private boolean isScript(long at) throws IOException {
    int first = file.peek(at);
    // A library that is packed begins with its first letters as they are, after a count.
    long text =
        first == 0xc3 ? lengths.skipLength(lengths.skipLength(at + 1)) + 1 : lengths.skipLength(at);
    return text > 0 && file.peek(text) == '#' && file.peek(text + 1) == '!';
  }

  /// A number and a count of names, of which the first is inside of the file.
  private boolean mayBeTemplate(long at) throws IOException {
    long count = lengths.skipLength(at);
    return count != NOWHERE
        && endOfElements(count, lengths.skipString(lengths.skipLength(count))) != NOWHERE;
  }

  /// Whether a key's record begins at `offset` as far as its key, whatever may follow.
  boolean beginsAsKey(long offset) throws IOException {
    return key(skipPrefixes(offset)) != NOWHERE;
  }

  /// Where the record of the key whose type stands at `typeAt` begins, if an expiry stands in front
  /// of it; else `typeAt`. Not before `from`.
  long withExpiry(long typeAt, long from) throws IOException {
    for (long at = Math.max(from, typeAt - MOST_PREFIX_BYTES); at < typeAt; at++) {
      if (file.peek(at) == Opcode.EXPIRE_MILLIS
          && skipPrefixes(at) == typeAt
          && Evidence.isReasonable(lengths.littleEndian(at + 1))) {
        return at;
      }
    }
    return typeAt;
  }

  private long endOfKey(long typeAt) throws IOException {
    long value = key(typeAt);
    if (value == NOWHERE) {
      return NOWHERE;
    }
    return switch (type(typeAt).orElseThrow()) {
      case STRING,
          HASH_ZIPMAP,
          LIST_ZIPLIST,
          SET_INTSET,
          ZSET_ZIPLIST,
          HASH_ZIPLIST,
          HASH_LISTPACK,
          ZSET_LISTPACK,
          SET_LISTPACK ->
          lengths.skipString(value);
      case LIST, SET, HASH, ZSET, ZSET_2, LIST_QUICKLIST ->
          endOfElements(value, lengths.skipString(lengths.skipLength(value)));
      case LIST_QUICKLIST_2 -> {
        long nodes = lengths.skipLength(value);
        yield endOfElements(value, lengths.skipString(lengths.skipLength(nodes)));
      }
      case STREAM_LISTPACKS,
          STREAM_LISTPACKS_2,
          STREAM_LISTPACKS_3,
          STREAM_LISTPACKS_4,
          STREAM_LISTPACKS_5 ->
          mayBeStream(value) ? SOMEWHERE : NOWHERE;
      case CRON_KEYDB -> lengths.skipString(value) == NOWHERE ? NOWHERE : SOMEWHERE;
      case MODULE_2 -> file.peek(value) == LONG_LENGTH ? SOMEWHERE : NOWHERE;
      default -> SOMEWHERE;
    };
  }

  /// As there are a number of elements at `countAt`, of which the first ends at `firstEnd`.
  private long endOfElements(long countAt, long firstEnd) throws IOException {
    long count = lengths.length(countAt);
    return count <= 0 || count > file.size() - countAt || firstEnd == NOWHERE ? NOWHERE : SOMEWHERE;
  }

  /// A number of nodes, and the raw id of the first.
  private boolean mayBeStream(long at) throws IOException {
    long nodes = lengths.length(at);
    return nodes == 0 || (nodes > 0 && file.peek(lengths.afterLength(at)) == STREAM_ID_BYTES);
  }

  /// The offset after the key of the type at `typeAt`.
  private long key(long typeAt) throws IOException {
    if (typeAt == NOWHERE) {
      return NOWHERE;
    }
    int first = file.peek(typeAt + 1);
    if (first == 0 || type(typeAt).isEmpty()) {
      return NOWHERE; // an empty key is unlike any other, and all that a hole of zeros holds
    }
    long end = lengths.skipString(typeAt + 1);
    if (end == NOWHERE || end >= file.size()) {
      return NOWHERE;
    }
    return first >>> 6 == 3 || shape.takesBinary() || isText(typeAt + 1, end) ? end : NOWHERE;
  }

  /// The type that the byte at `at` names, if files of this version may hold it.
  private Optional<RdbType> type(long at) throws IOException {
    int code = file.peek(at); // less than zero where there is nothing
    return code < 0 || code >= Opcode.LOWEST
        ? Optional.empty()
        : RdbType.of(code, header.dialect())
            .filter(type -> type.minimumVersion() <= header.version());
  }

  private boolean isText(long lengthAt, long end) throws IOException {
    long from = lengths.afterLength(lengthAt);
    for (long at = from; at < Math.min(end, from + JUDGED_KEY_BYTES); at++) {
      int b = file.peek(at);
      if (b < ' ' || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private long skipPrefixes(long offset) throws IOException {
    long at = offset;
    for (int i = 0; i < MOST_PREFIXES && at != NOWHERE; i++) {
      switch (file.peek(at)) {
        case Opcode.EXPIRE_MILLIS -> at += 9;
        case Opcode.EXPIRE_SECONDS -> at += 5;
        case Opcode.FREQUENCY -> at += 2;
        case Opcode.IDLE -> at = lengths.skipLength(at + 1);
        default -> {
          return at;
        }
      }
    }
    return at;
  }
}
