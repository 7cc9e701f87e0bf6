package io.redrill.rdb.check;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyText;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Something that stands once in a stream: a group's name, or a consumer's or an id that is pending
/// in a group. As bytes:
///
/// | bytes | what |
/// |---|---|
/// | 1 | whether the id is that of a consumer's entry, and no fact of its own: 1, else 0 |
/// | 1 | what it is: 1 a group's name, 2 a consumer's, 3 an id |
/// | 8 | the number of the group, from 1 on, big-endian; 0 for a group's name |
/// | ... | the [MemberIdentity] of the name, or the id, 16, big-endian |
///
/// The order of these bytes, the first left out, is that of groups, names and ids. One instance
/// makes one fact after the other, in place. Not safe for use by several threads.
final class GroupFact {

  /// How many bytes stand in front of what is equal for a group's entry and a consumer's.
  static final int ROLE_BYTES = 1;

  private static final byte GROUP_NAME = 1;
  private static final byte CONSUMER_NAME = 2;
  private static final byte PENDING_ID = 3;
  private static final int GROUP_AT = 2;
  private static final int WHAT_AT = GROUP_AT + Long.BYTES;

  private final MemberIdentity identity = new MemberIdentity(WHAT_AT);
  private final ByteBuffer front = ByteBuffer.wrap(identity.array());
  private final ByteBuffer id = ByteBuffer.allocate(2 * Long.BYTES);
  private final ByteSlice idSlice = ByteSlice.of(id.array());

  /// Makes the fact that a group has this name.
  void setGroup(ByteSlice name) {
    set(false, GROUP_NAME, 0, name);
  }

  /// Makes the fact that a consumer in group `group` has this name.
  void setConsumer(long group, ByteSlice name) {
    set(false, CONSUMER_NAME, group, name);
  }

  /// Makes the fact that an id is pending in group `group`, or that it is with a consumer.
  void setPending(long group, long millis, long sequence, boolean isOwned) {
    id.putLong(0, millis).putLong(Long.BYTES, sequence);
    set(isOwned, PENDING_ID, group, idSlice);
  }

  private void set(boolean isOwned, byte kind, long group, ByteSlice what) {
    identity.set(what);
    front.put(0, (byte) (isOwned ? 1 : 0)).put(1, kind).putLong(GROUP_AT, group);
  }

  /// The array that holds the fact.
  byte[] array() {
    return identity.array();
  }

  /// How many bytes of [#array] count.
  int length() {
    return identity.length();
  }

  /// Whether the fact that begins at `from` is the entry of a consumer.
  static boolean isOwned(byte[] bytes, int from) {
    return bytes[from] != 0;
  }

  /// The rule that is broken where the fact at `from` stands twice.
  static StreamRule rule(byte[] bytes, int from) {
    return switch (bytes[from + 1]) {
      case GROUP_NAME -> StreamRule.GROUPS_DIFFER;
      case CONSUMER_NAME -> StreamRule.CONSUMERS_DIFFER;
      default -> StreamRule.PENDING_DIFFER;
    };
  }

  /// A sentence about `fact`, which breaks `rule`.
  static String sentence(StreamRule rule, byte[] fact) {
    ByteBuffer bytes = ByteBuffer.wrap(fact);
    String what =
        rule(fact, 0) == StreamRule.PENDING_DIFFER
            ? Long.toUnsignedString(bytes.getLong(WHAT_AT))
                + "-"
                + Long.toUnsignedString(bytes.getLong(WHAT_AT + Long.BYTES))
            : KeyText.of(Arrays.copyOfRange(fact, WHAT_AT, fact.length));
    return rule.broken(bytes.getLong(GROUP_AT), what);
  }
}
