package io.redrill.rdb;

import io.redrill.rdb.encoding.ElementSlot;
import io.redrill.rdb.encoding.ListpackCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Hashes whose field names stand apart from their values (Redis 8.10).
///
/// | type | layout |
/// |---|---|
/// | 29 | names, listpack: any integer, then the values |
/// | 30 | listpack: a template's id, then the values |
/// | 31 | names, the values as strings |
/// | 32 | a template's id, the values as strings |
///
/// The names are 0 and a listpack, or 1, their count and strings. Known from descriptions only.
final class HashTemplates {

  private static final int NEVER = -1;

  /// An array's header, its padding and the reference to it.
  private static final int NAME_BYTES = 28;

  /// The record, its list and its place in the map.
  private static final int TEMPLATE_BYTES = 150;

  private static final String OF_ONE_HASH = "the names of the fields of a hash";
  private static final String OF_THE_FILE =
      "the field templates of the file, which are kept to its end,";

  private HashTemplates() {}

  /// How much memory names may take that are kept.
  static long roomBytes() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  /// The names of fields that stand next.
  ///
  /// @throws TooLargeException if they take more than `roomBytes` of memory
  static List<byte[]> fields(RdbInput in, long roomBytes) throws IOException {
    return switch (in.tag()) {
      case ValueScanner.TEMPLATE_LISTPACK -> {
        Names names = new Names(in, roomBytes, OF_ONE_HASH);
        ListpackCursor cursor = open(in);
        for (ElementSlot slot = new ElementSlot(); cursor.next(slot); ) {
          names.add(slot.text().toByteArray());
        }
        yield names.all;
      }
      case ValueScanner.TEMPLATE_STRINGS -> strings(in, in.count(), roomBytes, OF_ONE_HASH);
      default -> throw in.corrupt("the fields of a hash are neither a listpack nor strings");
    };
  }

  private static List<byte[]> strings(RdbInput in, long count, long roomBytes, String what)
      throws IOException {
    Names names = new Names(in, roomBytes, what);
    for (long left = count; left > 0; left--) {
      names.add(in.string());
    }
    return names.all;
  }

  /// Names that are kept while there is room for them.
  private static final class Names {

    private final RdbInput in;
    private final String what;
    private final List<byte[]> all = new ArrayList<>();
    private long left;

    Names(RdbInput in, long roomBytes, String what) {
      this.in = in;
      this.left = roomBytes;
      this.what = what;
    }

    void add(byte[] name) throws TooLargeException {
      all.add(name);
      left -= NAME_BYTES + name.length;
      if (left < 0) {
        throw new TooLargeException(
            what + " take more than a quarter of the memory",
            in.bytes().name(),
            in.bytes().offset());
      }
    }
  }

  static RdbRecord.HashTemplate find(
      RdbInput in, long id, Map<Long, RdbRecord.HashTemplate> templates)
      throws CorruptInputException {
    RdbRecord.HashTemplate template = templates.get(id);
    if (template == null) {
      throw missing(id, in.bytes().name(), in.bytes().offset());
    }
    return template;
  }

  private static CorruptInputException missing(long id, String input, long offset) {
    return new CorruptInputException(
        "a hash refers to the field template " + Long.toUnsignedString(id) + ", which is not there",
        input,
        offset);
  }

  /// Walks the values of `names` in the listpack that stands next, the first element of which
  /// counts for nothing.
  static void packed(RdbInput in, List<byte[]> names, ElementHandler handler) throws IOException {
    ElementSlot slot = new ElementSlot();
    ListpackCursor cursor = open(in);
    if (!cursor.next(slot)) {
      throw in.corrupt("the values of a hash do not match its field template");
    }
    values(in, cursor, names, handler);
  }

  /// As [#packed], with the names of the template that the first element names.
  static void packedReference(
      RdbInput in, Map<Long, RdbRecord.HashTemplate> templates, ElementHandler handler)
      throws IOException {
    ElementSlot slot = new ElementSlot();
    ListpackCursor cursor = open(in);
    if (!cursor.next(slot) || !slot.isInteger()) {
      throw in.corrupt("a hash does not name its field template");
    }
    values(in, cursor, find(in, slot.integer(), templates).fields(), handler);
  }

