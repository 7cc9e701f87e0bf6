package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A list of short elements in one array of bytes, readable from both ends.
///
/// | bytes | what |
/// |---|---|
/// | 4 | total bytes, these and the end included |
/// | 2 | number of elements; 65535: walk and count |
/// | ... | elements: [ListpackElement] |
/// | 1 | `ff` |
///
/// An element is addressed by its *position*: the index of its first byte, or [#NONE]. An element
/// whose text is a canonical decimal is kept as an integer; as text it comes back the same.
///
/// An instance is a view and never changes its bytes; an edit returns another listpack in a new
/// array. Positions belong to the listpack that gave them.
public final class Listpack {

  /// The position of no element.
  public static final int NONE = -1;

  static final int HEADER_BYTES = 6;
  static final int END = 0xff;

  /// The stored count that stands for "too many for this field".
  static final int UNKNOWN_COUNT = 65535;

  private static final long HASH_MULTIPLIER = 0x9E3779B97F4A7C15L;

  private static final Listpack EMPTY = new ListpackBuilder().build();

  private final byte[] bytes;

  private Listpack(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The listpack without elements.
  public static Listpack empty() {
    return EMPTY;
  }

  /// Views `bytes`, which must be known to be whole, without a look at them.
  public static Listpack wrap(byte[] bytes) {
    return new Listpack(bytes);
  }

  /// Views `bytes` after a walk through all of them.
  ///
  /// @throws CorruptInputException if they are not a listpack; the offset is the one inside `bytes`
  public static Listpack parse(byte[] bytes) throws CorruptInputException {
    if (bytes.length < HEADER_BYTES + 1) {
      throw corrupt("a listpack is shorter than its header", 0);
    }
    if (LittleEndian.getUnsignedInt(bytes, 0) != bytes.length) {
      throw corrupt("a listpack's length field does not match its length", 0);
    }
    if ((bytes[bytes.length - 1] & 0xff) != END) {
      throw corrupt("a listpack does not end with its end byte", bytes.length - 1);
    }
    int end = bytes.length - 1;
    int at = HEADER_BYTES;
    int count = 0;
    while (at < end) {
      long next = ListpackElement.checkedEnd(bytes, at, end);
      if (next < 0) {
        throw corrupt("an element of a listpack is malformed", at);
      }
      at = (int) next;
      count++;
    }
    int stored = LittleEndian.getUnsignedShort(bytes, 4);
    if (stored != UNKNOWN_COUNT && stored != count) {
      throw corrupt("a listpack's count does not match its elements", 4);
    }
    return new Listpack(bytes);
  }

  /// Packs `elements`.
  public static Listpack of(List<byte[]> elements) {
    ListpackBuilder builder = new ListpackBuilder();
    elements.forEach(builder::add);
    return builder.build();
  }

  /// The bytes as they are stored; shared, not to be changed.
  public byte[] bytes() {
    return bytes;
  }

  /// The number of elements; takes a walk where there are 65535 or more.
  public int size() {
    int stored = LittleEndian.getUnsignedShort(bytes, 4);
    if (stored != UNKNOWN_COUNT) {
      return stored;
    }
    int count = 0;
    for (int at = first(); at != NONE; at = next(at)) {
      count++;
    }
    return count;
  }

  /// Whether there is no element.
  public boolean isEmpty() {
    return bytes.length == HEADER_BYTES + 1;
  }

  /// The position of the first element, or [#NONE].
  public int first() {
    return isEmpty() ? NONE : HEADER_BYTES;
  }

  /// The position of the last element, or [#NONE].
  public int last() {
    return isEmpty() ? NONE : ListpackElement.before(bytes, bytes.length - 1);
  }

  /// The position after `at`, or [#NONE].
  public int next(int at) {
    int next = ListpackElement.end(bytes, at);
    return next == bytes.length - 1 ? NONE : next;
  }

  /// The position before `at`, or [#NONE].
  public int previous(int at) {
    return at == HEADER_BYTES ? NONE : ListpackElement.before(bytes, at);
  }

  /// The position of the element at `index`, counted from 0, or from -1 at the end backwards;
  /// [#NONE] if there is no such element.
  public int position(int index) {
    int at;
    if (index >= 0) {
      at = first();
      for (int i = index; i > 0 && at != NONE; i--) {
        at = next(at);
      }
    } else {
      at = last();
      for (int i = -1; i > index && at != NONE; i--) {
        at = previous(at);
      }
    }
    return at;
  }

  /// Whether the element at `at` is kept as an integer.
  public boolean isInteger(int at) {
    return ListpackElement.isInteger(bytes, at);
  }

  /// The integer at `at`; only where [#isInteger] holds.
  public long integer(int at) {
    return ListpackElement.integer(bytes, at);
  }

  /// The element at `at` as text, in an array of its own.
  public byte[] get(int at) {
    return ListpackElement.text(bytes, at);
  }

  /// How many bytes of text the element at `at` has.
  public int length(int at) {
    return isInteger(at) ? DecimalText.length(integer(at)) : ListpackElement.textLength(bytes, at);
  }

  /// Whether the element at `at` has the text `text`.
  public boolean matches(int at, byte[] text) {
    return ListpackElement.matches(bytes, at, text);
  }

  /// The first position at or after `from` whose text is `text`, looking at each `step`-th element
  /// only (2 to look at the fields of field-value pairs), or [#NONE].
  public int find(byte[] text, int from, int step) {
    boolean isLong = DecimalText.isLong(text);
    long number = isLong ? DecimalText.parse(text) : 0;
    int at = from;
    while (at != NONE) {
      if (isInteger(at) ? isLong && integer(at) == number : matches(at, text)) {
        return at;
      }
      at = skip(at, step);
    }
    return NONE;
  }

  private int skip(int at, int steps) {
    int next = at;
    for (int i = 0; i < steps && next != NONE; i++) {
      next = next(next);
    }
    return next;
  }

  /// How the element at `at` compares with `text`, byte by byte, unsigned: negative, zero or
  /// positive.
  public int compare(int at, byte[] text) {
    if (isInteger(at)) {
      return Arrays.compareUnsigned(get(at), text);
    }
    int from = ListpackElement.textStart(bytes, at);
    int length = ListpackElement.textLength(bytes, at);
    return Arrays.compareUnsigned(bytes, from, from + length, text, 0, text.length);
  }

  /// Whether two of the elements have the same text, looking at each `step`-th element only.
  public boolean hasDuplicates(int step) {
    // Places by hash, half empty, so that the walk along a full stretch ends soon.
    int[] places = new int[Math.max(4, Integer.highestOneBit(size() / step + 1) * 4)];
    int at = first();
    while (at != NONE) {
      int slot = hash(at) & (places.length - 1);
      while (places[slot] != 0) {
        if (sameText(places[slot], at)) {
          return true;
        }
        slot = (slot + 1) & (places.length - 1);
      }
      places[slot] = at;
      at = skip(at, step);
    }
    return false;
  }

  /// Equal for equal texts, however they are kept: a decimal may also be kept as text.
  private int hash(int at) {
    if (isInteger(at)) {
      return Long.hashCode(integer(at) * HASH_MULTIPLIER);
    }
    int from = ListpackElement.textStart(bytes, at);
    int length = ListpackElement.textLength(bytes, at);
    byte first = length == 0 ? 0 : bytes[from];
    if (first == '-' || (first >= '0' && first <= '9')) {
      byte[] text = get(at);
      if (DecimalText.isLong(text)) {
        return Long.hashCode(DecimalText.parse(text) * HASH_MULTIPLIER);
      }
    }
    long hash = length;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ bytes[i]) * HASH_MULTIPLIER;
    }
    return Long.hashCode(hash);
  }

  private boolean sameText(int left, int right) {
    boolean areIntegers = isInteger(left) && isInteger(right);
    return areIntegers ? integer(left) == integer(right) : matches(left, get(right));
  }

  /// All elements as text, in order.
  public List<byte[]> elements() {
    List<byte[]> elements = new ArrayList<>(Math.min(size(), bytes.length));
    for (int at = first(); at != NONE; at = next(at)) {
      elements.add(get(at));
    }
    return elements;
  }

  /// This listpack with `elements` at its end.
  public Listpack append(byte[]... elements) {
    return insertAt(bytes.length - 1, elements);
  }

  /// This listpack with `elements` before the one at `at`.
  public Listpack insert(int at, byte[]... elements) {
    return insertAt(at, elements);
  }

  private Listpack insertAt(int at, byte[]... elements) {
    byte[][] stored = new byte[elements.length][];
    int added = 0;
    for (int i = 0; i < elements.length; i++) {
      stored[i] = ListpackElement.encode(elements[i]);
      added = Math.addExact(added, stored[i].length);
    }
    byte[] joined = new byte[added];
    int to = 0;
    for (byte[] one : stored) {
      System.arraycopy(one, 0, joined, to, one.length);
      to += one.length;
    }
    return splice(at, at, 0, joined, elements.length);
  }

  /// This listpack with `element` in place of the one at `at`.
  public Listpack replace(int at, byte[] element) {
    return splice(at, ListpackElement.end(bytes, at), 1, ListpackElement.encode(element), 1);
  }

  /// This listpack without `count` elements from `at` on, or fewer where there are fewer.
  public Listpack delete(int at, int count) {
    int end = at;
    int removed = 0;
    while (removed < count && end < bytes.length - 1) {
      end = ListpackElement.end(bytes, end);
      removed++;
    }
    return splice(at, end, removed, new byte[0], 0);
  }

  private Listpack splice(int from, int to, int removed, byte[] added, int addedCount) {
    int stored = LittleEndian.getUnsignedShort(bytes, 4);
    int count = (stored == UNKNOWN_COUNT ? size() : stored) - removed + addedCount;
    byte[] edited = new byte[Math.addExact(bytes.length - (to - from), added.length)];
    System.arraycopy(bytes, 0, edited, 0, from);
    System.arraycopy(added, 0, edited, from, added.length);
    System.arraycopy(bytes, to, edited, from + added.length, bytes.length - to);
    LittleEndian.putInt(edited, 0, edited.length);
    LittleEndian.putShort(edited, 4, Math.min(count, UNKNOWN_COUNT));
    return new Listpack(edited);
  }

  private static CorruptInputException corrupt(String problem, int offset) {
    return new CorruptInputException(problem, "listpack", offset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Listpack that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (byte[] element : elements()) {
      texts.add(new String(element, StandardCharsets.ISO_8859_1));
    }
    return texts.toString();
  }
}
