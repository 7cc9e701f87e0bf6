package io.redrill.server.type;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.server.dict.Dict;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Distinct members: an intset while all are integers and few, a listpack while they are few and
/// short, a hash table otherwise.
///
/// Invariant: exactly one of `integers`, `packed` and `table` is there.
public final class RedisSet implements DecodedValue, Iterable<byte[]> {

  private static final String TWICE = "a set holds a member twice";

  private static final class Member extends Dict.Node {
    Member(byte[] name) {
      super(name);
    }
  }

  private static final class Table {
    final Dict<Member> members = new Dict<>();
    long payloadBytes;

    boolean add(byte[] member) {
      if (members.get(member) != null) {
        return false;
      }
      members.add(new Member(member));
      payloadBytes += Footprint.array(member.length);
      return true;
    }

    boolean remove(byte[] member) {
      if (members.remove(member) == null) {
        return false;
      }
      payloadBytes -= Footprint.array(member.length);
      return true;
    }
  }

  private byte @Nullable [] integers = Intset.empty().bytes();
  private byte @Nullable [] packed;
  private @Nullable Table table;

  /// Begins without members.
  public RedisSet() {}

  /// Takes over the integers of `stored`, or puts them into another form where they are too many.
  static RedisSet of(Intset stored, EncodingLimits limits) {
    RedisSet set = new RedisSet();
    set.integers = stored.bytes();
    if (stored.size() > limits.setMaxIntsetEntries()) {
      set.leaveIntegers(stored.size(), 0, limits);
    }
    return set;
  }

  /// Takes over the members that are the elements of `stored`, or puts them into a table where they
  /// are too many or too long.
  ///
  /// @throws CorruptInputException if one is there twice
  static RedisSet of(Listpack stored, EncodingLimits limits) throws CorruptInputException {
    RedisSet set = new RedisSet();
    if (Packing.fits(stored, limits.setMaxListpackEntries(), limits.setMaxListpackValue())) {
      Packing.requireDistinct(stored, 1, TWICE);
      set.integers = null;
      set.packed = stored.bytes();
      return set;
    }
    Table members = set.toTable();
    for (int at = stored.first(); at != Listpack.NONE; at = stored.next(at)) {
      Packing.requireNew(members.add(stored.get(at)), TWICE);
    }
    return set;
  }

  /// Takes the members of a set that was stored otherwise.
  ///
  /// @throws CorruptInputException if one is there twice
  static RedisSet of(RdbValue.SetValue stored, EncodingLimits limits) throws CorruptInputException {
    List<byte[]> members = stored.members();
    if (members.size() <= limits.setMaxIntsetEntries()
        && members.stream().allMatch(DecimalText::isLong)) {
      long[] ascending = members.stream().mapToLong(DecimalText::parse).sorted().toArray();
      for (int i = 1; i < ascending.length; i++) {
        Packing.requireNew(ascending[i - 1] < ascending[i], TWICE);
      }
      return of(Intset.of(ascending), limits);
    }
    int longest = limits.setMaxListpackValue();
    if (members.size() <= limits.setMaxListpackEntries()
        && members.stream().allMatch(member -> member.length <= longest)) {
      return of(Listpack.of(members), limits);
    }
    RedisSet set = new RedisSet();
    Table table = set.toTable();
    for (byte[] member : members) {
      Packing.requireNew(table.add(member), TWICE);
    }
    return set;
  }

  /// The bytes of the intset, or null in another form; lent until the next change.
  byte @Nullable [] integers() {
    return integers;
  }

  /// The number of members.
  public int size() {
    if (table != null) {
      return table.members.size();
    }
    return integers != null ? Intset.wrap(integers).size() : list().size();
  }

  /// Whether `member` is in the set.
  public boolean contains(byte[] member) {
    if (table != null) {
      return table.members.get(member) != null;
    }
    if (integers != null) {
      return DecimalText.isLong(member)
          && Intset.wrap(integers).contains(DecimalText.parse(member));
    }
    return list().find(member, list().first(), 1) != Listpack.NONE;
  }

  /// Adds a member; says whether it is new. The array may be kept.
  public boolean add(byte[] member, EncodingLimits limits) {
    if (integers != null) {
      if (DecimalText.isLong(member)) {
        return addInteger(Intset.wrap(integers), DecimalText.parse(member), limits);
      }
      leaveIntegers(size() + 1, member.length, limits);
    }
    if (table != null) {
      return table.add(member);
    }
    Listpack list = list();
    if (list.find(member, list.first(), 1) != Listpack.NONE) {
      return false;
    }
    if (list.size() >= limits.setMaxListpackEntries()
        || member.length > limits.setMaxListpackValue()
        || Packing.isTooLarge(list, member.length)) {
      return toTable().add(member);
    }
    packed = list.append(member).bytes();
    return true;
  }

