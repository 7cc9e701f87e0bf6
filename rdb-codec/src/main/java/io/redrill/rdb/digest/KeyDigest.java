package io.redrill.rdb.digest;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbKind;

/// Hashes one key after the other with its expiry and its value, as `docs/formats/digest.md`
/// defines it, while the value is walked; nothing is kept or allocated.
///
/// ```java
/// digest.begin(key, expireAtMillis, kind);
/// cursor.walk(digest);
/// digest.end();
/// ```
///
/// Not safe for use by several threads.
public final class KeyDigest implements ElementHandler {

  private static final long NEVER = -1;

  private final Hash hash = new Hash();
  private final Sum elements = new Sum();
  private final Sum parts = new Sum();
  private final Sum pending = new Sum();
  private final Sum consumers = new Sum();
  private final Sum owned = new Sum();
  private final HashInput tuple = new HashInput();
  private final HashInput whole = new HashInput();
  private final HashInput open = new HashInput();
  private final HashInput consumer = new HashInput();
  private final long notExpiredAt;

  private RdbKind kind = RdbKind.STRING;
  private long count;
  private boolean isOpen;
  private boolean isConsumerOpen;
  private long partCount;
  private long pendingCount;
  private long consumerCount;
  private long ownedCount;
  private boolean inGroups;
  private long memberHash;

  /// Takes hash fields whatever their expiry.
  public KeyDigest() {
    this(NEVER);
  }

  /// Passes over the hash fields that expire up to `millis`, Unix time.
  KeyDigest(long notExpiredAt) {
    this.notExpiredAt = notExpiredAt;
  }

  /// Begins with `key`; the pieces of its value follow.
  public void begin(ByteSlice key, long expireAtMillis, RdbKind kind) {
    this.kind = kind;
    count = 0;
    isOpen = false;
    isConsumerOpen = false;
    inGroups = false;
    elements.clear();
    whole.clear();
    put(whole, key);
    whole.put(expireAtMillis);
  }

  /// Ends the key; [#high], [#low] and [#count] tell about it from now on.
  public void end() {
    closeStreamPart();
    whole.put(number(kind));
    whole.put(count);
    whole.put(elements);
    hash.of(whole);
  }

  /// The upper 64 bits of the hash.
  public long high() {
    return hash.high;
  }

  /// The lower 64 bits of the hash.
  public long low() {
    return hash.low;
  }

  /// The number of elements; 1 for a string and for what has none.
  public long count() {
    return count;
  }

  /// What the value turned out to be: of a module's value only the walk tells.
  public RdbKind kind() {
    return kind;
  }

  /// A hash of the set's member, the sorted set's member or the hash's field that came last: equal
  /// for equal bytes, and hardly ever else.
  public long memberHash() {
    return memberHash;
  }

  /// Whether a value of this kind and count is there for a server: collections without elements are
  /// not.
  public boolean isKey() {
    return count > 0
        || switch (kind) {
          case LIST, SET, SORTED_SET, HASH, ARRAY, VECTOR_SET -> false;
          case STRING, STREAM, MODULE, OTHER -> true;
        };
  }

  /// The number of `kind` in the definition.
  private static int number(RdbKind kind) {
    return switch (kind) {
      case STRING -> 1;
      case LIST -> 2;
      case SET -> 3;
      case SORTED_SET -> 4;
      case HASH -> 5;
      case STREAM -> 6;
      case MODULE -> 7;
      case VECTOR_SET -> 8;
      case ARRAY -> 9;
      case OTHER -> 10;
    };
  }

  private void put(HashInput input, ByteSlice bytes) {
    hash.of(bytes);
    input.put(hash);
  }

  private void add(HashInput input) {
    hash.of(input);
    elements.add(hash);
    count++;
  }

  @Override
  public void string(ByteSlice string) {
    hash.of(string);
    elements.add(hash);
    count = 1;
  }

  @Override
  public void element(ByteSlice element) {
    hash.of(element);
    if (kind == RdbKind.LIST) {
      tuple.clear();
      tuple.put(count);
      tuple.put(hash);
      add(tuple);
      return;
    }
    memberHash = hash.low;
    elements.add(hash);
    count++;
  }

