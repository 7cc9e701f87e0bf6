package io.redrill.rdb.stats;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbType;
import java.io.IOException;

/// Measures one key after the other by the lengths that stand in the file, without unpacking or
/// keeping anything: its bytes there, its elements, and the memory a server takes for it
/// ([MemoryModel]).
///
/// Of a packed value the count in its header is taken; only one that says "count them" is walked,
/// and values of modules and of types that Redis 7.0 does not know, whose memory is taken to be
/// what they have in the file. A value that is too large to be held is walked too. Not safe for use
/// by several threads.
public final class KeyMeasure {

  private static final int UNCOUNTED = 0xffff;
  private static final int ZIPMAP_UNCOUNTED = 254;

  private final MemoryModel memory;
  private final StoredString in = new StoredString();
  private final WalkedMeasure walked;
  private RdbKind kind = RdbKind.STRING;
  private long storedBytes;
  private long elements;
  private long memoryBytes;

  /// Measures for servers with `jemalloc`.
  public KeyMeasure(Jemalloc jemalloc) {
    this.memory = new MemoryModel(jemalloc);
    this.walked = new WalkedMeasure(memory);
  }

  /// Measures the key that `cursor` stands at.
  ///
  /// @throws IOException as the cursor does; also where a value that has to be walked is damaged
  public void measure(RdbCursor cursor) throws IOException {
    RdbType type = cursor.type();
    kind = type.kind();
    if (cursor.isValuePassing()) {
      walk(cursor);
      storedBytes = cursor.offset() - cursor.recordOffset();
      memoryBytes =
          memory.key(cursor.key().length()) + walked.end(cursor.offset() - cursor.valueOffset());
      return;
    }
    ByteSlice value = cursor.value();
    storedBytes = cursor.valueOffset() - cursor.recordOffset() + value.length();
    elements = -1;
    in.begin(value);
    memoryBytes = memory.key(cursor.key().length()) + value(type, value);
    if (elements < 0) {
      walk(cursor);
    }
  }

  private void walk(RdbCursor cursor) throws IOException {
    walked.begin(cursor.type());
    cursor.walk(walked);
    elements = walked.elements();
    kind = walked.kind();
  }

  /// What the value is to a client; of a module's value only this tells.
  public RdbKind kind() {
    return kind;
  }

  /// What the key takes in the file, with what stands in front of it and its value.
  public long storedBytes() {
    return storedBytes;
  }

  /// The number of elements, fields or entries; 1 for a string.
  public long elements() {
    return elements;
  }

  /// The memory that a server takes for key and value, as its `MEMORY USAGE` would say.
  public long memoryBytes() {
    return memoryBytes;
  }

  private long value(RdbType type, ByteSlice value) {
    return switch (type) {
      case STRING -> {
        in.next();
        elements = 1;
        yield memory.string(in.length(), in.isNumber());
      }
      case SET_INTSET -> packed(4, 4, 1, Long.MAX_VALUE);
      case SET_LISTPACK -> packed(4, 2, 1, UNCOUNTED);
      case ZSET_LISTPACK, HASH_LISTPACK -> packed(4, 2, 2, UNCOUNTED);
      case ZSET_ZIPLIST, HASH_ZIPLIST -> packed(8, 2, 2, UNCOUNTED);
      case HASH_ZIPMAP -> packed(0, 1, 1, ZIPMAP_UNCOUNTED);
      case HASH_LISTPACK_EX -> {
        in.skip(8);
        yield packed(4, 2, 3, UNCOUNTED);
      }
      case HASH_LISTPACK_EX_CANDIDATE -> packed(4, 2, 3, UNCOUNTED);
      case LIST_ZIPLIST -> {
        in.next();
        count(in.header(8, 2), 1, UNCOUNTED);
        yield memory.list() + memory.listNode(in.length());
      }
      case LIST_QUICKLIST -> nodes(false);
      case LIST_QUICKLIST_2 -> nodes(true);
      case LIST -> plainList();
      case SET -> table(1, 0);
      case HASH -> table(2, 0);
      case HASH_2_VALKEY -> table(2, 8);
      case HASH_METADATA -> {
        in.skip(8);
        yield expiringFields();
      }
      case HASH_METADATA_CANDIDATE -> expiringFields();
      case ZSET -> sortedSet(true);
      case ZSET_2 -> sortedSet(false);
      case STREAM_LISTPACKS,
          STREAM_LISTPACKS_2,
          STREAM_LISTPACKS_3,
          STREAM_LISTPACKS_4,
          STREAM_LISTPACKS_5 ->
          stream(type);
      case MODULE_2,
          HASH_TEMPLATE_LISTPACK,
          HASH_TEMPLATE_LISTPACK_REF,
          HASH_TEMPLATE_ARRAY,
          HASH_TEMPLATE_ARRAY_REF,
          ARRAY,
          GCRA,
          CRON_KEYDB,
          PATH_HASH_VALKEY ->
          memory.packed(value.length());
    };
  }

