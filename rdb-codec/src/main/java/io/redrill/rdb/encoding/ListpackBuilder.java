package io.redrill.rdb.encoding;

import java.io.ByteArrayOutputStream;

/// Packs elements into a [Listpack], one after the other. Not safe for use by several threads.
public final class ListpackBuilder {

  private final ByteArrayOutputStream elements = new ByteArrayOutputStream();
  private int count;

  /// Begins without elements.
  public ListpackBuilder() {}

  /// Appends `element`, as an integer where its text is one.
  public ListpackBuilder add(byte[] element) {
    elements.writeBytes(ListpackElement.encode(element));
    count++;
    return this;
  }

  /// Appends the integer `element`.
  public ListpackBuilder add(long element) {
    elements.writeBytes(ListpackElement.encode(element));
    count++;
    return this;
  }

  /// The number of elements so far.
  public int size() {
    return count;
  }

  /// The bytes that [#build()] would give now.
  public int sizeBytes() {
    return Listpack.HEADER_BYTES + elements.size() + 1;
  }

  /// Gives what has been added as a listpack. The builder can go on.
  public Listpack build() {
    byte[] bytes = new byte[sizeBytes()];
    LittleEndian.putInt(bytes, 0, bytes.length);
    LittleEndian.putShort(bytes, 4, Math.min(count, Listpack.UNKNOWN_COUNT));
    System.arraycopy(elements.toByteArray(), 0, bytes, Listpack.HEADER_BYTES, elements.size());
    bytes[bytes.length - 1] = (byte) Listpack.END;
    return Listpack.wrap(bytes);
  }
}
