package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.encoding.LittleEndian;
import io.redrill.rdb.encoding.Xxh3;
import io.redrill.rdb.spill.KeyIdentity;
import java.util.Arrays;

/// Keys that were made to share an XXH3.
///
/// XXH3 multiplies words of an identity, after it has changed them by words of its secret: of one
/// that makes a factor zero the others do not matter but for their sum.
public final class KeysOfOneHash {

  /// That of nothing: what XXH3 makes of sums that are zero.
  private static final long SHARED_HASH = 0;

  private KeysOfOneHash() {}

  /// The key with `number`, of those whose identities in database 0 share the hash that they are
  /// dealt by.
  public static byte[] key(int number) {
    KeyIdentity identity = new KeyIdentity(0);
    byte[] key = new byte[24];
    LittleEndian.putLong(key, 0, number);
    LittleEndian.putLong(key, 8, 0xdb979083e96dd4deL);
    identity.set(0, ByteSlice.of(key));
    long head = LittleEndian.getLong(identity.array(), 0);
    long folded = fold(head ^ 0xbe4ba423396cfeb8L, number ^ 0x1cad21f72c81017cL);
    long other = identity.length() * 0x9e3779b185ebca87L + folded;
    LittleEndian.putLong(key, 16, (-head - number ^ other) - 0xdb979083e96dd4deL);
    identity.set(0, ByteSlice.of(key));
    Xxh3 xxh3 = new Xxh3();
    xxh3.hash(identity.array(), 0, identity.length());
    assertThat(xxh3.low()).isEqualTo(SHARED_HASH);
    return key;
  }

  /// The key with `number`, of those that share their beginning and all 128 bits of XXH3, for the
  /// same reason.
  public static byte[] longKey(int number) {
    byte[] key = new byte[1100];
    Arrays.fill(key, (byte) 'k');
    LittleEndian.putInt(key, 512, 0xbb52283c);
    LittleEndian.putInt(key, 516, number);
    LittleEndian.putInt(key, 576, 0x8b65d088);
    LittleEndian.putInt(key, 580, -number);
    return key;
  }

  private static long fold(long one, long other) {
    return one * other ^ Math.unsignedMultiplyHigh(one, other);
  }
}
