package io.redrill.rdb.check;

import java.util.Optional;

/// Counts the aux fields in which KeyDB stores, after a key, when members of it expire; and knows
/// the one in which it stores a key's time of change, which says nothing about the file.
final class MemberExpiries {

  private static final String MEMBER = "keydb-subexpire-key";
  private static final String TIME = "keydb-subexpire-when";
  private static final String TIME_OF_CHANGE = "mvcc-tstamp";

  private long members;
  private long firstOffset;

  /// Takes an aux field at `offset`; says whether it is about a key, and so not about the file.
  boolean isOfKey(String name, long offset) {
    if (name.equals(MEMBER)) {
      firstOffset = members == 0 ? offset : firstOffset;
      members++;
      return true;
    }
    return name.equals(TIME) || name.equals(TIME_OF_CHANGE);
  }

  /// Adds what `later` saw, behind what was seen here.
  void plus(MemberExpiries later) {
    firstOffset = members == 0 ? later.firstOffset : firstOffset;
    members += later.members;
  }

  /// The record of the first member that expires.
  long firstOffset() {
    return firstOffset;
  }

  /// What to say, if there is something.
  Optional<String> warning() {
    return members == 0
        ? Optional.empty()
        : Optional.of(
            members
                + (members == 1 ? " member expiry" : " member expiries")
                + " of KeyDB, which no other server reads: there the members never expire");
  }
}
