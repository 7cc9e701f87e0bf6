package io.redrill.rdb;

/// Receives what a value holds, piece by piece, in the order in which it is stored; nothing is kept
/// for it. [ValueWalker] calls it.
///
/// Slices are lent: what they show is right until the method returns. Numbers in text form are
/// canonical decimals. A method that is not of interest need not be implemented.
public interface ElementHandler {

  /// Two handlers as one, so that both see a value of which there is one walk only.
  static ElementHandler both(ElementHandler first, ElementHandler second) {
    return new BothHandlers(first, second);
  }

  /// The value is this string.
  default void string(ByteSlice string) {}

  /// The elements of a list, or entries of a stream, that follow are one node.
  ///
  /// @param sizeBytes of its packed encoding, or of the one element that it is
  default void node(int sizeBytes) {}

  /// The next element of a list, from head to tail, or a member of a set.
  default void element(ByteSlice element) {}

  /// A member of a sorted set. The score is not NaN.
  default void member(ByteSlice member, double score) {}

  /// A field of a hash.
  ///
  /// @param expireAtMillis Unix time, or -1 for never
  default void field(ByteSlice field, ByteSlice value, long expireAtMillis) {}

  /// A live entry of a stream; its fields follow.
  ///
  /// @param millis,sequence its id, unsigned
  default void streamEntry(long millis, long sequence) {}

  /// The next field of the stream's entry.
  default void streamField(ByteSlice field, ByteSlice value) {}

  /// What a stream says about itself, after its entries.
  default void streamState(StreamState state) {}

  /// A consumer group of the stream; its pending entries and consumers follow.
  ///
  /// @param entriesRead -1 where it is unknown
  default void group(
      ByteSlice name, long lastDeliveredMillis, long lastDeliveredSequence, long entriesRead) {}

  /// An entry that was delivered to the group and is not yet acknowledged.
  default void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {}

  /// A consumer of the group; the ids that are pending for it follow.
  ///
  /// @param activeAtMillis -1 where it is unknown
  default void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {}

  /// An id that is pending for the consumer.
  default void consumerPending(long millis, long sequence) {}

  /// An id that is pending in the group and that its consumer has given back: it belongs to nobody.
  default void unownedPending(long millis, long sequence) {}

  /// How a stream remembers what its producers have sent, to drop repetitions (Redis 8.6); the
  /// producers follow.
  default void idempotence(long seconds, long maxEntries) {}

  /// A producer; the message ids remembered of it follow.
  default void producer(ByteSlice name) {}

  /// A message id of the producer and the entry that it became.
  default void producerMessage(ByteSlice messageId, long millis, long sequence) {}

  /// How many message ids were ever added, and how many repetitions were dropped.
  default void idempotenceCounts(long added, long duplicates) {}

  /// Where the next insertion into an array goes, where the array says so.
  default void arrayInsertIndex(long index) {}

  /// A text of an array.
  default void arrayText(long index, ByteSlice text) {}

  /// An integer of an array.
  default void arrayInteger(long index, long value) {}

  /// A double of an array.
  default void arrayDouble(long index, double value) {}

  /// A vector set; its vectors follow.
  ///
  /// @param payload the stored bytes after the type byte, with the graph; none if the vector set is
  ///   too large to be held ([RdbCursor#walk])
  default void vectorSet(VectorSetShape shape, ByteSlice payload) {}

  /// A vector.
  ///
  /// @param attributes a JSON text; of length 0 where there are none
  /// @param vector as [VectorSetShape] says
  /// @param range the factor that an 8-bit element 127 stands for
  /// @param norm the length of the vector before it was normalized
  default void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {}

  /// A value that is kept as it is stored.
  ///
  /// @param typeName the nine characters of the module's type, or the name of a type that no client
  ///   could make use of here
  /// @param payload the stored bytes after the type byte
  default void opaque(String typeName, ByteSlice payload) {}

  /// What a stream says about itself.
  ///
  /// @param firstMillis,maxDeletedMillis,entriesAdded unknown before RDB type 19: then derived as
  ///   servers do
  record StreamState(
      long length,
      long lastMillis,
      long lastSequence,
      long firstMillis,
      long firstSequence,
      long maxDeletedMillis,
      long maxDeletedSequence,
      long entriesAdded) {}

  /// What all vectors of a vector set have in common.
  ///
  /// @param dimensions of each vector as it is stored
  /// @param quantization how each number is stored
  /// @param links the greatest number of links of a node of the graph, per level
  /// @param projectedFrom the dimensions before a random projection, or 0 where there is none
  record VectorSetShape(
      int dimensions, long count, Quantization quantization, int links, long projectedFrom) {

    /// How many bytes a vector takes.
    public long vectorBytes() {
      return switch (quantization) {
        case FLOAT -> 4L * dimensions;
        case INT8 -> dimensions;
        case BINARY -> (dimensions + 63L) / 64 * 8;
      };
    }
  }

  /// How the numbers of a vector are stored.
  enum Quantization {
    /// 4 bytes each, little-endian.
    FLOAT(0),
    /// A signed byte each, in 127ths of the vector's range.
    INT8(1),
    /// A bit each, in words of 64 bits, the lowest bit first: set stands for 1, else -1.
    BINARY(2);

    private final int number;

    Quantization(int number) {
      this.number = number;
    }

    /// The number that stands for it in the file.
    public int number() {
      return number;
    }
  }
}
