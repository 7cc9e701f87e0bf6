package io.redrill.server.type;

/// How many bytes objects take on the heap, so that sizes that are told are those of the records.
///
/// The figures are those of a 64-bit JVM with compact object headers and compressed references, as
/// the server is started: 8 bytes of header, 4 of an array's length, 4 of a reference, all rounded
/// up to 8.
public final class Footprint {

  /// A node of a [io.redrill.server.dict.Dict] (header, key, hash, next, rounded up) and its slots
  /// in the table, which is between half and entirely full.
  public static final long NODE_BYTES = 24 + 6;

  private Footprint() {}

  /// The bytes of an object with `fieldBytes` of fields.
  public static long object(int fieldBytes) {
    return aligned(8L + fieldBytes);
  }

  /// The bytes of an array of `length` bytes.
  public static long array(long length) {
    return aligned(12L + length);
  }

  private static long aligned(long bytes) {
    return (bytes + 7) & -8;
  }
}
