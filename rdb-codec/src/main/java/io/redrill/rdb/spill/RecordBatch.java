package io.redrill.rdb.spill;

import io.redrill.rdb.encoding.LittleEndian;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/// All records of one partition, in memory, in ascending order of their hashes; those of equal hash
/// in the order in which they were added. Lent until the visitor returns.
///
/// A record in the array:
///
/// | bytes | what |
/// |---|---|
/// | 4 | length of the payload |
/// | 8 | hash |
/// | ... | payload |
public final class RecordBatch {

  /// Takes records of one payload.
  @FunctionalInterface
  public interface SameVisitor {
    /// Takes the indexes of all of them, ascending.
    void visit(int[] same) throws IOException;
  }

  static final int HEADER_BYTES = 12;

  private final byte[] bytes;
  private final int[] starts;

  RecordBatch(byte[] bytes, int sizeBytes) {
    this.bytes = bytes;
    int count = 0;
    for (int at = 0; at < sizeBytes; at = end(bytes, at)) {
      count++;
    }
    long[] hashes = new long[count];
    int[] found = new int[count];
    for (int at = 0, i = 0; at < sizeBytes; at = end(bytes, at), i++) {
      hashes[i] = LittleEndian.getLong(bytes, at + 4);
      found[i] = at;
    }
    this.starts = HashOrder.sorted(hashes, found);
  }

  private static int end(byte[] bytes, int at) {
    return at + HEADER_BYTES + LittleEndian.getInt(bytes, at);
  }

  /// How many records there are.
  public int size() {
    return starts.length;
  }

  /// The array that holds the payloads.
  public byte[] array() {
    return bytes;
  }

  /// The hash of record `index`.
  public long hash(int index) {
    return LittleEndian.getLong(bytes, starts[index] + 4);
  }

  /// Behind the last record of the hash of record `index`.
  public int endOfHash(int index) {
    int end = index + 1;
    while (end < size() && hash(end) == hash(index)) {
      end++;
    }
    return end;
  }

  /// Where in [#array] the payload of record `index` begins.
  public int from(int index) {
    return starts[index] + HEADER_BYTES;
  }

  /// Where it ends.
  public int to(int index) {
    return end(bytes, starts[index]);
  }

  /// Whether the payloads of two records are equal from `skipped` bytes on.
  public boolean isSameFrom(int skipped, int one, int other) {
    return Arrays.equals(
        bytes, from(one) + skipped, to(one), bytes, from(other) + skipped, to(other));
  }

  /// Hands `visitor` the indexes of all records of one payload, wherever two or more of them are
  /// equal from `skipped` bytes on. Takes linear time, unless many payloads share a hash.
  public void eachRepeated(int skipped, SameVisitor visitor) throws IOException {
    eachPayload(skipped, 2, visitor);
  }

  /// As above, also where there is one such record only.
  public void eachPayload(int skipped, SameVisitor visitor) throws IOException {
    eachPayload(skipped, 1, visitor);
  }

  private void eachPayload(int skipped, int least, SameVisitor visitor) throws IOException {
    for (int start = 0; start < size(); ) {
      int end = endOfHash(start);
      BitSet seen = new BitSet(0);
      for (int i = start; i <= end - least; i++) {
        if (!seen.get(i - start)) {
          int[] same = sameFrom(skipped, i, end);
          for (int each : same) {
            seen.set(each - start);
          }
          if (same.length >= least) {
            visitor.visit(same);
          }
        }
      }
      start = end;
    }
  }

  private int[] sameFrom(int skipped, int index, int end) {
    int[] same = new int[end - index];
    int count = 0;
    for (int i = index; i < end; i++) {
      if (i == index || isSameFrom(skipped, i, index)) {
        same[count++] = i;
      }
    }
    return Arrays.copyOf(same, count);
  }
}
