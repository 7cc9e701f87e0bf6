package io.redrill.server.replication;

import java.util.Arrays;

/// The last bytes of the replication stream, so that a replica that was away can go on.
///
/// A ring of fixed size. Offsets count the bytes of the stream; the first byte ever has offset 1.
final class Backlog {

  private byte[] ring;
  private long end;
  private int held;

  /// Holds up to `size` bytes of a stream of which `end` bytes have gone by.
  Backlog(int size, long end) {
    this.ring = new byte[size];
    this.end = end;
  }

  /// Appends bytes of the stream.
  void append(byte[] bytes) {
    int skipped = Math.max(0, bytes.length - ring.length);
    int count = bytes.length - skipped;
    int at = (int) ((end + skipped) % ring.length);
    int first = Math.min(count, ring.length - at);
    System.arraycopy(bytes, skipped, ring, at, first);
    System.arraycopy(bytes, skipped + first, ring, 0, count - first);
    end += bytes.length;
    held = (int) Math.min(ring.length, (long) held + bytes.length);
  }

  /// Whether the stream can be given from `offset` on; the next byte to come counts as held.
  boolean holds(long offset) {
    return offset >= firstOffset() && offset <= end + 1;
  }

  /// The bytes from `offset` on, which must be held.
  byte[] from(long offset) {
    int count = (int) (end + 1 - offset);
    byte[] bytes = new byte[count];
    int at = (int) ((offset - 1) % ring.length);
    int first = Math.min(count, ring.length - at);
    System.arraycopy(ring, at, bytes, 0, first);
    System.arraycopy(ring, 0, bytes, first, count - first);
    return bytes;
  }

  /// Changes the size, and keeps the newest bytes.
  void resize(int size) {
    byte[] kept = from(Math.max(firstOffset(), end + 1 - size));
    ring = new byte[size];
    held = 0;
    end -= kept.length;
    append(kept);
  }

  /// The offset of the oldest byte held, or of the next one if none is.
  long firstOffset() {
    return end + 1 - held;
  }

  /// How many bytes are held.
  int held() {
    return held;
  }

  /// How many bytes can be held.
  int size() {
    return ring.length;
  }

  @Override
  public String toString() {
    return "Backlog[%d..%d, %s]".formatted(firstOffset(), end, Arrays.hashCode(ring));
  }
}
