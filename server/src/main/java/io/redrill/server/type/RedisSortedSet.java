package io.redrill.server.type;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.server.dict.Dict;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Distinct members, each with a score, in the order of score and then of bytes: a listpack of both
/// in turn while they are few and short, a table and a skip list otherwise.
///
/// The table finds a member's score, the skip list keeps the order; both share one object per
/// member.
///
/// Invariant: exactly one of `packed` and `table` is there.
public final class RedisSortedSet implements DecodedValue, Iterable<RedisSortedSet.Member> {

  /// A member with its score, as it is now or was before a later change.
  public interface Member {

    /// The member itself.
    byte[] name();

    /// Its score, never NaN.
    double score();

    /// The text of its score as it is stored, which of a packed integer has all digits.
    default byte[] scoreText() {
      return Numbers.text(score());
    }
  }

  /// A member of a large set; also a link of the order.
  static final class Linked extends Dict.Node implements Member {
    private double score;
    final SkipList.Links links;

    Linked(byte[] name, double score, int levels) {
      super(name);
      this.score = score;
      this.links = new SkipList.Links(levels);
    }

    @Override
    public byte[] name() {
      return key();
    }

    @Override
    public double score() {
      return score;
    }
  }

  private static final class Table {
    final Dict<Linked> members = new Dict<>();
    final SkipList order = new SkipList();
    long payloadBytes;

    boolean put(byte[] name, double score) {
      Linked member = members.get(name);
      if (member == null) {
        Linked added = new Linked(name, score, order.randomLevels());
        members.add(added);
        order.add(added);
        payloadBytes += footprint(added);
        return true;
      }
      if (member.score != score) {
        order.remove(member);
        member.score = score;
        order.add(member);
      } else {
        member.score = score; // 0 and -0 are equal and not the same
      }
      return false;
    }

    boolean remove(byte[] name) {
      Linked member = members.remove(name);
      if (member == null) {
        return false;
      }
      order.remove(member);
      payloadBytes -= footprint(member);
      return true;
    }

    private static long footprint(Linked member) {
      return Footprint.array(member.name().length) + member.links.footprint();
    }
  }

  private byte @Nullable [] packed = Listpack.empty().bytes();
  private @Nullable Table table;

  /// Begins without members.
  public RedisSortedSet() {}

  /// Takes over the members and scores that stand in `stored` in turn, after a look that they make
  /// sense. Where they are too many or too long, they are put into a table.
  ///
  /// @throws CorruptInputException if they cannot be a sorted set
  static RedisSortedSet of(Listpack stored, EncodingLimits limits) throws CorruptInputException {
    RedisSortedSet set = new RedisSortedSet();
    PackedSortedSet members = PackedSortedSet.check(stored);
    if (members.isAscending()
        && Packing.fits(
            stored, 2 * (long) limits.zsetMaxListpackEntries(), limits.zsetMaxListpackValue())) {
      Packing.requireDistinct(stored, 2, PackedSortedSet.TWICE);
      set.packed = stored.bytes();
      return set;
    }
    List<RdbValue.SortedSetValue.Member> all = new ArrayList<>();
    for (Member one : members) {
      all.add(new RdbValue.SortedSetValue.Member(one.name(), one.score()));
    }
    return of(new RdbValue.SortedSetValue(all), limits);
  }

  /// Takes the members of a sorted set that was stored otherwise.
  ///
  /// @throws CorruptInputException if one is there twice
  static RedisSortedSet of(RdbValue.SortedSetValue stored, EncodingLimits limits)
      throws CorruptInputException {
    RedisSortedSet set = new RedisSortedSet();
    List<RdbValue.SortedSetValue.Member> members = stored.members();
    int longest = limits.zsetMaxListpackValue();
    if (members.size() <= limits.zsetMaxListpackEntries()
        && members.stream().allMatch(one -> one.member().length <= longest)) {
      set.packed = PackedSortedSet.of(members).bytes();
      return set;
    }
    Table table = set.toTable();
    for (RdbValue.SortedSetValue.Member one : members) {
      Packing.requireNew(table.put(one.member(), one.score()), PackedSortedSet.TWICE);
    }
    return set;
  }

  /// The bytes of the listpack, or null for a table; lent until the next change.
  byte @Nullable [] packed() {
    return packed;
  }

  /// The number of members.
  public int size() {
    return table == null ? packing().size() : table.members.size();
  }

  /// The member, or null.
  public @Nullable Member get(byte[] name) {
    return table == null ? packing().get(name) : table.members.get(name);
  }

  /// Sets a member's score; says whether it is new. The array may be kept.
  public boolean put(byte[] name, double score, EncodingLimits limits) {
    if (table != null) {
      return table.put(name, score);
    }
    PackedSortedSet set = packing();
    PackedSortedSet.Packed member = set.get(name);
    if (member == null
        && (set.size() >= limits.zsetMaxListpackEntries()
            || name.length > limits.zsetMaxListpackValue()
            || Packing.isTooLarge(set.list(), name.length))) {
      return toTable().put(name, score);
    }
    // The packed form stores integers as such, and so has no negative zero.
    packed = set.put(member, name, score + 0.0).bytes();
    return member == null;
  }

