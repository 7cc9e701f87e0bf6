package io.redrill.server.dict;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A hash table of byte-string keys that grows without a pause and can be walked while it changes.
///
/// **Idea.** The table is cut into segments by the highest bits of the hash (extendible hashing): a
/// directory of `2^depth` slots points to segments, and a segment with fewer bits of its own fills
/// several slots. Inside a segment, the next bits choose one of up to 256 buckets, each a chain of
/// nodes. A full segment splits in two, which moves a few hundred nodes and never the whole table.
///
/// **Cursors.** Every bucket is a contiguous range of hash values, and buckets are laid out in hash
/// order, whatever the sizes. A cursor is therefore simply the hash from which to go on, and each
/// node that stays for the whole walk is met exactly once if the table only grows, at least once in
/// any case.
///
/// **Nodes are intrusive**: a user derives from [Node] and keeps its value there, so an element
/// costs one object beside its key.
///
/// Invariants: `directory.length == 1 << depth`; each segment's depth is at most `depth`; a segment
/// has `1 << bits` buckets. Segments never merge again; an empty table starts over.
public final class Dict<N extends Dict.Node> implements Iterable<N> {

  private static final int SMALLEST_BITS = 2;
  private static final int LARGEST_BITS = 8;
  private static final long HASHES = 1L << 32;

  /// A key and its place in the table; users add the value.
  public abstract static class Node {
    private final byte[] key;
    private final int hash;
    private @Nullable Node next;

    /// Makes a node of no table yet; `key` is kept, not copied.
    protected Node(byte[] key) {
      this.key = key;
      this.hash = KeyHash.of(key);
    }

    /// The key, which must not be changed.
    public final byte[] key() {
      return key;
    }
  }

  private static final class Segment {
    final int depth;
    int bits;
    int count;
    @Nullable Node[] buckets;

    Segment(int depth, int bits) {
      this.depth = depth;
      this.bits = bits;
      this.buckets = new @Nullable Node[1 << bits];
    }

    int bucketOf(int hash) {
      return (hash << depth) >>> (32 - bits);
    }

    void link(Node node) {
      int bucket = bucketOf(node.hash);
      node.next = buckets[bucket];
      buckets[bucket] = node;
      count++;
    }
  }

  private Segment[] directory = {new Segment(0, SMALLEST_BITS)};
  private int depth;
  private int size;

  /// The number of nodes.
  public int size() {
    return size;
  }

  /// Whether there is no node.
  public boolean isEmpty() {
    return size == 0;
  }

  /// The node with this key, or null.
  public @Nullable N get(byte[] key) {
    int hash = KeyHash.of(key);
    Segment segment = segmentOf(hash);
    for (Node node = segment.buckets[segment.bucketOf(hash)]; node != null; node = node.next) {
      if (node.hash == hash && Arrays.equals(node.key, key)) {
        return cast(node);
      }
    }
    return null;
  }

  /// Adds a node whose key is known to be absent.
  public void add(N node) {
    Segment segment = segmentOf(((Node) node).hash);
    if (segment.count >= segment.buckets.length) {
      grow(segment, ((Node) node).hash);
      segment = segmentOf(((Node) node).hash);
    }
    segment.link(node);
    size++;
  }

  /// Removes and returns the node with this key, or returns null.
  public @Nullable N remove(byte[] key) {
    int hash = KeyHash.of(key);
    Segment segment = segmentOf(hash);
    int bucket = segment.bucketOf(hash);
    Node before = null;
    for (Node node = segment.buckets[bucket]; node != null; node = node.next) {
      if (node.hash == hash && Arrays.equals(node.key, key)) {
        if (before == null) {
          segment.buckets[bucket] = node.next;
        } else {
          before.next = node.next;
        }
        node.next = null;
        segment.count--;
        size--;
        if (size == 0) {
          clear();
        }
        return cast(node);
      }
      before = node;
    }
    return null;
  }

  /// Forgets every node.
  public void clear() {
    directory = new Segment[] {new Segment(0, SMALLEST_BITS)};
    depth = 0;
    size = 0;
  }

