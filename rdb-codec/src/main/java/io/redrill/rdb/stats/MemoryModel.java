package io.redrill.rdb.stats;

/// The bytes that the parts of a value take in a redis-server 7.0 on 64 bits, as its own `MEMORY
/// USAGE` adds them up: allocations by their jemalloc class, entries of hash tables by their size.
///
/// | part | bytes |
/// |---|---|
/// | key | sds + table entry 24 |
/// | object | 16 |
/// | sds of n | class(n + 1 + header); header 1 below 32 bytes, then 3, 5, 9 |
/// | string | integer: 16; up to 44 bytes: class(20 + n); else 16 + sds |
/// | packed value of n | 16 + class(n) |
/// | list | 56 + for each node 32 + class(node) |
/// | hash table of n | 56 + 8 × the power of two from n on (at least 4) |
/// | set | 16 + table + for each member 24 + sds |
/// | hash | 16 + table + for each field 24 + sds + sds |
/// | sorted set | 64 + class(536) + table + for each member 24 + sds + class(24 + 16 × levels) |
/// | stream | see [#stream] |
final class MemoryModel {

  static final int OBJECT = 16;
  static final int TABLE_ENTRY = 24;
  private static final int TABLE = 56;
  private static final int QUICKLIST = 40;
  private static final int QUICKLIST_NODE = 32;
  private static final int LIST_NODE_LIMIT = 8192;
  private static final int EMBEDDED_LIMIT = 44;
  private static final int SKIPLIST_HEADER = 24 + 32 * 16;
  private static final int MAX_LEVELS = 32;
  private static final int SCALE = 1 << 20;

  private final Jemalloc jemalloc;
  private final long scaledSkiplistNode;

  MemoryModel(Jemalloc jemalloc) {
    this.jemalloc = jemalloc;
    this.scaledSkiplistNode = (long) (SCALE * meanSkiplistNode(jemalloc));
  }

  /// A node has one level more with probability 1/4 each.
  private static double meanSkiplistNode(Jemalloc jemalloc) {
    double mean = 0;
    double probability = 0.75;
    for (int levels = 1; levels <= MAX_LEVELS; levels++) {
      mean += probability * jemalloc.usable(24 + 16 * levels);
      probability /= 4;
    }
    return mean;
  }

  long key(int length) {
    return sds(length) + TABLE_ENTRY;
  }

  long sds(long length) {
    int header =
        length == 0
            ? 3
            : length < 32 ? 1 : length < 256 ? 3 : length < 65536 ? 5 : length >>> 32 == 0 ? 9 : 17;
    return jemalloc.usable(length + header + 1);
  }

  long string(long length, boolean isNumber) {
    if (isNumber) {
      return OBJECT;
    }
    return length <= EMBEDDED_LIMIT ? jemalloc.usable(OBJECT + 4 + length) : OBJECT + sds(length);
  }

  long packed(long bytes) {
    return OBJECT + jemalloc.usable(bytes);
  }

  long list() {
    return OBJECT + QUICKLIST;
  }

  long listNode(long bytes) {
    return QUICKLIST_NODE + jemalloc.usable(bytes);
  }

  /// The nodes of a list that is stored element by element, `bytes` in all.
  long listNodes(long bytes) {
    long full = bytes / LIST_NODE_LIMIT;
    long rest = bytes % LIST_NODE_LIMIT;
    return full * listNode(LIST_NODE_LIMIT) + (rest > 0 || full == 0 ? listNode(rest + 7) : 0);
  }

  long table(long elements) {
    return TABLE + 8 * slots(elements);
  }

  /// How many slots the hash table of `elements` has.
  static long slots(long elements) {
    return elements <= 4 ? 4 : Math.max(1, Long.highestOneBit(elements - 1)) << 1;
  }

  long sortedSet(long elements) {
    return OBJECT
        + 16
        + 32
        + jemalloc.usable(SKIPLIST_HEADER)
        + table(elements)
        + elements * TABLE_ENTRY
        + (elements * scaledSkiplistNode) / SCALE;
  }

  /// A stream of `nodes` listpacks, which have been counted by [#streamNode].
  long stream(long nodes) {
    return OBJECT + 80 + radixTree(nodes, nodes == 0 ? 1 : nodes + nodes / 3 + 1);
  }

  long streamNode(long bytes) {
    return jemalloc.usable(bytes);
  }

  long group(long pending) {
    return 40 + radixTree(pending, pending == 0 ? 1 : pending + pending / 3 + 1) + 24 * pending;
  }

  long consumer(long nameLength, long pending) {
    return 24 + nameLength + radixTree(pending, pending == 0 ? 1 : pending + pending / 3 + 1);
  }

  /// The server itself only guesses at these: so much for a name, so much for a node.
  private static long radixTree(long names, long nodes) {
    return names * 16 + nodes * (4 + 8 * 30);
  }
}
