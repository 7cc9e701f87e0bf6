package io.redrill.rdb.salvage;

import static io.redrill.rdb.salvage.Lengths.NOWHERE;

import io.redrill.rdb.RdbType;
import java.io.IOException;

/// Follows the lengths inside of a value to its end without reading what lies between: so that a
/// length which is damage, and claims half of the file, costs nothing.
final class ValueLengths {

  /// The end of a value of this type is found by reading it only.
  static final long UNKNOWN = -2;

  private final FileBytes file;
  private final Lengths lengths;
  private long plainBytes;
  private long leadsTo;
  private boolean leadsOut;

  ValueLengths(FileBytes file) {
    this.file = file;
    this.lengths = new Lengths(file);
  }

  /// The offset after the value of type `type` at `at`; [Lengths#NOWHERE] if its lengths make no
  /// sense or lead out of the file; or [#UNKNOWN].
  long end(RdbType type, long at) throws IOException {
    plainBytes = 0;
    leadsTo = at;
    leadsOut = false;
    return switch (type) {
      case STRING,
          HASH_ZIPMAP,
          LIST_ZIPLIST,
          SET_INTSET,
          ZSET_ZIPLIST,
          HASH_ZIPLIST,
          HASH_LISTPACK,
          ZSET_LISTPACK,
          SET_LISTPACK ->
          string(at);
      case LIST, SET, LIST_QUICKLIST -> strings(at);
      case LIST_QUICKLIST_2 -> elements(at, node -> string(lengths.skipLength(node)));
      case HASH -> elements(at, field -> string(string(field)));
      case ZSET -> elements(at, member -> skipTextDouble(string(member)));
      case ZSET_2 -> elements(at, member -> skipBytes(string(member), Double.BYTES));
      case CRON_KEYDB -> {
        long keys = skipBytes(string(at), 16);
        yield keys == NOWHERE ? NOWHERE : strings(strings(keys));
      }
      default -> UNKNOWN;
    };
  }

  /// How many bytes the packed strings of the value looked at last take when they are unpacked.
  long plainBytes() {
    return plainBytes;
  }

  /// About where the value looked at last would end if it could be followed to its end: its
  /// elements up to where it cannot say how large the others are.
  long leadsTo() {
    return leadsTo;
  }

  /// Whether its lengths make sense as far as the file goes, and lead out of it.
  boolean leadsOut() {
    return leadsOut;
  }

  private long string(long at) throws IOException {
    long end = lengths.skipString(at);
    if (end != NOWHERE) {
      plainBytes += lengths.plainBytes(at);
    } else if (at != NOWHERE) {
      leadsOut = lengths.leadsOut(at);
    }
    return end;
  }

  private long strings(long at) throws IOException {
    return elements(at, this::string);
  }

  private interface Element {
    long end(long at) throws IOException;
  }

  private long elements(long at, Element element) throws IOException {
    long count = at == NOWHERE ? NOWHERE : lengths.length(at);
    if (count < 0 || count > file.size() - at) {
      return NOWHERE;
    }
    long first = lengths.afterLength(at);
    long end = first;
    for (long left = count; left > 0; left--) {
      long next = element.end(end);
      if (next == NOWHERE) {
        leadsTo = end + Math.round((double) (end - first) / Math.max(1, count - left) * left);
        return NOWHERE;
      }
      end = next;
    }
    return end;
  }

  private static long skipBytes(long at, int count) {
    return at == NOWHERE ? NOWHERE : at + count;
  }

  /// A byte for its length, or for one of three special values.
  private long skipTextDouble(long at) throws IOException {
    int length = at == NOWHERE ? -1 : file.peek(at);
    return length < 0 ? NOWHERE : length < 253 ? at + 1 + length : at + 1;
  }
}
