package io.redrill.rdb.json;

import static io.redrill.rdb.json.JsonText.bytes;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbKind;

/// A value as JSON, written as its pieces come: the type where only the value tells it, then the
/// encoding, then what it holds. [JsonStream] and [JsonVectors] know the kinds that have parts.
final class JsonValue implements ElementHandler {

  private static final byte[] EMPTY = bytes("[");
  private static final byte[] TYPE = bytes(",\"type\":");
  private static final byte[] INDEXES = bytes("{\"elements\":[");
  private static final byte[] INSERT_INDEX = bytes("],\"insert_index\":");

  private final JsonText text;
  private final JsonStream stream;
  private final JsonVectors vectors;
  private RdbKind kind = RdbKind.STRING;
  private byte[] encoding = EMPTY;
  private boolean hasElements;
  private boolean hasInsertIndex;
  private long insertIndex;

  JsonValue(JsonText text) {
    this.text = text;
    this.stream = new JsonStream(text);
    this.vectors = new JsonVectors(text);
  }

  /// Begins a value of `kind`; `encodingMember` is JSON that comes between its type and itself.
  void begin(RdbKind kind, byte[] encodingMember) {
    this.kind = kind;
    this.encoding = encodingMember;
    hasElements = false;
    hasInsertIndex = false;
    switch (kind) {
      case LIST, SET, SORTED_SET, HASH -> {
        text.raw(encoding);
        text.raw('[');
      }
      case STREAM -> {
        text.raw(encoding);
        stream.begin();
      }
      case ARRAY -> {
        text.raw(encoding);
        text.raw(INDEXES);
      }
      case STRING, OTHER -> text.raw(encoding);
      case MODULE, VECTOR_SET -> {
        // the value says what it is
      }
    }
  }

  /// Ends the value, of which all pieces have come.
  void end() {
    switch (kind) {
      case LIST, SET, SORTED_SET, HASH -> text.raw(']');
      case STREAM -> stream.end();
      case ARRAY -> {
        if (hasInsertIndex) {
          text.raw(INSERT_INDEX);
          text.unsigned(insertIndex);
        } else {
          text.raw(']');
        }
        text.raw('}');
      }
      case VECTOR_SET -> vectors.end();
      case STRING, MODULE, OTHER -> {
        // there was one piece
      }
    }
  }

  private void next() {
    if (hasElements) {
      text.raw(',');
    }
    hasElements = true;
  }

  @Override
  public void string(ByteSlice string) {
    text.blob(string);
  }

  @Override
  public void element(ByteSlice element) {
    next();
    text.blob(element);
  }

  @Override
  public void member(ByteSlice member, double score) {
    next();
    text.raw('[');
    text.blob(member);
    text.raw(',');
    text.real(score);
    text.raw(']');
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    next();
    text.raw('[');
    text.blob(field);
    text.raw(',');
    text.blob(value);
    if (expireAtMillis != -1) {
      text.raw(',');
      text.integer(expireAtMillis);
    }
    text.raw(']');
  }

  @Override
  public void arrayInsertIndex(long index) {
    hasInsertIndex = true;
    insertIndex = index;
  }

  @Override
  public void arrayText(long index, ByteSlice value) {
    beginIndexed(index);
    text.blob(value);
    text.raw(']');
  }

  @Override
  public void arrayInteger(long index, long value) {
    beginIndexed(index);
    text.integer(value);
    text.raw(']');
  }

  @Override
  public void arrayDouble(long index, double value) {
    beginIndexed(index);
    text.raw(bytes("{\"double\":"));
    text.real(value);
    text.raw(bytes("}]"));
  }

  private void beginIndexed(long index) {
    next();
    text.raw('[');
    text.unsigned(index);
    text.raw(',');
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    if (kind == RdbKind.MODULE) {
      type(typeName);
    }
    text.base64(payload.array(), payload.offset(), payload.length());
  }

  private void type(String name) {
    text.raw(TYPE);
    byte[] type = bytes(name);
    text.blob(type, 0, type.length);
    text.raw(encoding);
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    kind = RdbKind.VECTOR_SET;
    type(RdbKind.VECTOR_SET.redisName());
    vectors.begin(shape);
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    vectors.vector(element, attributes, vector, range, norm);
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    stream.entry(millis, sequence);
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    stream.field(field, value);
  }

  @Override
  public void streamState(StreamState state) {
    stream.state(state);
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    stream.group(name, millis, sequence, entriesRead);
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    stream.pending(millis, sequence, deliveredAtMillis, deliveryCount);
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    stream.consumer(name, seenAtMillis, activeAtMillis);
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    stream.consumerPending(millis, sequence);
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    stream.unownedPending(millis, sequence);
  }

  @Override
  public void idempotence(long seconds, long maxEntries) {
    stream.idempotence(seconds, maxEntries);
  }

  @Override
  public void producer(ByteSlice name) {
    stream.producer(name);
  }

  @Override
  public void producerMessage(ByteSlice messageId, long millis, long sequence) {
    stream.producerMessage(messageId, millis, sequence);
  }

  @Override
  public void idempotenceCounts(long added, long duplicates) {
    stream.idempotenceCounts(added, duplicates);
  }
}
