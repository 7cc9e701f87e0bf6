package io.redrill.server.type;

import io.redrill.server.type.RedisSortedSet.Bound;
import io.redrill.server.type.RedisSortedSet.Linked;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// An ordered list of members that finds a place, a rank or the member at a rank in logarithmic
/// time.
///
/// A skip list after Pugh: every member is linked on level 0, a quarter of those on each next
/// level. Each link knows how many members it leads across (its span), which is what makes ranks
/// cheap.
///
/// Invariants: on each level, the spans from the head to the end add up to at most the size; the
/// order is by score, then by the unsigned bytes of the name; only linked members have spans.
final class SkipList {

  private static final int MAX_LEVELS = 24;

  /// The links of one member, the lowest level first.
  static final class Links {
    private final @Nullable Linked[] forward;
    private final int[] span;
    private @Nullable Linked previous;

    Links(int levels) {
      forward = new @Nullable Linked[levels];
      span = new int[levels];
    }

    /// The bytes of this object and its arrays.
    long footprint() {
      return Footprint.object(12) + 2 * Footprint.array(4L * span.length);
    }

    @Nullable Linked next(int level) {
      return forward[level];
    }

    @Nullable Linked previous() {
      return previous;
    }
  }

  private final Links head = new Links(MAX_LEVELS);
  private final SplittableRandom random = new SplittableRandom(0);
  private int levels = 1;
  private int size;

  int randomLevels() {
    int chosen = 1;
    while (chosen < MAX_LEVELS && random.nextInt(4) == 0) {
      chosen++;
    }
    return chosen;
  }

  @Nullable Linked first() {
    return head.forward[0];
  }

  void add(Linked member) {
    Links[] before = new Links[MAX_LEVELS];
    int[] rank = new int[MAX_LEVELS];
    Linked previous = descend(other -> RedisSortedSet.compare(other, member) < 0, before, rank);
    Links links = member.links;
    int height = links.forward.length;
    while (levels < height) {
      before[levels] = head;
      rank[levels] = 0;
      head.span[levels] = size;
      levels++;
    }
    for (int level = 0; level < height; level++) {
      Links left = before[level];
      links.forward[level] = left.forward[level];
      left.forward[level] = member;
      links.span[level] = left.span[level] - (rank[0] - rank[level]);
      left.span[level] = rank[0] - rank[level] + 1;
    }
    for (int level = height; level < levels; level++) {
      before[level].span[level]++;
    }
    links.previous = previous;
    Linked next = links.forward[0];
    if (next != null) {
      next.links.previous = member;
    }
    size++;
  }

  void remove(Linked member) {
    Links[] before = new Links[MAX_LEVELS];
    Linked previous =
        descend(other -> RedisSortedSet.compare(other, member) < 0, before, new int[MAX_LEVELS]);
    Links links = member.links;
    for (int level = 0; level < levels; level++) {
      Links left = before[level];
      if (left.forward[level] == member) {
        left.span[level] += links.span[level] - 1;
        left.forward[level] = links.forward[level];
      } else {
        left.span[level]--;
      }
    }
    Linked next = links.forward[0];
    if (next != null) {
      next.links.previous = previous;
    }
    Arrays.fill(links.forward, null);
    Arrays.fill(links.span, 0);
    links.previous = null;
    while (levels > 1 && head.forward[levels - 1] == null) {
      levels--;
    }
    size--;
  }

  Linked at(int rank) {
    Objects.checkIndex(rank, size);
    int left = rank + 1;
    Links links = head;
    for (int level = levels - 1; level >= 0; level--) {
      Linked next = links.forward[level];
      while (next != null && links.span[level] <= left) {
        left -= links.span[level];
        links = next.links;
        if (left == 0) {
          return next;
        }
        next = links.forward[level];
      }
    }
    throw new IllegalStateException("the spans do not lead to rank " + rank);
  }

  int countBelow(Bound bound) {
    int[] rank = new int[MAX_LEVELS];
    descend(bound, new Links[MAX_LEVELS], rank);
    return rank[0];
  }

  /// Goes to the last member that the bound is after. Fills in, for each level, the links it left
  /// from and how many members lie up to there; returns that last member, or null if it is the
  /// head.
  private @Nullable Linked descend(Bound bound, Links[] before, int[] rank) {
    Links links = head;
    Linked last = null;
    int passed = 0;
    for (int level = levels - 1; level >= 0; level--) {
      Linked next = links.forward[level];
      while (next != null && bound.isAfter(next)) {
        passed += links.span[level];
        links = next.links;
        last = next;
        next = links.forward[level];
      }
      before[level] = links;
      rank[level] = passed;
    }
    return last;
  }
}
