package io.redrill.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbEnvelope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ZstdRdbTest {

  private static final byte[] PLAIN = "an RDB ".repeat(1000).getBytes(StandardCharsets.US_ASCII);

  @Test
  void opensAnEnvelope() throws IOException {
    assertThat(read(envelope())).isEqualTo(PLAIN);
  }

  @Test
  void refusesEveryTruncationAndNamesTheFile() throws IOException {
    byte[] file = envelope();
    for (int length = 7; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(cut))
          .as("cut to %d bytes", length)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("test");
    }
    byte[] damaged = file.clone();
    damaged[8] ^= 1;
    assertThatThrownBy(() -> read(damaged)).isInstanceOf(FormatException.class);
  }

  private static byte[] envelope() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {'V', 'C', 'S', 1, 2, 0, 1});
    file.write(Zstd.compress(PLAIN));
    return file.toByteArray();
  }

  private static byte[] read(byte[] file) throws IOException {
    try (var in = RdbEnvelope.open(new ByteArrayInputStream(file), "test", new ZstdRdb()).rdb()) {
      return in.readAllBytes();
    }
  }
}
