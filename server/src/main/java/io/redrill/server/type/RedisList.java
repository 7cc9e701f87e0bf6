package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.ListpackChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Elements in order, cheap to change at both ends: a chain of listpacks.
///
/// Each node holds as many elements as fit into the configured size, and at least one, however
/// long. Pushing and popping move nothing but what the node's array needs to grow, and inserting in
/// the middle moves at most one node's bytes.
///
/// Invariants: only the one node of an empty list is empty; the nodes' sizes add up to `size`.
public final class RedisList implements DecodedValue {

  /// The most that an element takes beside its bytes.
  private static final int ELEMENT_OVERHEAD_BYTES = 8;

  private static final class Node extends ListpackChunk {
    @Nullable Node previous;
    @Nullable Node next;

    Node() {}

    Node(Listpack listpack) {
      super(listpack);
    }

    Node(ListpackChunk elements) {
      super(elements);
    }
  }

  private Node first = new Node();
  private Node last = first;
  private int size;

  /// Begins without elements.
  public RedisList() {}

  /// Takes over the elements of `nodes`, whatever their sizes.
  static RedisList of(List<Listpack> nodes) {
    RedisList list = new RedisList();
    for (Listpack node : nodes) {
      if (!node.isEmpty()) {
        list.append(new Node(node));
      }
    }
    return list;
  }

  /// The nodes as listpacks, whose bytes are lent until the next change.
  List<byte[]> nodes() {
    List<byte[]> nodes = new ArrayList<>();
    for (Node node = first; node != null; node = node.next) {
      nodes.add(node.toListpack());
    }
    return nodes;
  }

  /// The number of elements.
  public int size() {
    return size;
  }

  /// As [#addFirst(byte[], EncodingLimits)], with nodes of the default size.
  public void addFirst(byte[] element) {
    addFirst(element, EncodingLimits.DEFAULT);
  }

  /// As [#addLast(byte[], EncodingLimits)], with nodes of the default size.
  public void addLast(byte[] element) {
    addLast(element, EncodingLimits.DEFAULT);
  }

  /// Puts an element before the first.
  public void addFirst(byte[] element, EncodingLimits limits) {
    if (isFull(first, element, limits)) {
      first.trim();
      link(null, new Node(), first);
    }
    first.addFirst(element);
    size++;
  }

  /// Puts an element behind the last.
  public void addLast(byte[] element, EncodingLimits limits) {
    if (isFull(last, element, limits)) {
      last.trim();
      link(last, new Node(), null);
    }
    last.addLast(element);
    size++;
  }

  /// Takes the first element; there must be one.
  public byte[] removeFirst() {
    return removeAt(first, first.first());
  }

  /// Takes the last element; there must be one.
  public byte[] removeLast() {
    return removeAt(last, last.last());
  }

  /// The element at `index`, from 0 to below [#size()].
  public byte[] get(int index) {
    Cursor cursor = cursor(index);
    return cursor.node.get(cursor.position());
  }

  /// Replaces the element at `index`.
  public void set(int index, byte[] element) {
    Cursor cursor = cursor(index);
    cursor.node.replace(cursor.position(), element);
  }

  /// As [#insert(int, byte[], EncodingLimits)], with nodes of the default size.
  public void insert(int index, byte[] element) {
    insert(index, element, EncodingLimits.DEFAULT);
  }

  /// Puts an element before the one at `index`, or at the end if that is the size.
  public void insert(int index, byte[] element, EncodingLimits limits) {
    if (index == size) {
      addLast(element, limits);
      return;
    }
    if (index == 0) {
      addFirst(element, limits);
      return;
    }
    Cursor cursor = cursor(index);
    Node node = cursor.node;
    if (isFull(node, element, limits)) {
      Node previous = node.previous;
      if (cursor.index > 0) {
        link(node, new Node(node.split(cursor.position())), node.next);
        previous = node;
      }
      if (previous == null || isFull(previous, element, limits)) {
        Node between = new Node();
        link(previous, between, previous == null ? first : previous.next);
        previous = between;
      }
      previous.addLast(element);
    } else {
      node.insert(cursor.position(), element);
    }
    size++;
  }

  /// Removes `count` elements from `index` on.
  public void removeRange(int index, int count) {
    if (count >= size) {
      first = new Node();
      last = first;
      size = 0;
      return;
    }
    int left = count;
    while (left > 0) {
      Cursor cursor = cursor(index);
      int removed = Math.min(left, cursor.node.size() - cursor.index);
      cursor.node.remove(cursor.position(), removed);
      removed(cursor.node, removed);
      left -= removed;
    }
  }

