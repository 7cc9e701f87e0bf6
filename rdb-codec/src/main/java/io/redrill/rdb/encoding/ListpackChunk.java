package io.redrill.rdb.encoding;

import java.util.Objects;

/// A listpack that is changed in place: its elements lie somewhere inside an array, with room to
/// grow at both ends, so that pushing and popping move no other element.
///
/// | bytes | what |
/// |---|---|
/// | any | room, at least a listpack's header |
/// | ... | elements, as in a [Listpack] |
/// | any | room, at least its end byte |
///
/// A user that links chunks derives from this class, so that a link and its elements are one
/// object.
///
/// An element is addressed by its *position*, which any change makes void. Growing leaves room for
/// an eighth more, but 1 KiB at most, on the side that grew; where removals have left more room
/// than elements, it goes.
///
/// Invariants: `HEADER_BYTES <= start <= end < bytes.length`; `count` elements lie between.
public class ListpackChunk {

  /// The position of no element.
  public static final int NONE = Listpack.NONE;

  private static final int LEAST_ROOM_BYTES = 16;
  private static final int MOST_ROOM_BYTES = 1024;
  private static final byte[] NOTHING = {};

  private byte[] bytes;
  private int start;
  private int end;
  private int count;

  private ListpackChunk(byte[] bytes, int start, int end, int count) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.count = count;
  }

  /// Begins without elements.
  public ListpackChunk() {
    this(new byte[Listpack.HEADER_BYTES + 1], Listpack.HEADER_BYTES, Listpack.HEADER_BYTES, 0);
  }

  /// Begins with the elements of `listpack`, whose bytes this chunk takes over.
  public ListpackChunk(Listpack listpack) {
    this(listpack.bytes(), Listpack.HEADER_BYTES, listpack.bytes().length - 1, listpack.size());
  }

  /// Takes over the elements of `other`, which must not be used any more.
  protected ListpackChunk(ListpackChunk other) {
    this(other.bytes, other.start, other.end, other.count);
  }

  /// The number of elements.
  public final int size() {
    return count;
  }

  /// How many bytes the elements take as a listpack.
  public final int sizeBytes() {
    return Listpack.HEADER_BYTES + (end - start) + 1;
  }

  /// How many bytes the array has, the room included.
  public final int capacityBytes() {
    return bytes.length;
  }

  /// The position of the first element, or [#NONE].
  public final int first() {
    return count == 0 ? NONE : start;
  }

  /// The position of the last element, or [#NONE].
  public final int last() {
    return count == 0 ? NONE : ListpackElement.before(bytes, end);
  }

  /// The position after `at`, or [#NONE].
  public final int next(int at) {
    int next = ListpackElement.end(bytes, at);
    return next == end ? NONE : next;
  }

  /// The position before `at`, or [#NONE].
  public final int previous(int at) {
    return at == start ? NONE : ListpackElement.before(bytes, at);
  }

  /// The position of the element at `index`, from 0 to below [#size()].
  public final int position(int index) {
    Objects.checkIndex(index, count);
    if (index < count / 2) {
      int at = start;
      for (int i = 0; i < index; i++) {
        at = ListpackElement.end(bytes, at);
      }
      return at;
    }
    int at = end;
    for (int i = count; i > index; i--) {
      at = ListpackElement.before(bytes, at);
    }
    return at;
  }

  /// The element at `at` as text, in an array of its own.
  public final byte[] get(int at) {
    return ListpackElement.text(bytes, at);
  }

  /// Whether the element at `at` has the text `text`.
  public final boolean matches(int at, byte[] text) {
    return ListpackElement.matches(bytes, at, text);
  }

  /// Puts `element` before the first.
  public final void addFirst(byte[] element) {
    splice(start, start, ListpackElement.encode(element), 1);
  }

  /// Puts `element` behind the last.
  public final void addLast(byte[] element) {
    splice(end, end, ListpackElement.encode(element), 1);
  }

  /// Puts `element` before the one at `at`.
  public final void insert(int at, byte[] element) {
    splice(at, at, ListpackElement.encode(element), 1);
  }

  /// Puts `element` in place of the one at `at`.
  public final void replace(int at, byte[] element) {
    splice(at, ListpackElement.end(bytes, at), ListpackElement.encode(element), 0);
  }

  /// Removes `removed` elements from the one at `at` on, which must be there; returns the position
  /// of the element that was behind them, or [#NONE].
  public final int remove(int at, int removed) {
    int to = at;
    for (int i = 0; i < removed; i++) {
      to = ListpackElement.end(bytes, to);
    }
    int behind = end - to;
    splice(at, to, NOTHING, -removed);
    return behind == 0 ? NONE : end - behind;
  }

  /// Takes off the elements from the one at `at` on; returns them as a chunk of their own.
  public final ListpackChunk split(int at) {
    int kept = 0;
    for (int i = start; i < at; i = ListpackElement.end(bytes, i)) {
      kept++;
    }
    ListpackChunk tail = new ListpackChunk(bytes, at, end, count - kept);
    tail.trim();
    end = at;
    count = kept;
    trim();
    return tail;
  }

  /// Gives up the room.
  public final void trim() {
    byte[] fitting = new byte[sizeBytes()];
    System.arraycopy(bytes, start, fitting, Listpack.HEADER_BYTES, end - start);
    bytes = fitting;
    start = Listpack.HEADER_BYTES;
    end = fitting.length - 1;
  }

  /// The elements as a listpack's bytes, which are lent until the next change.
  public final byte[] toListpack() {
    if (sizeBytes() != bytes.length) {
      trim();
    }
    LittleEndian.putInt(bytes, 0, bytes.length);
    LittleEndian.putShort(bytes, 4, Math.min(count, Listpack.UNKNOWN_COUNT));
    bytes[bytes.length - 1] = (byte) Listpack.END;
    return bytes;
  }

  /// Puts `added` in place of the bytes in `[from, to)`, moving what lies on the shorter side.
  private void splice(int from, int to, byte[] added, int countChange) {
    int growth = added.length - (to - from);
    boolean front = from - start < end - to;
    if (front && start - growth >= Listpack.HEADER_BYTES) {
      System.arraycopy(bytes, start, bytes, start - growth, from - start);
      start -= growth;
      System.arraycopy(added, 0, bytes, to - added.length, added.length);
    } else if (!front && end + growth < bytes.length) {
      System.arraycopy(bytes, to, bytes, to + growth, end - to);
      end += growth;
      System.arraycopy(added, 0, bytes, from, added.length);
    } else {
      grow(from, to, added, front);
    }
    count += countChange;
    if (bytes.length - sizeBytes() > LEAST_ROOM_BYTES + sizeBytes()) {
      trim();
    }
  }

  private void grow(int from, int to, byte[] added, boolean front) {
    byte[] old = bytes;
    int used = Math.addExact(end - start - (to - from), added.length);
    int room = Math.clamp(used / 8, LEAST_ROOM_BYTES, MOST_ROOM_BYTES);
    int head = from - start;
    int tail = end - to;
    int at = Listpack.HEADER_BYTES + (front ? room : 0);
    byte[] larger = new byte[Math.addExact(Listpack.HEADER_BYTES + room + 1, used)];
    System.arraycopy(old, start, larger, at, head);
    System.arraycopy(added, 0, larger, at + head, added.length);
    System.arraycopy(old, to, larger, at + head + added.length, tail);
    bytes = larger;
    start = at;
    end = at + used;
  }
}
