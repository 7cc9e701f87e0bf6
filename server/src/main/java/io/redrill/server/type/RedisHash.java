package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.server.dict.Dict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Fields with values.
public final class RedisHash implements DecodedValue {

  private static final class Field extends Dict.Node {
    private byte[] value;

    Field(byte[] name, byte[] value) {
      super(name);
      this.value = value;
    }
  }

  private final Dict<Field> fields = new Dict<>();
  private long payloadBytes;
  private boolean large;

  /// The number of fields.
  public int size() {
    return fields.size();
  }

  /// The value of a field, or null.
  public byte @Nullable [] get(byte[] name) {
    Field field = fields.get(name);
    return field == null ? null : field.value;
  }

  /// Sets a field; says whether it is new. The arrays are kept.
  public boolean put(byte[] name, byte[] value, EncodingLimits limits) {
    if (name.length > limits.hashMaxListpackValue()
        || value.length > limits.hashMaxListpackValue()) {
      large = true;
    }
    Field field = fields.get(name);
    payloadBytes += value.length;
    if (field != null) {
      payloadBytes -= field.value.length;
      field.value = value;
      return false;
    }
    payloadBytes += name.length;
    fields.add(new Field(name, value));
    large |= fields.size() > limits.hashMaxListpackEntries();
    return true;
  }

  /// Removes a field; says whether it was there.
  public boolean remove(byte[] name) {
    Field field = fields.remove(name);
    if (field == null) {
      return false;
    }
    payloadBytes -= name.length + field.value.length;
    return true;
  }

  /// Shows every field with its value.
  public void forEach(BiConsumer<byte[], byte[]> visitor) {
    for (Field field : fields) {
      visitor.accept(field.key(), field.value);
    }
  }

  /// Shows some fields from `cursor` on and returns the next cursor, 0 at the end.
  public long scan(long cursor, long count, BiConsumer<byte[], byte[]> visitor) {
    return fields.scan(cursor, count, field -> visitor.accept(field.key(), field.value));
  }

  /// A field's name, at random.
  public byte[] random(RandomGenerator random) {
    return fields.random(random).key();
  }

  @Override
  public RdbKind kind() {
    return RdbKind.HASH;
  }

  @Override
  public String encoding() {
    return large ? "hashtable" : "listpack";
  }

  @Override
  public RdbValue toRdb() {
    List<RdbValue.HashValue.Field> list = new ArrayList<>(size());
    forEach((name, value) -> list.add(new RdbValue.HashValue.Field(name, value, -1)));
    return new RdbValue.HashValue(list);
  }

  @Override
  public RedisHash copy() {
    RedisHash copy = new RedisHash();
    forEach((name, value) -> copy.put(name, value, EncodingLimits.DEFAULT));
    copy.large = large;
    return copy;
  }

  @Override
  public long sizeBytes() {
    return 64 + payloadBytes + 64L * size();
  }
}
