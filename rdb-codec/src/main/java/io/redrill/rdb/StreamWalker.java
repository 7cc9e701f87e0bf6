package io.redrill.rdb;

import io.redrill.rdb.ElementHandler.StreamState;
import io.redrill.rdb.encoding.ElementSlot;
import io.redrill.rdb.encoding.ListpackCursor;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Walks a stream of the five versions of its type (15, 19, 21, 26 and 27).
///
/// | from version | what |
/// |---|---|
/// | 1 | count of nodes; each: string of the 16 raw bytes of its first id, string of a listpack ([StreamNode]) |
/// | 1 | number of live entries, last id |
/// | 2 | first id, greatest deleted id, number of entries ever added |
/// | 1 | its groups: [StreamGroups] |
final class StreamWalker {

  private static final int ID_BYTES = 16;
  private static final int DELETED = 1;
  private static final int SAME_FIELDS = 2;

  private final RdbInput in;
  private final Items items;
  private final StreamGroups groups;
  private final ListpackCursor node = new ListpackCursor();
  private final ElementSlot container = new ElementSlot();
  private final ElementSlot text = new ElementSlot();
  private final ElementSlot value = new ElementSlot();
  private final List<ElementSlot> masterFields = new ArrayList<>();
  private int masterCount;
  private long firstMillis;
  private long firstSequence;
  private long live;

  StreamWalker(RdbInput in, Items items) {
    this.in = in;
    this.items = items;
    this.groups = new StreamGroups(in, items);
  }

  void walk(int version, ElementHandler handler) throws IOException {
    live = 0;
    firstMillis = 0;
    firstSequence = 0;
    for (items.begin(in.count()); items.left() > 0; items.next()) {
      node(handler);
    }
    state(version, handler);
    items.end();
    groups.walk(version, handler);
  }

  private void state(int version, ElementHandler handler) throws IOException {
    long length = in.length();
    if (length != live) {
      throw in.corrupt(
          "the length of a stream (%d) does not match its entries (%d)".formatted(length, live));
    }
    long lastMillis = in.length();
    long lastSequence = in.length();
    handler.streamState(
        version == 1
            ? new StreamState(
                length, lastMillis, lastSequence, firstMillis, firstSequence, 0, 0, length)
            : new StreamState(
                length,
                lastMillis,
                lastSequence,
                in.length(),
                in.length(),
                in.length(),
                in.length(),
                in.length()));
  }

  private void node(ElementHandler handler) throws IOException {
    in.string(container);
    ByteSlice id = container.text();
    if (id.length() != ID_BYTES) {
      throw in.corrupt("the id of a stream's node is not 16 bytes long");
    }
    long millis = Long.reverseBytes(LittleEndian.getLong(id.array(), id.offset()));
    long sequence = Long.reverseBytes(LittleEndian.getLong(id.array(), id.offset() + 8));
    in.string(container);
    ByteSlice packed = container.text();
    handler.node(packed.length());
    node.begin(packed.array(), packed.offset(), packed.length());
    long liveLeft = integer();
    long deletedLeft = integer();
    master(integer());
    while (node.next(text)) {
      if (!text.isInteger()) {
        throw malformed();
      }
      if (entry((int) text.integer(), millis, sequence, handler)) {
        liveLeft--;
      } else {
        deletedLeft--;
      }
    }
    if (liveLeft != 0 || deletedLeft != 0) {
      throw malformed();
    }
  }

  private void master(long count) throws IOException {
    if (count < 0) {
      throw malformed();
    }
    masterCount = 0;
    for (long left = count; left > 0; left--) {
      if (masterCount == masterFields.size()) {
        masterFields.add(new ElementSlot());
      }
      next(masterFields.get(masterCount));
      masterCount++;
    }
    if (integer() != 0) {
      throw malformed();
    }
  }

  /// Takes an entry after its flags; says whether it lives.
  private boolean entry(int flags, long nodeMillis, long nodeSequence, ElementHandler handler)
      throws IOException {
    long millis = nodeMillis + integer();
    long sequence = nodeSequence + integer();
    boolean isLive = (flags & DELETED) == 0;
    boolean hasSameFields = (flags & SAME_FIELDS) != 0;
    long fields = hasSameFields ? masterCount : integer();
    if (isLive) {
      if (live++ == 0) {
        firstMillis = millis;
        firstSequence = sequence;
      }
      handler.streamEntry(millis, sequence);
    }
    if (fields < 0) {
      throw malformed();
    }
    for (long i = 0; i < fields; i++) {
      ElementSlot field = text;
      if (hasSameFields) {
        field = masterFields.get((int) i);
      } else {
        next(text);
      }
      next(value);
      if (isLive) {
        handler.streamField(field.text(), value.text());
      }
    }
    // How many elements the entry has, to walk backwards.
    if (integer() != (hasSameFields ? 3 + fields : 4 + 2 * fields)) {
      throw malformed();
    }
    return isLive;
  }

  private void next(ElementSlot slot) throws IOException {
    if (!node.next(slot)) {
      throw malformed();
    }
  }

  private long integer() throws IOException {
    next(value);
    if (!value.isInteger()) {
      throw malformed();
    }
    return value.integer();
  }

  private CorruptInputException malformed() {
    return in.corrupt("a node of a stream is malformed");
  }
}