  private static ListpackCursor open(RdbInput in) throws IOException {
    byte[] packed = in.string();
    ListpackCursor cursor = new ListpackCursor();
    cursor.begin(packed, 0, packed.length);
    return cursor;
  }

  private static void values(
      RdbInput in, ListpackCursor cursor, List<byte[]> names, ElementHandler handler)
      throws IOException {
    ElementSlot slot = new ElementSlot();
    for (byte[] name : names) {
      if (!cursor.next(slot)) {
        throw in.corrupt("the values of a hash do not match its field template");
      }
      handler.field(ByteSlice.of(name), slot.text(), NEVER);
    }
    if (cursor.next(slot)) {
      throw in.corrupt("the values of a hash do not match its field template");
    }
  }

  /// A template after its opcode: id, count, names.
  ///
  /// @throws TooLargeException if it takes more than `roomBytes` of memory
  static RdbRecord.HashTemplate read(RdbInput in, long roomBytes) throws IOException {
    long id = in.length();
    long count = in.count();
    if (count < 1) {
      throw in.corrupt("a field template has no fields");
    }
    return new RdbRecord.HashTemplate(id, strings(in, count, roomBytes, OF_THE_FILE));
  }

  /// About how much memory `template` takes while it is kept, in bytes.
  static long memoryBytes(RdbRecord.HashTemplate template) {
    long bytes = TEMPLATE_BYTES;
    for (byte[] name : template.fields()) {
      bytes += NAME_BYTES + name.length;
    }
    return bytes;
  }

  /// The type of a value of type `stored` that has its field names in place of a reference.
  static RdbType complete(RdbType stored) {
    return switch (stored) {
      case HASH_TEMPLATE_LISTPACK_REF -> RdbType.HASH_TEMPLATE_LISTPACK;
      case HASH_TEMPLATE_ARRAY_REF -> RdbType.HASH_TEMPLATE_ARRAY;
      default -> stored;
    };
  }

  /// The bytes of a value that refers to one of `templates`, with the names in place of the
  /// reference.
  ///
  /// @param value of type 30 or 32
  static byte[] complete(RdbType type, byte[] value, Map<Long, RdbRecord.HashTemplate> templates)
      throws FormatException {
    long id = referredId(type, value);
    RdbRecord.HashTemplate template = templates.get(id);
    if (template == null) {
      throw missing(id, "value", 0);
    }
    RdbOutput out = new RdbOutput(false);
    out.putLength(ValueScanner.TEMPLATE_STRINGS);
    out.putLength(template.fields().size());
    template.fields().forEach(out::putString);
    int from = type == RdbType.HASH_TEMPLATE_ARRAY_REF ? lengthBytes(value[0] & 0xff) : 0;
    out.putBytes(value, from, value.length - from);
    return out.toByteArray();
  }

  /// Whether a value, of type 30 or 32, refers to none of `templates`.
  ///
  /// @throws FormatException if it refers to nothing
  static boolean isMissing(RdbType type, byte[] value, Map<Long, RdbRecord.HashTemplate> templates)
      throws FormatException {
    return !templates.containsKey(referredId(type, value));
  }

  private static long referredId(RdbType type, byte[] value) throws FormatException {
    boolean isArray = type == RdbType.HASH_TEMPLATE_ARRAY_REF;
    return PackedValues.whole(value, in -> referredId(in, isArray, value.length));
  }

  private static long referredId(RdbInput in, boolean isArray, int valueBytes) throws IOException {
    if (isArray) {
      long id = in.length();
      in.bytes().skip(valueBytes - in.bytes().offset());
      return id;
    }
    ElementSlot slot = new ElementSlot();
    if (!open(in).next(slot) || !slot.isInteger()) {
      throw in.corrupt("a hash does not name its field template");
    }
    return slot.integer();
  }

  private static int lengthBytes(int first) {
    return switch (first >>> 6) {
      case 0 -> 1;
      case 1 -> 2;
      default -> first == 0x80 ? 5 : 9;
    };
  }
}
