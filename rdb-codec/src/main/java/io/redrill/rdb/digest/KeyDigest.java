package io.redrill.rdb.digest;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbKind;
import java.nio.charset.StandardCharsets;

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
  private static final int TEXT = 0;
  private static final int INTEGER = 1;
  private static final int DOUBLE = 2;

  private final Hash hash = new Hash();
  private final Hash second = new Hash();
  private final Hash key = new Hash();
  private final Hash open = new Hash();
  private final Hash consumer = new Hash();
  private final Sum elements = new Sum();
  private final Sum parts = new Sum();
  private final Sum consumers = new Sum();
  private final Sum owned = new Sum();
  private final long notExpiredAt;

  private RdbKind kind = RdbKind.STRING;
  private long count;
  private boolean isOpen;
  private boolean isConsumerOpen;
  private long openMillis;
  private long openSequence;
  private long partCount;
  private long consumerCount;
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
    this.key.of(key);
    this.key.combine(expireAtMillis);
  }

  /// Ends the key; [#high], [#low] and [#count] tell about it from now on.
  public void end() {
    closeStreamPart();
    key.combine(number(kind));
    key.combine(count);
    key.combine(elements.high, elements.low);
  }

  /// The upper 64 bits of the hash.
  public long high() {
    return key.high;
  }

  /// The lower 64 bits of the hash.
  public long low() {
    return key.low;
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

  private void add() {
    elements.add(hash);
    count++;
  }

  @Override
  public void string(ByteSlice string) {
    hash.of(string);
    add();
  }

  @Override
  public void element(ByteSlice element) {
    hash.of(element);
    memberHash = hash.low;
    if (kind == RdbKind.LIST) {
      hash.combine(count);
    }
    add();
  }

  @Override
  public void member(ByteSlice member, double score) {
    hash.of(member);
    memberHash = hash.low;
    // Adding zero makes -0.0 equal to 0.0, as it is to every command.
    hash.combine(Double.doubleToRawLongBits(score + 0.0));
    add();
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    hash.of(field);
    memberHash = hash.low;
    if (expireAtMillis != NEVER && expireAtMillis <= notExpiredAt) {
      return;
    }
    second.of(value);
    hash.combine(second);
    if (expireAtMillis != NEVER) {
      hash.combine(expireAtMillis);
    }
    add();
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    closeStreamPart();
    openMillis = millis;
    openSequence = sequence;
    parts.clear();
    partCount = 0;
    isOpen = true;
    count++;
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    hash.of(field);
    second.of(value);
    hash.combine(second);
    hash.combine(partCount);
    parts.add(hash);
    partCount++;
  }

  @Override
  public void streamState(StreamState state) {
    closeStreamPart();
    inGroups = true;
    hash.clear();
    hash.combine(state.lastMillis(), state.lastSequence());
    elements.add(hash);
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    closeStreamPart();
    open.of(name);
    openMillis = millis;
    openSequence = sequence;
    parts.clear();
    partCount = 0;
    consumers.clear();
    consumerCount = 0;
    isOpen = true;
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    hash.clear();
    hash.combine(millis, sequence);
    hash.combine(deliveredAtMillis, deliveryCount);
    parts.add(hash);
    partCount++;
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    closeConsumer();
    consumer.of(name);
    owned.clear();
    isConsumerOpen = true;
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    hash.clear();
    hash.combine(millis, sequence);
    owned.add(hash);
  }

  private void closeConsumer() {
    if (isConsumerOpen) {
      isConsumerOpen = false;
      consumer.combine(owned.high, owned.low);
      consumers.add(consumer);
      consumerCount++;
    }
  }

  /// Adds the entry or the group that is complete now.
  private void closeStreamPart() {
    if (!isOpen) {
      return;
    }
    isOpen = false;
    if (inGroups) {
      closeConsumer();
      open.combine(openMillis, openSequence);
      open.combine(parts.high, parts.low);
      open.combine(partCount);
      open.combine(consumers.high, consumers.low);
      open.combine(consumerCount);
    } else {
      open.of(parts);
      open.combine(openMillis, openSequence);
      open.combine(partCount);
    }
    elements.add(open);
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    hash.of(text);
    hash.combine(index, TEXT);
    add();
  }

  @Override
  public void arrayInteger(long index, long value) {
    hash.clear();
    hash.combine(value);
    hash.combine(index, INTEGER);
    add();
  }

  @Override
  public void arrayDouble(long index, double value) {
    hash.clear();
    hash.combine(Double.doubleToRawLongBits(value));
    hash.combine(index, DOUBLE);
    add();
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    kind = RdbKind.VECTOR_SET;
    hash.clear();
    hash.combine(shape.dimensions(), shape.quantization().number());
    elements.add(hash);
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    hash.of(element);
    memberHash = hash.low;
    second.of(attributes);
    hash.combine(second);
    second.of(vector);
    hash.combine(second);
    hash.combine(Float.floatToRawIntBits(range), Float.floatToRawIntBits(norm));
    add();
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    byte[] name = typeName.getBytes(StandardCharsets.UTF_8);
    hash.of(name, 0, name.length);
    second.of(payload);
    hash.combine(second);
    add();
  }
}
