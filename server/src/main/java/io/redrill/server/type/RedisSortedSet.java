package io.redrill.server.type;

import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.server.dict.Dict;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Distinct members, each with a score, in the order of score and then of bytes.
///
/// A table finds a member's score, a skip list keeps the order; both share one object per member.
public final class RedisSortedSet implements DecodedValue {

  /// A member with its score; also a link of the order.
  public static final class Member extends Dict.Node {
    private double score;
    final SkipList.Links links;

    Member(byte[] name, double score, int levels) {
      super(name);
      this.score = score;
      this.links = new SkipList.Links(levels);
    }

    /// The member itself.
    public byte[] name() {
      return key();
    }

    /// Its score, never NaN.
    public double score() {
      return score;
    }
  }

  private final Dict<Member> members = new Dict<>();
  private final SkipList order = new SkipList();
  private long payloadBytes;
  private boolean large;

  /// The number of members.
  public int size() {
    return members.size();
  }

  /// The member, or null.
  public @Nullable Member get(byte[] name) {
    return members.get(name);
  }

  /// Sets a member's score; says whether it is new. The array is kept.
  public boolean put(byte[] name, double given, EncodingLimits limits) {
    // The packed form stores integers as such, and so has no negative zero.
    double score = large ? given : given + 0.0;
    Member member = members.get(name);
    if (member != null) {
      if (member.score != score) {
        order.remove(member);
        member.score = score;
        order.add(member);
      } else {
        member.score = score; // 0 and -0 are equal and not the same
      }
      return false;
    }
    Member added = new Member(name, score, order.randomLevels());
    members.add(added);
    order.add(added);
    payloadBytes += name.length;
    large |=
        members.size() > limits.zsetMaxListpackEntries()
            || name.length > limits.zsetMaxListpackValue();
    return true;
  }

  /// Removes a member; says whether it was there.
  public boolean remove(byte[] name) {
    Member member = members.remove(name);
    if (member == null) {
      return false;
    }
    order.remove(member);
    payloadBytes -= name.length;
    return true;
  }

  /// The member at `rank`, from 0 for the lowest to below [#size()].
  public Member at(int rank) {
    return order.at(rank);
  }

  /// The rank of a member of this set.
  public int rankOf(Member member) {
    return order.rankOf(member);
  }

  /// How many members come before the first that is not below `bound`.
  public int countBelow(Bound bound) {
    return order.countBelow(bound);
  }

  /// The member after this one in order, or null.
  public @Nullable Member after(Member member) {
    return member.links.next(0);
  }

  /// The member before this one in order, or null.
  public @Nullable Member before(Member member) {
    return member.links.previous();
  }

  /// A place in the order: says of each member whether it comes before.
  @FunctionalInterface
  public interface Bound {
    /// Whether `member` comes before the place; true for a prefix of the order.
    boolean isAfter(Member member);
  }

  /// A member at random.
  public Member random(RandomGenerator random) {
    return members.random(random);
  }

  /// Shows some members from `cursor` on and returns the next cursor, 0 at the end.
  public long scan(long cursor, long count, java.util.function.Consumer<Member> visitor) {
    if (!large) {
      for (int i = 0; i < size(); i++) {
        visitor.accept(at(i));
      }
      return 0;
    }
    return members.scan(cursor, count, visitor);
  }

  @Override
  public RdbKind kind() {
    return RdbKind.SORTED_SET;
  }

  @Override
  public String encoding() {
    return large ? "skiplist" : "listpack";
  }

  @Override
  public RdbValue toRdb() {
    List<RdbValue.SortedSetValue.Member> list = new ArrayList<>(size());
    for (Member member = order.first(); member != null; member = after(member)) {
      list.add(new RdbValue.SortedSetValue.Member(member.name(), member.score));
    }
    return new RdbValue.SortedSetValue(list);
  }

  @Override
  public RedisSortedSet copy() {
    RedisSortedSet copy = new RedisSortedSet();
    for (Member member = order.first(); member != null; member = after(member)) {
      copy.put(member.name(), member.score, EncodingLimits.DEFAULT);
    }
    copy.large = large;
    return copy;
  }

  @Override
  public long sizeBytes() {
    return 64 + payloadBytes + 120L * size();
  }
}
