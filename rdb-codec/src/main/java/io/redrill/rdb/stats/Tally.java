package io.redrill.rdb.stats;

/// Sums over some keys.
///
/// @param keys how many there are
/// @param storedBytes what they take in the file
/// @param elements of their values
/// @param memoryBytes what they take in a server, by [KeyMeasure#memoryBytes]
public record Tally(long keys, long storedBytes, long elements, long memoryBytes) {

  /// Of no keys.
  public static final Tally NOTHING = new Tally(0, 0, 0, 0);

  /// Such sums while they grow.
  static final class Growing {
    private long keys;
    private long storedBytes;
    private long elements;
    private long memoryBytes;

    void add(KeyMeasure measure) {
      keys++;
      storedBytes += measure.storedBytes();
      elements += measure.elements();
      memoryBytes += measure.memoryBytes();
    }

    long keys() {
      return keys;
    }

    Tally tally() {
      return new Tally(keys, storedBytes, elements, memoryBytes);
    }
  }
}