  private boolean addInteger(Intset set, long number, EncodingLimits limits) {
    Intset larger = set.add(number);
    integers = larger.bytes();
    if (larger.size() > limits.setMaxIntsetEntries()) {
      leaveIntegers(larger.size(), 0, limits);
    }
    return larger.size() > set.size();
  }

  /// Removes a member; says whether it was there.
  public boolean remove(byte[] member) {
    if (table != null) {
      return table.remove(member);
    }
    if (integers != null) {
      if (!DecimalText.isLong(member)) {
        return false;
      }
      Intset set = Intset.wrap(integers);
      Intset smaller = set.remove(DecimalText.parse(member));
      integers = smaller.bytes();
      return smaller.size() < set.size();
    }
    Listpack list = list();
    int at = list.find(member, list.first(), 1);
    if (at == Listpack.NONE) {
      return false;
    }
    packed = list.delete(at, 1).bytes();
    return true;
  }

  /// A member at random.
  public byte[] random(RandomGenerator random) {
    if (table != null) {
      return table.members.random(random).key();
    }
    int index = random.nextInt(size());
    return integers != null
        ? DecimalText.of(Intset.wrap(integers).get(index))
        : list().get(list().position(index));
  }

  /// Shows some members from `cursor` on, all if they are packed, and returns the next cursor, 0 at
  /// the end.
  public long scan(long cursor, long count, Consumer<byte[]> visitor) {
    if (table != null) {
      return table.members.scan(cursor, count, member -> visitor.accept(member.key()));
    }
    forEach(visitor);
    return 0;
  }

  @Override
  public Iterator<byte[]> iterator() {
    if (table != null) {
      Iterator<Member> nodes = table.members.iterator();
      return iterator(table.members.size(), _ -> nodes.next().key());
    }
    if (integers != null) {
      Intset set = Intset.wrap(integers);
      return iterator(set.size(), index -> DecimalText.of(set.get(index)));
    }
    Listpack list = list();
    int[] place = {list.first()};
    return iterator(
        list.size(),
        _ -> {
          int at = place[0];
          place[0] = list.next(at);
          return list.get(at);
        });
  }

  private static Iterator<byte[]> iterator(int size, IntFunction<byte[]> member) {
    return new Iterator<>() {
      private int index;

      @Override
      public boolean hasNext() {
        return index < size;
      }

      @Override
      public byte[] next() {
        if (index == size) {
          throw new NoSuchElementException();
        }
        return member.apply(index++);
      }
    };
  }

  @Override
  public RdbKind kind() {
    return RdbKind.SET;
  }

  /// A set of few strings says that it is a table, which in 7.0 it is.
  @Override
  public String encoding() {
    return integers != null ? "intset" : "hashtable";
  }

  @Override
  public RdbValue toRdb() {
    List<byte[]> list = new ArrayList<>(size());
    forEach(list::add);
    return new RdbValue.SetValue(list);
  }

  @Override
  public RedisSet copy() {
    RedisSet copy = new RedisSet();
    if (table != null) {
      forEach(copy.toTable()::add);
    } else {
      // Shared: a change makes another array.
      copy.integers = integers;
      copy.packed = packed;
    }
    return copy;
  }

  @Override
  public long sizeBytes() {
    long fixed = Footprint.object(12);
    if (table != null) {
      return fixed + table.payloadBytes + Footprint.NODE_BYTES * table.members.size();
    }
    return fixed + Footprint.array(integers != null ? integers.length : list().bytes().length);
  }

  private Listpack list() {
    return Listpack.wrap(Objects.requireNonNull(packed));
  }

  /// Changes to the form for `size` members of which the longest new one has `longest` bytes.
  private void leaveIntegers(int size, int longest, EncodingLimits limits) {
    if (size > limits.setMaxListpackEntries() || longest > limits.setMaxListpackValue()) {
      toTable();
      return;
    }
    List<byte[]> members = new ArrayList<>();
    forEach(members::add);
    packed = Listpack.of(members).bytes();
    integers = null;
  }

  private Table toTable() {
    Table larger = new Table();
    forEach(larger::add);
    integers = null;
    packed = null;
    table = larger;
    return larger;
  }
}
