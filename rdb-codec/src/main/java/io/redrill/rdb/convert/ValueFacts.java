package io.redrill.rdb.convert;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;

/// What a hash or a stream says that not every target can hold, found while its value is walked.
final class ValueFacts implements ElementHandler {

  private static final int UNKNOWN = -1;

  private long latestFieldExpiry = UNKNOWN;
  private boolean hasActiveTimes;
  private boolean hasCounts;
  private boolean hasIdempotence;
  private boolean hasUnownedEntries;

  /// When the last field of a hash expires, Unix time, or -1 if none does.
  long latestFieldExpiry() {
    return latestFieldExpiry;
  }

  /// Whether a stream tells of a consumer when it was active.
  boolean hasActiveTimes() {
    return hasActiveTimes;
  }

  /// Whether the counts of a stream say more than a server would assume by itself.
  boolean hasCounts() {
    return hasCounts;
  }

  /// Whether a stream remembers, or counted, what its producers sent.
  boolean hasIdempotence() {
    return hasIdempotence;
  }

  /// Whether a stream has pending entries that no consumer owns.
  boolean hasUnownedEntries() {
    return hasUnownedEntries;
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    latestFieldExpiry = Math.max(latestFieldExpiry, expireAtMillis);
  }

  @Override
  public void streamState(StreamState state) {
    hasCounts |=
        state.entriesAdded() != state.length()
            || state.maxDeletedMillis() != 0
            || state.maxDeletedSequence() != 0;
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    hasCounts |= entriesRead != UNKNOWN;
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    hasActiveTimes |= activeAtMillis != UNKNOWN;
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    hasUnownedEntries = true;
  }

  @Override
  public void producer(ByteSlice name) {
    hasIdempotence = true;
  }

  @Override
  public void idempotenceCounts(long added, long duplicates) {
    hasIdempotence |= added != 0 || duplicates != 0;
  }
}
