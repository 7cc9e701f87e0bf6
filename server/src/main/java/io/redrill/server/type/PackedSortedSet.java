package io.redrill.server.type;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.DoubleText;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.ListpackBuilder;
import io.redrill.server.type.RedisSortedSet.Bound;
import io.redrill.server.type.RedisSortedSet.Member;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A view of a listpack as a small sorted set: each member followed by its score, the lowest first.
///
/// A score is an integer where it is one up to 2^62, and text otherwise, as servers store it. Edits
/// return another set in a new array, so members that were found before stay as they were.
record PackedSortedSet(Listpack list) implements Iterable<Member> {

  static final String TWICE = "a sorted set holds a member twice";

  private static final double INTEGERS_UP_TO = 1L << 62;

  /// A member where it stands, read when it is asked for.
  record Packed(Listpack list, int at) implements Member {

    @Override
    public byte[] name() {
      return list.get(at);
    }

    @Override
    public double score() {
      int score = list.next(at);
      return list.isInteger(score)
          ? list.integer(score)
          : DoubleText.parse(list.get(score)).orElseThrow(IllegalStateException::new);
    }

    @Override
    public byte[] scoreText() {
      return list.get(list.next(at));
    }

    @Nullable Packed next() {
      int next = list.next(list.next(at));
      return next == Listpack.NONE ? null : new Packed(list, next);
    }

    @Nullable Packed previous() {
      int score = list.previous(at);
      return score == Listpack.NONE ? null : new Packed(list, list.previous(score));
    }
  }

  /// Views `stored` after a look that it holds pairs, the second of each a number.
  static PackedSortedSet check(Listpack stored) throws CorruptInputException {
    if (stored.size() % 2 != 0) {
      throw new CorruptInputException(
          "a packed collection of pairs has an odd number of elements", "listpack", 4);
    }
    for (int at = stored.first(); at != Listpack.NONE; ) {
      int score = stored.next(at);
      if (!stored.isInteger(score) && DoubleText.parse(stored.get(score)).isEmpty()) {
        throw new CorruptInputException("a score is not a number", "listpack", score);
      }
      at = stored.next(score);
    }
    return new PackedSortedSet(stored);
  }

  /// Packs members given in any order, -0 as such.
  static PackedSortedSet of(List<RdbValue.SortedSetValue.Member> members)
      throws CorruptInputException {
    List<RdbValue.SortedSetValue.Member> sorted = new ArrayList<>(members);
    sorted.sort((left, right) -> {
      int byScore = compare(left.score(), right.score());
      return byScore != 0 ? byScore : Arrays.compareUnsigned(left.member(), right.member());
    });
    ListpackBuilder list = new ListpackBuilder();
    for (RdbValue.SortedSetValue.Member one : sorted) {
      list.add(one.member()).add(text(one.score()));
    }
    PackedSortedSet set = new PackedSortedSet(list.build());
    Packing.requireDistinct(set.list, 2, TWICE);
    return set;
  }

  byte[] bytes() {
    return list.bytes();
  }

  int size() {
    return list.size() / 2;
  }

  /// Whether the members stand in order.
  boolean isAscending() {
    Packed before = null;
    for (Member member : this) {
      Packed one = (Packed) member;
      if (before != null && RedisSortedSet.compare(before, one) >= 0) {
        return false;
      }
      before = one;
    }
    return true;
  }

  @Nullable Packed get(byte[] name) {
    int at = list.find(name, list.first(), 2);
    return at == Listpack.NONE ? null : new Packed(list, at);
  }

  /// The member at `rank`, which must be there.
  Packed at(int rank) {
    int fromEnd = rank - size();
    return new Packed(list, list.position(rank < -fromEnd ? 2 * rank : 2 * fromEnd));
  }

  int countBelow(Bound bound) {
    int count = 0;
    for (Member member : this) {
      if (!bound.isAfter(member)) {
        break;
      }
      count++;
    }
    return count;
  }

  /// This set with `score` for `member`, or for `name` as a new one if that is null.
  PackedSortedSet put(@Nullable Packed member, byte[] name, double score) {
    if (member == null) {
      return insert(name, score);
    }
    return member.score() == score ? this : remove(member, 1).insert(name, score);
  }

  private PackedSortedSet insert(byte[] name, double score) {
    byte[] text = text(score);
    for (Member member : this) {
      Packed one = (Packed) member;
      int byScore = compare(one.score(), score);
      if (byScore > 0 || (byScore == 0 && list.compare(one.at(), name) > 0)) {
        return new PackedSortedSet(list.insert(one.at(), name, text));
      }
    }
    return new PackedSortedSet(list.append(name, text));
  }

  /// This set without `count` members from `first` on.
  PackedSortedSet remove(Packed first, int count) {
    return new PackedSortedSet(list.delete(first.at(), 2 * count));
  }

  @Override
  public Iterator<Member> iterator() {
    return new Iterator<>() {
      private int at = list.first();

      @Override
      public boolean hasNext() {
        return at != Listpack.NONE;
      }

      @Override
      public Member next() {
        if (at == Listpack.NONE) {
          throw new NoSuchElementException();
        }
        Packed one = new Packed(list, at);
        at = list.next(list.next(at));
        return one;
      }
    };
  }

  private static int compare(double left, double right) {
    return left < right ? -1 : left > right ? 1 : 0;
  }

  private static byte[] text(double score) {
    boolean isNegativeZero = score == 0 && 1 / score < 0;
    if (score == (long) score && Math.abs(score) <= INTEGERS_UP_TO && !isNegativeZero) {
      return DecimalText.of((long) score);
    }
    return Numbers.format(score).getBytes(StandardCharsets.ISO_8859_1);
  }
}