  @Override
  public void member(ByteSlice member, double score) {
    hash.of(member);
    memberHash = hash.low;
    tuple.clear();
    tuple.put(hash);
    // Adding zero makes -0.0 equal to 0.0, as it is to every command.
    tuple.put(Double.doubleToRawLongBits(score + 0.0));
    add(tuple);
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    hash.of(field);
    memberHash = hash.low;
    if (expireAtMillis != NEVER && expireAtMillis <= notExpiredAt) {
      return;
    }
    tuple.clear();
    tuple.put(hash);
    put(tuple, value);
    tuple.put(expireAtMillis);
    add(tuple);
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    closeStreamPart();
    open.clear();
    open.put(millis);
    open.put(sequence);
    parts.clear();
    partCount = 0;
    isOpen = true;
    count++;
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    tuple.clear();
    tuple.put(partCount);
    put(tuple, field);
    put(tuple, value);
    hash.of(tuple);
    parts.add(hash);
    partCount++;
  }

  @Override
  public void streamState(StreamState state) {
    closeStreamPart();
    inGroups = true;
    tuple.clear();
    tuple.put(state.lastMillis());
    tuple.put(state.lastSequence());
    hash.of(tuple);
    elements.add(hash);
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    closeStreamPart();
    open.clear();
    put(open, name);
    open.put(millis);
    open.put(sequence);
    pending.clear();
    pendingCount = 0;
    consumers.clear();
    consumerCount = 0;
    isOpen = true;
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    tuple.clear();
    tuple.put(millis);
    tuple.put(sequence);
    tuple.put(deliveredAtMillis);
    tuple.put(deliveryCount);
    hash.of(tuple);
    pending.add(hash);
    pendingCount++;
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    closeConsumer();
    consumer.clear();
    put(consumer, name);
    owned.clear();
    ownedCount = 0;
    isConsumerOpen = true;
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    tuple.clear();
    tuple.put(millis);
    tuple.put(sequence);
    hash.of(tuple);
    owned.add(hash);
    ownedCount++;
  }

  private void closeConsumer() {
    if (isConsumerOpen) {
      isConsumerOpen = false;
      consumer.put(ownedCount);
      consumer.put(owned);
      hash.of(consumer);
      consumers.add(hash);
      consumerCount++;
    }
  }

  /// Adds the entry or the group that is complete now.
  private void closeStreamPart() {
    closeConsumer();
    if (!isOpen) {
      return;
    }
    isOpen = false;
    if (inGroups) {
      open.put(pendingCount);
      open.put(pending);
      open.put(consumerCount);
      open.put(consumers);
    } else {
      open.put(partCount);
      open.put(parts);
    }
    hash.of(open);
    elements.add(hash);
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    tuple.clear();
    tuple.put(index);
    tuple.put(0);
    put(tuple, text);
    add(tuple);
  }

  @Override
  public void arrayInteger(long index, long value) {
    tuple.clear();
    tuple.put(index);
    tuple.put(1);
    tuple.put(value);
    add(tuple);
  }

  @Override
  public void arrayDouble(long index, double value) {
    tuple.clear();
    tuple.put(index);
    tuple.put(2);
    tuple.put(Double.doubleToRawLongBits(value));
    add(tuple);
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    kind = RdbKind.VECTOR_SET;
    tuple.clear();
    tuple.put(shape.dimensions());
    tuple.put(shape.quantization().number());
    hash.of(tuple);
    elements.add(hash);
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    tuple.clear();
    hash.of(element);
    memberHash = hash.low;
    tuple.put(hash);
    put(tuple, attributes);
    put(tuple, vector);
    long scale = Float.floatToRawIntBits(range);
    tuple.put(scale << 32 | (Float.floatToRawIntBits(norm) & 0xffff_ffffL));
    add(tuple);
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    tuple.clear();
    tuple.put(typeName);
    put(tuple, payload);
    add(tuple);
  }
}
