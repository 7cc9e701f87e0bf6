package io.redrill.rdb.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Compares with hashes that another implementation made; the resource says how.
class Xxh3Test {

  @Test
  void agreesWithTheReference() throws IOException {
    List<String> vectors = vectors();
    assertThat(vectors).hasSizeGreaterThan(513);
    byte[] pattern = pattern(200_000);
    byte[] moved = new byte[pattern.length + 3];
    System.arraycopy(pattern, 0, moved, 3, pattern.length);
    Xxh3 hash = new Xxh3();
    for (String vector : vectors) {
      int length = Integer.parseInt(vector.substring(0, vector.indexOf(' ')));
      String expected = vector.substring(vector.indexOf(' ') + 1);

      hash.hash(pattern, 0, length);
      assertThat(text(hash)).as("%d bytes", length).isEqualTo(expected);
      hash.hash(moved, 3, length);
      assertThat(text(hash)).as("%d bytes from 3 on", length).isEqualTo(expected);
    }
  }

  @Test
  void refusesToReadOutside() {
    Xxh3 hash = new Xxh3();
    assertThatThrownBy(() -> hash.hash(new byte[10], 5, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static String text(Xxh3 hash) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(hash.high()) + hex.toHexDigits(hash.low());
  }

  private static byte[] pattern(int length) {
    byte[] pattern = new byte[length];
    for (int i = 0; i < length; i++) {
      long square = 31L * i * i + 7L * i;
      pattern[i] = (byte) (square >> 3 ^ i >> 8);
    }
    return pattern;
  }

  private static List<String> vectors() throws IOException {
    try (InputStream in = Xxh3Test.class.getResourceAsStream("xxh3-128.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }
}
