package io.redrill.server.replication;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// The identities of this server's stream: the present one, and the one before up to where it was
/// left.
///
/// After a restart from an RDB file the stream gets a new identity, as Redis gives it one: what
/// happened between that file and the end of the last run is unknown. Up to the file's position the
/// two streams are the same, so replicas that stand there may go on.
record ReplicationIds(String current, String previous, long previousEnd) {

  private static final String NONE = "0".repeat(40);

  /// A new identity without a past.
  static ReplicationIds fresh(RandomGenerator random) {
    return new ReplicationIds(randomId(random), NONE, -1);
  }

  /// A new identity whose stream goes on where that of `id` stood at `offset`.
  static ReplicationIds after(String id, long offset, RandomGenerator random) {
    return new ReplicationIds(randomId(random), id, offset + 1);
  }

  /// Whether a stream of identity `id` is the same as ours up to the byte before `offset`.
  boolean includes(String id, long offset) {
    return id.equals(current) || (id.equals(previous) && offset <= previousEnd);
  }

  /// 40 random hexadecimal digits.
  static String randomId(RandomGenerator random) {
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
