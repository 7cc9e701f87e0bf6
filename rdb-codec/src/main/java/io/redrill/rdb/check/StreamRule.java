package io.redrill.rdb.check;

/// What must hold of a stream and its consumer groups, in the order in which it is reported.
enum StreamRule {
  ENTRIES_ASCEND("the ids of a stream do not ascend"),
  LAST_ID_IS_LAST("an id of a stream is greater than its last id"),
  ENTRIES_WERE_ADDED("a stream holds more entries than were ever added"),
  /// Of a [GroupFact].
  GROUPS_DIFFER("a stream has a group twice: %2$s"),
  /// Of a [GroupFact].
  CONSUMERS_DIFFER("group %1$d of a stream has a consumer twice: %2$s"),
  /// Of a [GroupFact].
  PENDING_DIFFER("group %1$d of a stream has an entry pending twice: %2$s"),
  /// Of a [GroupFact].
  OWNED_IS_PENDING(
      "a consumer in group %1$d of a stream has a pending entry that the group has not, or another consumer has too: %2$s"),
  /// Of a [GroupFact].
  PENDING_IS_OWNED("a pending entry in group %1$d of a stream belongs to no consumer: %2$s");

  private final String sentence;

  StreamRule(String sentence) {
    this.sentence = sentence;
  }

  /// A sentence for a stream that breaks the rule.
  String broken() {
    return sentence;
  }

  /// As above, where `what`, a name or an id, breaks it in the group of that number, from 1 on.
  String broken(long group, String what) {
    return sentence.formatted(group, what);
  }
}
