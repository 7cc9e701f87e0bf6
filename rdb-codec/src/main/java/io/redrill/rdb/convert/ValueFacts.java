package io.redrill.rdb.convert;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;

/// What a hash or a stream says that not every target can hold, found while its value is walked.
final class ValueFacts implements ElementHandler {

  private static final int UNKNOWN = -1;

  /// An id, in objects and encoded.
  private static final int ID_BYTES = 96;

  /// An id that is pending in a group, with its delivery.
  private static final int PENDING_BYTES = 128;

  /// A group, a consumer, or a producer.
  private static final int NAMED_BYTES = 200;

  private long latestFieldExpiry = UNKNOWN;
  private boolean hasActiveTimes;
  private boolean hasCounts;
  private boolean hasIdempotence;
  private boolean hasUnownedEntries;
  private long tailBytes;

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

  /// About how much memory is taken, decoded and encoded, by what a stream says behind its entries.
  long tailBytes() {
    return tailBytes;
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
    tailBytes += NAMED_BYTES + name.length();
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    tailBytes += PENDING_BYTES;
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    hasActiveTimes |= activeAtMillis != UNKNOWN;
    tailBytes += NAMED_BYTES + name.length();
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    tailBytes += ID_BYTES;
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    hasUnownedEntries = true;
    tailBytes += ID_BYTES;
  }

  @Override
  public void producer(ByteSlice name) {
    hasIdempotence = true;
    tailBytes += NAMED_BYTES + name.length();
  }

  @Override
  public void producerMessage(ByteSlice messageId, long millis, long sequence) {
    tailBytes += ID_BYTES + messageId.length();
  }

  @Override
  public void idempotenceCounts(long added, long duplicates) {
    hasIdempotence |= added != 0 || duplicates != 0;
  }
}
