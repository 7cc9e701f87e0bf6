package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is encoded element by element keeps what is at the edge of what its form can hold.
class UnpackedEncoderTest {

  private static final int VALKEY_9 = 80;

  @ParameterizedTest
  @ValueSource(longs = {0, 1L << 48, Long.MAX_VALUE})
  void anyTimeAtWhichAFieldCanExpireIsKept(long expireAtMillis) throws IOException {
    ByteSlice text = ByteSlice.of(new byte[] {'f'});
    UnpackedEncoder encoder =
        UnpackedEncoder.of(
            handler -> handler.field(text, text, expireAtMillis), RdbKind.HASH, VALKEY_9, true);

    RdbBytes written = new RdbBytes();
    encoder.write((bytes, offset, length) -> {
      for (int i = offset; i < offset + length; i++) {
        written.put(bytes[i]);
      }
    });

    assertThat(encoder.type()).isEqualTo(RdbType.HASH_2_VALKEY);
    assertThat(written.bytes())
        .isEqualTo(new RdbBytes().put(1).texts("f", "f").little(8, expireAtMillis).bytes());
  }
}
