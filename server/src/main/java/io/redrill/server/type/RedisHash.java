package io.redrill.server.type;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.ListpackBuilder;
import io.redrill.server.dict.Dict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Fields with values: a listpack of both in turn while they are few and short, a hash table
/// otherwise.
///
/// Invariant: exactly one of `packed` and `table` is there.
public final class RedisHash implements DecodedValue {

  private static final String TWICE = "a hash holds a field twice";

  private static final class Field extends Dict.Node {
    private byte[] value;

    Field(byte[] name, byte[] value) {
      super(name);
      this.value = value;
    }
  }

  private static final class Table {
    final Dict<Field> fields = new Dict<>();
    long payloadBytes;

    boolean put(byte[] name, byte[] value) {
      Field field = fields.get(name);
      payloadBytes += Footprint.array(value.length);
      if (field != null) {
        payloadBytes -= Footprint.array(field.value.length);
        field.value = value;
        return false;
      }
      payloadBytes += Footprint.array(name.length);
      fields.add(new Field(name, value));
      return true;
    }

    boolean remove(byte[] name) {
      Field field = fields.remove(name);
      if (field == null) {
        return false;
      }
      payloadBytes -= Footprint.array(name.length) + Footprint.array(field.value.length);
      return true;
    }
  }

  private byte @Nullable [] packed = Listpack.empty().bytes();
  private @Nullable Table table;

  /// Begins without fields.
  public RedisHash() {}

  /// Takes over the fields and values that stand in `stored` in turn, after a look that they are
  /// pairs and no field is there twice. Where they are too many or too long, they are put into a
  /// table.
  ///
  /// @throws CorruptInputException if they cannot be a hash
  static RedisHash of(Listpack stored, EncodingLimits limits) throws CorruptInputException {
    if (stored.size() % 2 != 0) {
      throw new CorruptInputException(
          "a packed collection of pairs has an odd number of elements", "listpack", 4);
    }
    RedisHash hash = new RedisHash();
    if (Packing.fits(
        stored, 2 * (long) limits.hashMaxListpackEntries(), limits.hashMaxListpackValue())) {
      Packing.requireDistinct(stored, 2, TWICE);
      hash.packed = stored.bytes();
      return hash;
    }
    Table fields = hash.toTable();
    for (int at = stored.first(); at != Listpack.NONE; ) {
      int value = stored.next(at);
      Packing.requireNew(fields.put(stored.get(at), stored.get(value)), TWICE);
      at = stored.next(value);
    }
    return hash;
  }

  /// Takes the fields of a hash that was stored otherwise.
  ///
  /// @throws CorruptInputException if a field is there twice
  static RedisHash of(RdbValue.HashValue stored, EncodingLimits limits)
      throws CorruptInputException {
    int longest = limits.hashMaxListpackValue();
    if (stored.fields().size() <= limits.hashMaxListpackEntries()
        && stored.fields().stream()
            .allMatch(one -> one.field().length <= longest && one.value().length <= longest)) {
      ListpackBuilder list = new ListpackBuilder();
      stored.fields().forEach(one -> list.add(one.field()).add(one.value()));
      return of(list.build(), limits);
    }
    RedisHash hash = new RedisHash();
    Table fields = hash.toTable();
    for (RdbValue.HashValue.Field one : stored.fields()) {
      Packing.requireNew(fields.put(one.field(), one.value()), TWICE);
    }
    return hash;
  }

  /// The bytes of the listpack, or null for a table; lent until the next change.
  byte @Nullable [] packed() {
    return packed;
  }

  /// The number of fields.
  public int size() {
    return table == null ? list().size() / 2 : table.fields.size();
  }

  /// The value of a field, or null.
  public byte @Nullable [] get(byte[] name) {
    if (table != null) {
      Field field = table.fields.get(name);
      return field == null ? null : field.value;
    }
    Listpack list = list();
    int at = list.find(name, list.first(), 2);
    return at == Listpack.NONE ? null : list.get(list.next(at));
  }

  /// Sets a field; says whether it is new. The arrays may be kept.
  public boolean put(byte[] name, byte[] value, EncodingLimits limits) {
    if (table != null) {
      return table.put(name, value);
    }
    Listpack list = list();
    if (name.length > limits.hashMaxListpackValue()
        || value.length > limits.hashMaxListpackValue()
        || Packing.isTooLarge(list, name.length + (long) value.length)) {
      return toTable().put(name, value);
    }
    int at = list.find(name, list.first(), 2);
    if (at != Listpack.NONE) {
      packed = list.replace(list.next(at), value).bytes();
      return false;
    }
    packed = list.append(name, value).bytes();
    if (size() > limits.hashMaxListpackEntries()) {
      toTable();
    }
    return true;
  }

  /// Removes a field; says whether it was there.
  public boolean remove(byte[] name) {
    if (table != null) {
      return table.remove(name);
    }
    Listpack list = list();
    int at = list.find(name, list.first(), 2);
    if (at == Listpack.NONE) {
      return false;
    }
    packed = list.delete(at, 2).bytes();
    return true;
  }

  /// Shows every field with its value.
  public void forEach(BiConsumer<byte[], byte[]> visitor) {
    if (table != null) {
      for (Field field : table.fields) {
        visitor.accept(field.key(), field.value);
      }
      return;
    }
    Listpack list = list();
    for (int at = list.first(); at != Listpack.NONE; ) {
      int value = list.next(at);
      visitor.accept(list.get(at), list.get(value));
      at = list.next(value);
    }
  }

  /// Shows some fields from `cursor` on, all if they are packed, and returns the next cursor, 0 at
  /// the end.
  public long scan(long cursor, long count, BiConsumer<byte[], byte[]> visitor) {
    if (table != null) {
      return table.fields.scan(cursor, count, field -> visitor.accept(field.key(), field.value));
    }
    forEach(visitor);
    return 0;
  }

  /// A field's name, at random.
  public byte[] random(RandomGenerator random) {
    if (table != null) {
      return table.fields.random(random).key();
    }
    Listpack list = list();
    return list.get(list.position(2 * random.nextInt(size())));
  }

  @Override
  public RdbKind kind() {
    return RdbKind.HASH;
  }

  @Override
  public String encoding() {
    return table == null ? "listpack" : "hashtable";
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
    if (table == null) {
      copy.packed = packed; // shared: a change makes another array
    } else {
      forEach(copy.toTable()::put);
    }
    return copy;
  }

  @Override
  public long sizeBytes() {
    long fixed = Footprint.object(8);
    return table == null
        ? fixed + Footprint.array(list().bytes().length)
        : fixed + table.payloadBytes + (Footprint.NODE_BYTES + 8) * table.fields.size();
  }

  private Listpack list() {
    return Listpack.wrap(Objects.requireNonNull(packed));
  }

  private Table toTable() {
    Table larger = new Table();
    forEach(larger::put);
    packed = null;
    table = larger;
    return larger;
  }
}