  /// Removes up to `limit` elements equal to `element`, from the head or from the tail; returns how
  /// many.
  public int removeEqual(byte[] element, int limit, boolean fromTail) {
    int removed = 0;
    Node node = fromTail ? last : first;
    while (node != null && removed < limit) {
      Node onward = fromTail ? node.previous : node.next;
      int sizeBefore = node.size();
      int at = fromTail ? node.last() : node.first();
      while (at != ListpackChunk.NONE && removed < limit) {
        if (!node.matches(at, element)) {
          at = fromTail ? node.previous(at) : node.next(at);
          continue;
        }
        int behind = node.remove(at, 1);
        removed++;
        if (!fromTail) {
          at = behind;
        } else {
          at = behind == ListpackChunk.NONE ? node.last() : node.previous(behind);
        }
      }
      removed(node, sizeBefore - node.size());
      node = onward;
    }
    return removed;
  }

  /// Shows the elements from `index` on, `count` of them.
  public void forRange(int index, int count, Consumer<byte[]> visitor) {
    if (count <= 0) {
      return;
    }
    Cursor cursor = cursor(index);
    Node node = cursor.node;
    int at = cursor.position();
    for (int left = count; left > 0; left--) {
      if (at == ListpackChunk.NONE) {
        node = Objects.requireNonNull(node.next);
        at = node.first();
      }
      visitor.accept(node.get(at));
      at = node.next(at);
    }
  }

  /// Shows each element with its index, from the head or from the tail, until the visitor says no.
  public void walk(boolean fromTail, Visitor visitor) {
    int index = fromTail ? size - 1 : 0;
    for (Node node = fromTail ? last : first;
        node != null;
        node = fromTail ? node.previous : node.next) {
      for (int at = fromTail ? node.last() : node.first();
          at != ListpackChunk.NONE;
          at = fromTail ? node.previous(at) : node.next(at)) {
        if (!visitor.visit(index, node.get(at))) {
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
    return of(nodes().stream().map(bytes -> Listpack.wrap(bytes.clone())).toList());
  }

  @Override
  public long sizeBytes() {
    long bytes = Footprint.object(12);
    for (Node node = first; node != null; node = node.next) {
      bytes += Footprint.object(24) + Footprint.array(node.capacityBytes());
    }
    return bytes;
  }

  /// An element by its index within a node.
  private record Cursor(Node node, int index) {
    int position() {
      return node.position(index);
    }
  }

  private Cursor cursor(int index) {
    Objects.checkIndex(index, size);
    Node node;
    int left;
    if (index < size / 2) {
      node = first;
      left = index;
      while (left >= node.size()) {
        left -= node.size();
        node = Objects.requireNonNull(node.next);
      }
    } else {
      node = last;
      left = index - size + node.size();
      while (left < 0) {
        node = Objects.requireNonNull(node.previous);
        left += node.size();
      }
    }
    return new Cursor(node, left);
  }

  /// Whether `element` must go to another node than this one.
  private static boolean isFull(Node node, byte[] element, EncodingLimits limits) {
    return node.size() > 0
        && (node.size() >= limits.listChunkElements()
            || node.sizeBytes() + (long) element.length + ELEMENT_OVERHEAD_BYTES
                > limits.listChunkBytes());
  }

  private void append(Node node) {
    if (size == 0) {
      first = node;
      last = node;
    } else {
      link(last, node, null);
    }
    size = Math.addExact(size, node.size());
  }

  /// Puts a node between two others, each null at the end of the chain.
  private void link(@Nullable Node before, Node node, @Nullable Node after) {
    node.previous = before;
    node.next = after;
    if (before == null) {
      first = node;
    } else {
      before.next = node;
    }
    if (after == null) {
      last = node;
    } else {
      after.previous = node;
    }
  }

  private void unlink(Node node) {
    if (node.previous == null) {
      first = Objects.requireNonNull(node.next);
    } else {
      node.previous.next = node.next;
    }
    if (node.next == null) {
      last = Objects.requireNonNull(node.previous);
    } else {
      node.next.previous = node.previous;
    }
  }

  private byte[] removeAt(Node node, int at) {
    byte[] element = node.get(at);
    node.remove(at, 1);
    removed(node, 1);
    return element;
  }

  /// Counts elements removed from a node, and drops the node if none are left.
  private void removed(Node node, int count) {
    size -= count;
    if (node.size() == 0 && first != last) {
      unlink(node);
    }
  }
}
