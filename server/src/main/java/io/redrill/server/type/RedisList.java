package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Elements in order, cheap to change at both ends: a chain of chunks.
///
/// Each chunk is a ring of up to 128 elements, so pushing and popping move nothing, and inserting
/// in the middle moves at most one chunk.
public final class RedisList implements DecodedValue {

  private static final int CHUNK = 128;

  private static final class Chunk {
    byte[][] ring = new byte[4][];
    int head;
    int count;
    @Nullable Chunk previous;
    @Nullable Chunk next;

    int at(int index) {
      return (head + index) & (ring.length - 1);
    }

    byte[] get(int index) {
      return ring[at(index)];
    }

    void insert(int index, byte[] element) {
      if (count == ring.length) {
        byte[][] larger = new byte[ring.length * 2][];
        for (int i = 0; i < count; i++) {
          larger[i] = get(i);
        }
        ring = larger;
        head = 0;
      }
      if (index == 0) {
        head = (head - 1) & (ring.length - 1);
      } else {
        for (int i = count; i > index; i--) {
          ring[at(i)] = ring[at(i - 1)];
        }
      }
      count++;
      ring[at(index)] = element;
    }

    byte[] remove(int index) {
      byte[] element = get(index);
      if (index == 0) {
        ring[head] = EMPTY;
        head = at(1);
      } else {
        for (int i = index; i < count - 1; i++) {
          ring[at(i)] = ring[at(i + 1)];
        }
        ring[at(count - 1)] = EMPTY;
      }
      count--;
      return element;
    }
  }

  private static final byte[] EMPTY = {};

  private Chunk first = new Chunk();
  private Chunk last = first;
  private int size;
  private long payloadBytes;

  /// The number of elements.
  public int size() {
    return size;
  }

  /// Puts an element before the first; the array is kept.
  public void addFirst(byte[] element) {
    if (first.count == CHUNK) {
      Chunk chunk = new Chunk();
      chunk.next = first;
      first.previous = chunk;
      first = chunk;
    }
    first.insert(0, element);
    added(element);
  }

  /// Puts an element behind the last; the array is kept.
  public void addLast(byte[] element) {
    if (last.count == CHUNK) {
      Chunk chunk = new Chunk();
      chunk.previous = last;
      last.next = chunk;
      last = chunk;
    }
    last.insert(last.count, element);
    added(element);
  }

  /// Takes the first element; there must be one.
  public byte[] removeFirst() {
    return removeAt(first, 0);
  }

  /// Takes the last element; there must be one.
  public byte[] removeLast() {
    return removeAt(last, last.count - 1);
  }

  /// The element at `index`, from 0 to below [#size()].
  public byte[] get(int index) {
    Cursor cursor = cursor(index);
    return cursor.chunk.get(cursor.index);
  }

  /// Replaces the element at `index`.
  public void set(int index, byte[] element) {
    Cursor cursor = cursor(index);
    payloadBytes += element.length - cursor.chunk.get(cursor.index).length;
    cursor.chunk.ring[cursor.chunk.at(cursor.index)] = element;
  }

  /// Puts an element before the one at `index`, or at the end if that is the size.
  public void insert(int index, byte[] element) {
    if (index == size) {
      addLast(element);
      return;
    }
    Cursor cursor = cursor(index);
    Chunk chunk = cursor.chunk;
    int place = cursor.index;
    if (chunk.count == CHUNK) {
      Chunk tail = split(chunk);
      if (place >= chunk.count) {
        place -= chunk.count;
        chunk = tail;
      }
    }
    chunk.insert(place, element);
    added(element);
  }

  /// Removes `count` elements from `index` on.
  public void removeRange(int index, int count) {
    if (count >= size) {
      first = new Chunk();
      last = first;
      size = 0;
      payloadBytes = 0;
      return;
    }
    for (int i = 0; i < count; i++) {
      // From the nearer end this is one step each; from the middle, one chunk's worth of moves.
      if (index == 0) {
        removeFirst();
      } else if (index >= size - (count - i)) {
        removeLast();
      } else {
        Cursor cursor = cursor(index);
        removeAt(cursor.chunk, cursor.index);
      }
    }
  }

