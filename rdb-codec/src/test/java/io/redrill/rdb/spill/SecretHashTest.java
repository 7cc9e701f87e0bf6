package io.redrill.rdb.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretHashTest {

  private static final BigInteger PRIME = BigInteger.TWO.pow(61).subtract(BigInteger.ONE);

  /// The same polynomial, in plain words, gives the same hash for the same inputs only.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void isThePolynomial(long seed) {
    Random random = new Random(seed);
    long secret = random.nextLong((1L << 61) - 1);
    SecretHash hash = new SecretHash(secret);
    Set<Long> hashes = new HashSet<>();
    Set<BigInteger> polynomials = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      if (i % 3 == 0) {
        Arrays.fill(bytes, (byte) 0xff);
      }
      boolean isNew = hashes.add(hash.of(bytes, 0, bytes.length));
      assertThat(polynomials.add(polynomial(bytes, secret))).isEqualTo(isNew);
    }
  }

  private static BigInteger polynomial(byte[] bytes, long secret) {
    BigInteger sum = BigInteger.valueOf(bytes.length);
    for (int at = 0; at < bytes.length; at += 4) {
      long word = 0;
      for (int i = Math.min(bytes.length, at + 4) - 1; i >= at; i--) {
        word = word << 8 | (bytes[i] & 0xff);
      }
      sum = sum.multiply(BigInteger.valueOf(secret)).add(BigInteger.valueOf(word)).mod(PRIME);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 7, 200})
  void tellsBytesWhereverTheyStandAndDrawsAnew(int length) {
    byte[] bytes = new byte[length + 5];
    new Random(length).nextBytes(bytes);
    SecretHash hash = new SecretHash();

    long here = hash.of(bytes, 3, length);
    assertThat(hash.of(Arrays.copyOfRange(bytes, 3, 3 + length), 0, length)).isEqualTo(here);
    assertThat(hash.of(bytes, 3, length + 1)).isNotEqualTo(here);
    if (length > 0) {
      assertThat(new SecretHash().of(bytes, 3, length)).isNotEqualTo(here);
    }
  }
}
