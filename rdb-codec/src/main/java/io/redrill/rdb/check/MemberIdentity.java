package io.redrill.rdb.check;

import io.redrill.rdb.ByteSlice;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Bytes of bounded length that stand for a member of a collection, or a name: the member itself
/// or, of one longer than [#WHOLE_BYTES], its beginning and a SHA-256 of all of it.
///
/// | bytes | what |
/// |---|---|
/// | ... | what the caller put in front |
/// | up to 160 | the member |
///
/// or
///
/// | bytes | what |
/// |---|---|
/// | ... | what the caller put in front |
/// | 129 | its beginning, one byte more than messages show |
/// | 32 | its SHA-256 |
///
/// Two members whose identities are the same are the same: nobody knows two inputs with one
/// SHA-256, and a hash that files can be made to share would not do here. One instance makes one
/// identity after the other, in place. Not safe for use by several threads.
final class MemberIdentity {

  private static final int WHOLE_BYTES = 160;
  private static final int BEGINNING_BYTES = 129;
  private static final int HASH_BYTES = 32;

  private final int reserved;
  private final byte[] bytes;
  private final MessageDigest sha256;
  private int length;

  /// Begins; the first `reserved` bytes of [#array] are left to the caller.
  MemberIdentity(int reserved) {
    this.reserved = reserved;
    this.bytes = new byte[reserved + BEGINNING_BYTES + HASH_BYTES];
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Makes the identity of `member`.
  void set(ByteSlice member) {
    if (member.length() <= WHOLE_BYTES) {
      System.arraycopy(member.array(), member.offset(), bytes, reserved, member.length());
      length = reserved + member.length();
      return;
    }
    System.arraycopy(member.array(), member.offset(), bytes, reserved, BEGINNING_BYTES);
    sha256.update(member.array(), member.offset(), member.length());
    byte[] hash = sha256.digest();
    System.arraycopy(hash, 0, bytes, reserved + BEGINNING_BYTES, HASH_BYTES);
    length = bytes.length;
  }

  /// The array that holds the reserved bytes and the identity.
  byte[] array() {
    return bytes;
  }

  /// How many bytes of [#array] count.
  int length() {
    return length;
  }
}