  /// Removes up to `limit` elements equal to `element`, from the head or from the tail; returns how
  /// many.
  public int removeEqual(byte[] element, int limit, boolean fromTail) {
    int removed = 0;
    Chunk chunk = fromTail ? last : first;
    while (chunk != null && removed < limit) {
      Chunk onward = fromTail ? chunk.previous : chunk.next;
      int index = fromTail ? chunk.count - 1 : 0;
      while (index >= 0 && index < chunk.count && removed < limit) {
        if (Arrays.equals(chunk.get(index), element)) {
          removeAt(chunk, index);
          removed++;
          index -= fromTail ? 1 : 0;
        } else {
          index += fromTail ? -1 : 1;
        }
      }
      chunk = onward;
    }
    return removed;
  }

  /// Shows the elements from `index` on, `count` of them.
  public void forRange(int index, int count, Consumer<byte[]> visitor) {
    if (count <= 0) {
      return;
    }
    Cursor cursor = cursor(index);
    Chunk chunk = cursor.chunk;
    int place = cursor.index;
    for (int left = count; left > 0; left--) {
      if (place == chunk.count) {
        chunk = Objects.requireNonNull(chunk.next);
        place = 0;
      }
      visitor.accept(chunk.get(place++));
    }
  }

  /// Shows each element with its index, from the head or from the tail, until the visitor says no.
  public void walk(boolean fromTail, Visitor visitor) {
    int index = fromTail ? size - 1 : 0;
    for (Chunk chunk = fromTail ? last : first;
        chunk != null;
        chunk = fromTail ? chunk.previous : chunk.next) {
      for (int i = 0; i < chunk.count; i++) {
        byte[] element = chunk.get(fromTail ? chunk.count - 1 - i : i);
        if (!visitor.visit(index, element)) {
          return;
        }
        index += fromTail ? -1 : 1;
      }
    }
  }

  /// Sees elements until it answers false.
  @FunctionalInterface
  public interface Visitor {
    /// Sees one element; answers whether to go on.
    boolean visit(int index, byte[] element);
  }

  @Override
  public RdbKind kind() {
    return RdbKind.LIST;
  }

  @Override
  public String encoding() {
    return "quicklist";
  }

  @Override
  public RdbValue toRdb() {
    List<byte[]> elements = new ArrayList<>(size);
    forRange(0, size, elements::add);
    return new RdbValue.ListValue(elements);
  }

  @Override
  public RedisList copy() {
    RedisList copy = new RedisList();
    forRange(0, size, copy::addLast);
    return copy;
  }

  @Override
  public long sizeBytes() {
    return 64 + payloadBytes + 20L * size;
  }

  private record Cursor(Chunk chunk, int index) {}

  private Cursor cursor(int index) {
    Objects.checkIndex(index, size);
    if (index < size / 2) {
      Chunk chunk = first;
      int left = index;
      while (left >= chunk.count) {
        left -= chunk.count;
        chunk = Objects.requireNonNull(chunk.next);
      }
      return new Cursor(chunk, left);
    }
    Chunk chunk = last;
    int fromEnd = size - 1 - index;
    while (fromEnd >= chunk.count) {
      fromEnd -= chunk.count;
      chunk = Objects.requireNonNull(chunk.previous);
    }
    return new Cursor(chunk, chunk.count - 1 - fromEnd);
  }

  private Chunk split(Chunk chunk) {
    Chunk tail = new Chunk();
    int keep = chunk.count / 2;
    for (int i = keep; i < chunk.count; i++) {
      tail.insert(tail.count, chunk.get(i));
      chunk.ring[chunk.at(i)] = EMPTY;
    }
    chunk.count = keep;
    tail.next = chunk.next;
    tail.previous = chunk;
    if (chunk.next == null) {
      last = tail;
    } else {
      chunk.next.previous = tail;
    }
    chunk.next = tail;
    return tail;
  }

  private byte[] removeAt(Chunk chunk, int index) {
    byte[] element = chunk.remove(index);
    size--;
    payloadBytes -= element.length;
    if (chunk.count == 0 && first != last) {
      Chunk previous = chunk.previous;
      Chunk next = chunk.next;
      if (previous == null) {
        first = Objects.requireNonNull(next);
      } else {
        previous.next = next;
      }
      if (next == null) {
        last = Objects.requireNonNull(previous);
      } else {
        next.previous = previous;
      }
    }
    return element;
  }

  private void added(byte[] element) {
    size++;
    payloadBytes += element.length;
  }
}
