package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.util.ArrayList;
import java.util.List;

/// Takes all elements of a packed encoding at once.
final class PackedElements {

  private PackedElements() {}

  /// The elements of `bytes`, which `cursor` walks, as text.
  static List<byte[]> of(PackedCursor cursor, byte[] bytes) throws CorruptInputException {
    ElementSlot slot = new ElementSlot();
    List<byte[]> elements = new ArrayList<>();
    cursor.begin(bytes, 0, bytes.length);
    while (cursor.next(slot)) {
      elements.add(slot.text().toByteArray());
    }
    return elements;
  }
}
