package io.redrill.rdb;

import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.ListpackBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One node of a stream: a listpack of entries with ids close to each other.
///
/// | elements | what |
/// |---|---|
/// | live count, deleted count, n, n field names, 0 | the master entry |
/// | flags, milliseconds and sequence as distance from the node's id | an entry |
/// | either n and n field-value pairs, or the values of the master's fields | ... goes on |
/// | the number of these elements, to walk backwards | ... ends |
final class StreamNode {

  private static final int DELETED = 1;
  private static final int SAME_FIELDS = 2;

  private final Listpack listpack;
  private int at;
  private boolean isSound = true;

  private StreamNode(Listpack listpack) {
    this.listpack = listpack;
    this.at = listpack.first();
  }

  /// Adds the live entries of a node to `entries`; says whether the node is well-formed.
  static boolean read(StreamValue.Id first, Listpack listpack, List<StreamValue.Entry> entries) {
    StreamNode node = new StreamNode(listpack);
    return node.read(first, entries) && node.isSound;
  }

  private boolean read(StreamValue.Id first, List<StreamValue.Entry> entries) {
    long live = integer();
    long deleted = integer();
    List<byte[]> masterFields = texts(integer());
    if (integer() != 0 || !isSound) {
      return false;
    }
    while (at != Listpack.NONE) {
      long flags = integer();
      StreamValue.Id id =
          new StreamValue.Id(first.millis() + integer(), first.sequence() + integer());
      boolean hasSameFields = (flags & SAME_FIELDS) != 0;
      long fieldCount = hasSameFields ? masterFields.size() : integer();
      List<byte[]> pairs =
          hasSameFields ? interleaved(masterFields, texts(fieldCount)) : texts(2 * fieldCount);
      long elements = integer();
      if (!isSound || elements != (hasSameFields ? 3 + fieldCount : 4 + 2 * fieldCount)) {
        return false;
      }
      if ((flags & DELETED) != 0) {
        deleted--;
      } else {
        live--;
        entries.add(new StreamValue.Entry(id, pairs));
      }
    }
    return live == 0 && deleted == 0;
  }

  private long integer() {
    if (at == Listpack.NONE || !listpack.isInteger(at)) {
      isSound = false;
      return 0;
    }
    long value = listpack.integer(at);
    at = listpack.next(at);
    return value;
  }

  private List<byte[]> texts(long count) {
    List<byte[]> texts = new ArrayList<>();
    isSound &= count >= 0;
    for (long left = count; left > 0; left--) {
      if (at == Listpack.NONE) {
        isSound = false;
        return texts;
      }
      texts.add(listpack.get(at));
      at = listpack.next(at);
    }
    return texts;
  }

  private static List<byte[]> interleaved(List<byte[]> fields, List<byte[]> values) {
    List<byte[]> pairs = new ArrayList<>(2 * fields.size());
    for (int i = 0; i < values.size(); i++) {
      pairs.add(fields.get(i));
      pairs.add(values.get(i));
    }
    return pairs;
  }

  /// Packs `entries`, the first of which gives the node its id and the master its fields.
  static Listpack write(List<StreamValue.Entry> entries) {
    StreamValue.Id first = entries.getFirst().id();
    List<byte[]> master = fields(entries.getFirst());
    ListpackBuilder node = new ListpackBuilder();
    node.add(entries.size()).add(0).add(master.size());
    master.forEach(node::add);
    node.add(0);
    for (StreamValue.Entry entry : entries) {
      List<byte[]> pairs = entry.fieldsAndValues();
      boolean hasSameFields = areEqual(fields(entry), master);
      node.add(hasSameFields ? SAME_FIELDS : 0)
          .add(entry.id().millis() - first.millis())
          .add(entry.id().sequence() - first.sequence());
      if (hasSameFields) {
        for (int i = 1; i < pairs.size(); i += 2) {
          node.add(pairs.get(i));
        }
        node.add(3 + master.size());
      } else {
        node.add(pairs.size() / 2);
        pairs.forEach(node::add);
        node.add(4 + pairs.size());
      }
    }
    return node.build();
  }

  private static List<byte[]> fields(StreamValue.Entry entry) {
    List<byte[]> fields = new ArrayList<>();
    for (int i = 0; i < entry.fieldsAndValues().size(); i += 2) {
      fields.add(entry.fieldsAndValues().get(i));
    }
    return fields;
  }

  private static boolean areEqual(List<byte[]> left, List<byte[]> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!Arrays.equals(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }
}