  private long packed(int offset, int width, int perElement, long uncounted) {
    in.next();
    count(in.header(offset, width), perElement, uncounted);
    return memory.packed(in.length());
  }

  private void count(long counted, int perElement, long uncounted) {
    elements = counted < 0 || counted >= uncounted ? -1 : counted / perElement;
  }

  private long nodes(boolean withContainer) {
    long bytes = memory.list();
    long sum = 0;
    for (long left = in.number(); left > 0; left--) {
      boolean isPlain = withContainer && in.number() == 1;
      in.next();
      bytes += memory.listNode(in.length());
      long counted = isPlain ? 1 : in.header(withContainer ? 4 : 8, 2);
      sum = sum < 0 || counted < 0 || counted == UNCOUNTED ? -1 : sum + counted;
    }
    elements = sum;
    return bytes;
  }

  private long plainList() {
    elements = in.number();
    long bytes = 0;
    for (long left = elements; left > 0; left--) {
      in.next();
      bytes += packedBytes(in.length());
    }
    return memory.list() + memory.listNodes(bytes);
  }

  /// What a string of `length` bytes takes in a listpack.
  static long packedBytes(long length) {
    return length + (length < 64 ? 2 : length < 4096 ? 4 : 10);
  }

  /// A hash table whose entries have `strings` strings each and `extra` bytes after them.
  private long table(int strings, int extra) {
    elements = in.number();
    long bytes = MemoryModel.OBJECT + memory.table(elements) + elements * MemoryModel.TABLE_ENTRY;
    for (long left = elements; left > 0; left--) {
      for (int i = 0; i < strings; i++) {
        in.next();
        bytes += memory.sds(in.length());
      }
      in.skip(extra);
    }
    return bytes;
  }

  private long expiringFields() {
    elements = in.number();
    long bytes = MemoryModel.OBJECT + memory.table(elements) + elements * MemoryModel.TABLE_ENTRY;
    for (long left = elements; left > 0; left--) {
      in.number();
      in.next();
      bytes += memory.sds(in.length());
      in.next();
      bytes += memory.sds(in.length());
    }
    return bytes;
  }

  private long sortedSet(boolean hasTextScores) {
    elements = in.number();
    long bytes = memory.sortedSet(elements);
    for (long left = elements; left > 0; left--) {
      in.next();
      bytes += memory.sds(in.length());
      if (hasTextScores) {
        in.skipTextDouble();
      } else {
        in.skip(8);
      }
    }
    return bytes;
  }

  private long stream(RdbType type) {
    boolean isFirst = type == RdbType.STREAM_LISTPACKS;
    boolean hasActiveTime = !isFirst && type != RdbType.STREAM_LISTPACKS_2;
    long nodes = in.number();
    long bytes = memory.stream(nodes);
    for (long left = nodes; left > 0; left--) {
      in.next();
      in.next();
      bytes += memory.streamNode(in.length());
    }
    elements = in.number();
    numbers(isFirst ? 2 : 7);
    for (long groups = in.number(); groups > 0; groups--) {
      in.next();
      numbers(isFirst ? 2 : 3);
      long pending = in.number();
      bytes += memory.group(pending);
      for (long left = pending; left > 0; left--) {
        in.skip(24);
        in.number();
      }
      for (long consumers = in.number(); consumers > 0; consumers--) {
        in.next();
        long name = in.length();
        in.skip(hasActiveTime ? 16 : 8);
        long owned = in.number();
        in.skip((int) owned * 16);
        bytes += memory.consumer(name, owned);
      }
      if (type == RdbType.STREAM_LISTPACKS_5) {
        in.skip((int) in.number() * 16);
      }
    }
    return bytes;
  }

  private void numbers(int count) {
    for (int i = 0; i < count; i++) {
      in.number();
    }
  }
}
