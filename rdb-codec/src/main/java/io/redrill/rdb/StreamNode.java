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

  private static final int SAME_FIELDS = 2;

  private StreamNode() {}

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