  /// As [#put], but sets the score to its last bit, the sign of zero too, and never packs: for a
  /// result that is built member by member, until [#pack].
  public boolean putExactly(byte[] name, double score) {
    Table exact = table == null ? toTable() : table;
    Linked member = exact.members.get(name);
    if (member != null && member.score == score) {
      member.score = score; // 0 and -0 are equal, and not the same
      return false;
    }
    return exact.put(name, score);
  }

  /// Packs a result that is small, which takes the sign from its zeros, as on a real server.
  public void pack(EncodingLimits limits) {
    if (table == null || table.members.size() > limits.zsetMaxListpackEntries()) {
      return;
    }
    RedisSortedSet small = new RedisSortedSet();
    for (Member member : this) {
      small.put(member.name(), member.score(), limits);
    }
    packed = small.packed;
    table = small.table;
  }

  /// Removes a member; says whether it was there.
  public boolean remove(byte[] name) {
    if (table != null) {
      return table.remove(name);
    }
    PackedSortedSet set = packing();
    PackedSortedSet.Packed member = set.get(name);
    if (member == null) {
      return false;
    }
    packed = set.remove(member, 1).bytes();
    return true;
  }

  /// Removes `count` members from `rank` on, which must be there.
  public void removeRange(int rank, int count) {
    if (count == 0) {
      return;
    }
    if (table == null) {
      PackedSortedSet set = packing();
      packed = set.remove(set.at(rank), count).bytes();
      return;
    }
    for (int i = 0; i < count; i++) {
      table.remove(table.order.at(rank).name());
    }
  }

  /// The member at `rank`, from 0 for the lowest to below [#size()].
  public Member at(int rank) {
    Objects.checkIndex(rank, size());
    return table == null ? packing().at(rank) : table.order.at(rank);
  }

  /// The rank of a member of this set.
  public int rankOf(Member member) {
    return countBelow(other -> compare(other, member) < 0);
  }

  /// How many members come before the first that is not below `bound`.
  public int countBelow(Bound bound) {
    return table == null ? packing().countBelow(bound) : table.order.countBelow(bound);
  }

  /// The member after this one in order, or null; nothing may have changed since it was found.
  public @Nullable Member after(Member member) {
    return switch (member) {
      case Linked linked -> linked.links.next(0);
      case PackedSortedSet.Packed one -> one.next();
      default -> throw new IllegalArgumentException("no member of a sorted set");
    };
  }

  /// The member before this one in order, or null; nothing may have changed since it was found.
  public @Nullable Member before(Member member) {
    return switch (member) {
      case Linked linked -> linked.links.previous();
      case PackedSortedSet.Packed one -> one.previous();
      default -> throw new IllegalArgumentException("no member of a sorted set");
    };
  }

  /// A place in the order: says of each member whether it comes before.
  @FunctionalInterface
  public interface Bound {
    /// Whether `member` comes before the place; true for a prefix of the order.
    boolean isAfter(Member member);
  }

  /// A member at random.
  public Member random(RandomGenerator random) {
    return table == null ? packing().at(random.nextInt(size())) : table.members.random(random);
  }

  /// Shows some members from `cursor` on, all if they are packed, and returns the next cursor, 0 at
  /// the end.
  public long scan(long cursor, long count, Consumer<Member> visitor) {
    if (table != null) {
      return table.members.scan(cursor, count, visitor);
    }
    forEach(visitor);
    return 0;
  }

  /// The members in order. Nothing may be changed meanwhile.
  @Override
  public Iterator<Member> iterator() {
    return table == null ? packing().iterator() : iterator(table.order.first());
  }

  private Iterator<Member> iterator(@Nullable Member first) {
    return new Iterator<>() {
      private @Nullable Member next = first;

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Member next() {
        Member one = next;
        if (one == null) {
          throw new NoSuchElementException();
        }
        next = after(one);
        return one;
      }
    };
  }

  @Override
  public RdbKind kind() {
    return RdbKind.SORTED_SET;
  }

  @Override
  public String encoding() {
    return table == null ? "listpack" : "skiplist";
  }

  @Override
  public RdbValue toRdb() {
    List<RdbValue.SortedSetValue.Member> list = new ArrayList<>(size());
    for (Member member : this) {
      list.add(new RdbValue.SortedSetValue.Member(member.name(), member.score()));
    }
    return new RdbValue.SortedSetValue(list);
  }

  @Override
  public RedisSortedSet copy() {
    RedisSortedSet copy = new RedisSortedSet();
    if (table == null) {
      copy.packed = packed; // shared: a change makes another array
    } else {
      Table members = copy.toTable();
      forEach(member -> members.put(member.name(), member.score()));
    }
    return copy;
  }

  @Override
  public long sizeBytes() {
    long fixed = Footprint.object(8);
    return table == null
        ? fixed + Footprint.array(packing().bytes().length)
        : fixed + table.payloadBytes + (Footprint.NODE_BYTES + 16) * table.members.size();
  }

  /// The order of members.
  static int compare(Member left, Member right) {
    int byScore = left.score() < right.score() ? -1 : left.score() > right.score() ? 1 : 0;
    return byScore != 0 ? byScore : java.util.Arrays.compareUnsigned(left.name(), right.name());
  }

  private PackedSortedSet packing() {
    return new PackedSortedSet(Listpack.wrap(Objects.requireNonNull(packed)));
  }

  private Table toTable() {
    Table larger = new Table();
    forEach(member -> larger.put(member.name(), member.score()));
    packed = null;
    table = larger;
    return larger;
  }
}