  /// Shows `visitor` the nodes from `cursor` on, bucket by bucket, until about `count` were seen;
  /// the table must not be changed meanwhile. Returns the cursor to go on with, or 0 at the end.
  public long scan(long cursor, long count, Consumer<? super N> visitor) {
    if (cursor < 0 || cursor >= HASHES) {
      return 0;
    }
    long position = cursor;
    long left = count;
    // Empty buckets count a tenth, so that a sparse table cannot hold the server up.
    long buckets = Math.max(1, Math.min(count, Long.MAX_VALUE / 10)) * 10;
    while (position < HASHES) {
      if (left <= 0 || buckets-- <= 0) {
        return position;
      }
      int hash = (int) position;
      Segment segment = segmentOf(hash);
      for (Node node = segment.buckets[segment.bucketOf(hash)]; node != null; node = node.next) {
        visitor.accept(cast(node));
        left--;
      }
      int shift = 32 - segment.depth - segment.bits;
      position = ((position >>> shift) + 1) << shift;
    }
    return 0;
  }

  /// A node chosen at random; buckets are equally likely. Fails if the table is empty.
  public N random(RandomGenerator random) {
    if (size == 0) {
      throw new NoSuchElementException();
    }
    for (int attempt = 0; attempt < 64; attempt++) {
      int hash = random.nextInt();
      Segment segment = segmentOf(hash);
      Node head = segment.buckets[segment.bucketOf(hash)];
      if (head != null) {
        return pick(head, random);
      }
    }
    // Sparse after many deletions: take the next bucket that has something, in hash order.
    long position = random.nextInt() & (HASHES - 1);
    while (true) {
      int hash = (int) position;
      Segment segment = segmentOf(hash);
      Node head = segment.buckets[segment.bucketOf(hash)];
      if (head != null) {
        return pick(head, random);
      }
      int shift = segment.count == 0 ? 32 - segment.depth : 32 - segment.depth - segment.bits;
      position = (((position >>> shift) + 1) << shift) & (HASHES - 1);
    }
  }

  /// The nodes in hash order. The table must not be changed while iterating.
  @Override
  public Iterator<N> iterator() {
    return new NodeIterator();
  }

  private N pick(Node head, RandomGenerator random) {
    int length = 0;
    for (Node node = head; node != null; node = node.next) {
      length++;
    }
    Node chosen = head;
    for (int steps = length == 1 ? 0 : random.nextInt(length); steps > 0; steps--) {
      chosen = java.util.Objects.requireNonNull(chosen.next);
    }
    return cast(chosen);
  }

  private Segment segmentOf(int hash) {
    return directory[depth == 0 ? 0 : hash >>> (32 - depth)];
  }

  private void grow(Segment segment, int hash) {
    if (segment.bits < LARGEST_BITS) {
      Segment larger = new Segment(segment.depth, segment.bits + 1);
      relink(segment, larger, larger);
      replace(segment, hash, larger, larger);
    } else if (segment.depth + segment.bits < 31) {
      if (segment.depth == depth) {
        doubleDirectory();
      }
      Segment low = new Segment(segment.depth + 1, segment.bits);
      Segment high = new Segment(segment.depth + 1, segment.bits);
      relink(segment, low, high);
      replace(segment, hash, low, high);
    }
  }

  /// Moves every node of `from`: to `high` if the bit after its old depth is set.
  private static void relink(Segment from, Segment low, Segment high) {
    for (@Nullable Node head : from.buckets) {
      Node node = head;
      while (node != null) {
        Node next = node.next;
        boolean bit = (node.hash << from.depth) < 0;
        (bit ? high : low).link(node);
        node = next;
      }
    }
  }

  /// Points the slots of `old`, which holds `hash`, half to `low` and half to `high`.
  private void replace(Segment old, int hash, Segment low, Segment high) {
    int slots = 1 << (depth - old.depth);
    int first = old.depth == 0 ? 0 : (hash >>> (32 - old.depth)) * slots;
    for (int i = 0; i < slots; i++) {
      directory[first + i] = i < slots / 2 ? low : high;
    }
  }

  private void doubleDirectory() {
    Segment[] doubled = new Segment[directory.length * 2];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = directory[i / 2];
    }
    directory = doubled;
    depth++;
  }

  @SuppressWarnings("unchecked") // only nodes of type N are ever added
  private N cast(Node node) {
    return (N) node;
  }

  private final class NodeIterator implements Iterator<N> {
    private int slot;
    private int bucket;
    private @Nullable Node next;

    NodeIterator() {
      advance();
    }

    private void advance() {
      if (next != null && next.next != null) {
        next = next.next;
        return;
      }
      next = null;
      while (slot < directory.length) {
        Segment segment = directory[slot];
        while (bucket < segment.buckets.length) {
          next = segment.buckets[bucket++];
          if (next != null) {
            return;
          }
        }
        bucket = 0;
        slot += 1 << (depth - segment.depth);
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public N next() {
      Node node = next;
      if (node == null) {
        throw new NoSuchElementException();
      }
      advance();
      return cast(node);
    }
  }
}
