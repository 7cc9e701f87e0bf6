package io.redrill.server.type;

/// The id of a stream's entry; both parts are unsigned, and order it.
public record StreamId(long millis, long sequence) implements Comparable<StreamId> {

  /// Before every entry.
  public static final StreamId MIN = new StreamId(0, 0);

  /// Behind every entry.
  public static final StreamId MAX = new StreamId(-1, -1);

  @Override
  public int compareTo(StreamId other) {
    int byMillis = Long.compareUnsigned(millis, other.millis);
    return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
  }

  /// Whether this is the lowest id, which no entry has.
  public boolean isZero() {
    return millis == 0 && sequence == 0;
  }

  /// The next higher id; of the highest, that one itself.
  public StreamId next() {
    if (sequence != -1) {
      return new StreamId(millis, sequence + 1);
    }
    return millis == -1 ? this : new StreamId(millis + 1, 0);
  }

  /// The next lower id; of the lowest, that one itself.
  public StreamId previous() {
    if (sequence != 0) {
      return new StreamId(millis, sequence - 1);
    }
    return millis == 0 ? this : new StreamId(millis - 1, -1);
  }

  /// The text `millis-sequence`.
  @Override
  public String toString() {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }
}
