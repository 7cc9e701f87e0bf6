package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.server.dict.Dict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Distinct members: a sorted array while all are integers and few, a hash table otherwise.
public final class RedisSet implements DecodedValue, Iterable<byte[]> {

  private static final class Member extends Dict.Node {
    Member(byte[] name) {
      super(name);
    }
  }

  /// The integers in ascending order; null once the table is used.
  private long @Nullable [] integers = new long[4];

  private int integerCount;
  private Dict<Member> members = new Dict<>();
  private long payloadBytes;

  /// The number of members.
  public int size() {
    return integers != null ? integerCount : members.size();
  }

  /// Whether `member` is in the set.
  public boolean contains(byte[] member) {
    long[] array = integers;
    if (array == null) {
      return members.get(member) != null;
    }
    OptionalLong number = Numbers.parseLong(member);
    return number.isPresent()
        && Arrays.binarySearch(array, 0, integerCount, number.getAsLong()) >= 0;
  }

  /// Adds a member; says whether it is new. The array is kept.
  public boolean add(byte[] member, EncodingLimits limits) {
    long[] array = integers;
    if (array != null) {
      OptionalLong number = Numbers.parseLong(member);
      if (number.isPresent()) {
        return addInteger(array, number.getAsLong(), limits);
      }
      toTable();
    }
    if (members.get(member) != null) {
      return false;
    }
    members.add(new Member(member));
    payloadBytes += member.length;
    return true;
  }

  /// Removes a member; says whether it was there.
  public boolean remove(byte[] member) {
    long[] array = integers;
    if (array != null) {
      OptionalLong number = Numbers.parseLong(member);
      if (number.isEmpty()) {
        return false;
      }
      int at = Arrays.binarySearch(array, 0, integerCount, number.getAsLong());
      if (at < 0) {
        return false;
      }
      System.arraycopy(array, at + 1, array, at, integerCount - at - 1);
      integerCount--;
      return true;
    }
    if (members.remove(member) == null) {
      return false;
    }
    payloadBytes -= member.length;
    return true;
  }

  /// A member at random.
  public byte[] random(RandomGenerator random) {
    long[] array = integers;
    return array != null
        ? Numbers.text(array[random.nextInt(integerCount)])
        : members.random(random).key();
  }

  /// Shows some members from `cursor` on and returns the next cursor, 0 at the end.
  public long scan(long cursor, long count, Consumer<byte[]> visitor) {
    if (integers != null) {
      forEach(visitor);
      return 0;
    }
    return members.scan(cursor, count, member -> visitor.accept(member.key()));
  }

  @Override
  public Iterator<byte[]> iterator() {
    long[] array = integers;
    if (array != null) {
      return Arrays.stream(array, 0, integerCount).mapToObj(Numbers::text).iterator();
    }
    Iterator<Member> nodes = members.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return nodes.hasNext();
      }

      @Override
      public byte[] next() {
        return nodes.next().key();
      }
    };
  }

  @Override
  public RdbKind kind() {
    return RdbKind.SET;
  }

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
    long[] array = integers;
    if (array != null) {
      copy.integers = array.clone();
      copy.integerCount = integerCount;
    } else {
      copy.integers = null;
      for (byte[] member : this) {
        copy.add(member, EncodingLimits.DEFAULT);
      }
    }
    return copy;
  }

  @Override
  public long sizeBytes() {
    long[] array = integers;
    return array != null ? 64 + 8L * array.length : 64 + payloadBytes + 56L * members.size();
  }

  private boolean addInteger(long[] array, long number, EncodingLimits limits) {
    int at = Arrays.binarySearch(array, 0, integerCount, number);
    if (at >= 0) {
      return false;
    }
    int place = -at - 1;
    long[] target = array;
    if (integerCount == array.length) {
      target = Arrays.copyOf(array, integerCount * 2);
      integers = target;
    }
    System.arraycopy(target, place, target, place + 1, integerCount - place);
    target[place] = number;
    integerCount++;
    if (integerCount > limits.setMaxIntsetEntries()) {
      toTable();
    }
    return true;
  }

  private void toTable() {
    Dict<Member> table = new Dict<>();
    for (byte[] member : this) {
      table.add(new Member(member));
      payloadBytes += member.length;
    }
    members = table;
    integers = null;
    integerCount = 0;
  }
}
