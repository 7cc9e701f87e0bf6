package io.redrill.rdb.encoding;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Frames that are put together byte by byte.
class Lz4FrameTest {

  private static final int BLOCK_CHECKSUMS = 0x10;
  private static final int CONTENT_CHECKSUM = 0x04;

  /// Values that the algorithm's description gives.
  @ParameterizedTest
  @CsvSource({
    "'', 02cc5d05",
    "a, 550d7456",
    "abc, 32d153ff",
    "Nobody inspects the spammish repetition, e2293b2f"
  })
  void knowsTheChecksum(String text, String expected) {
    byte[] bytes = text.getBytes(US_ASCII);
    assertThat("%08x".formatted(Xxh32.of(bytes, 0, bytes.length))).isEqualTo(expected);

    Xxh32 inPieces = new Xxh32();
    for (int i = 0; i < bytes.length; i++) {
      inPieces.update(bytes, i, 1);
    }
    assertThat("%08x".formatted(inPieces.value())).isEqualTo(expected);
  }

  @Test
  void readsBlocksAsTheyAreAndPacked() throws IOException {
    byte[] frame = sample();

    assertThat(read(frame)).asString(US_ASCII).isEqualTo(sampleText());
  }

  /// "hello" as it is; then 3 letters, of which the match repeats into 17; then a match that
  /// reaches into the block before; then long counts.
  private static byte[] sample() {
    byte[] packed =
        new RdbBytes()
            .put(0x3a)
            .ascii("abc")
            .little(2, 3)
            .put(0x01)
            .little(2, 22)
            .put(0x1f)
            .ascii("x")
            .little(2, 1)
            .put(255, 26)
            .put(0xf0, 3)
            .ascii("123456789012345678")
            .bytes();
    return frame(
        BLOCK_CHECKSUMS | CONTENT_CHECKSUM, sampleText(), "hello".getBytes(US_ASCII), packed);
  }

  private static String sampleText() {
    String soFar = "hello" + "abcabcabcabcabcab";
    return soFar + soFar.substring(0, 5) + "x".repeat(1 + 4 + 15 + 255 + 26) + "123456789012345678";
  }

  @Test
  void refusesEveryTruncationAndEveryFlippedBit() {
    byte[] frame = sample();
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> read(cut))
          .as("cut to %d bytes", length)
          .isInstanceOf(CorruptInputException.class);
    }
    for (int bit = 0; bit < frame.length * 8; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> read(flipped))
          .as("bit %d flipped", bit)
          .isInstanceOf(CorruptInputException.class);
    }
    assertThatThrownBy(() -> read(Arrays.copyOf(frame, frame.length + 1)))
        .hasMessageContaining("bytes follow");
  }

  /// Without checksums damage reaches the blocks.
  @Test
  void survivesHostileBlocks() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] packed = new byte[1 + random.nextInt(40)];
      random.nextBytes(packed);
      byte[] frame = frame(0, "", new byte[0], packed);
      try {
        assertThat(read(frame).length).as("seed %d", seed).isLessThanOrEqualTo(64 * 1024);
      } catch (CorruptInputException refused) {
        assertThat(refused.problem()).as("seed %d", seed).contains("LZ4 frame");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "f0ff, a count that goes on after the end",
    "10616100, a distance that is cut",
    "10610000, a distance of nothing",
    "10610200, a distance in front of the beginning",
  })
  void refusesMalformedBlocks(String hex, String why) {
    byte[] packed = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> read(frame(0, "", new byte[0], packed)))
        .as(why)
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("malformed");
  }

  @Test
  void holdsABlockToTheSizeThatTheFrameSays() {
    RdbBytes packed = new RdbBytes().put(0x1f).ascii("a").little(2, 1);
    for (int i = 0; i < 300; i++) {
      packed.put(255);
    }
    byte[] bomb = packed.put(0, 0x00).bytes();

    assertThatThrownBy(() -> read(frame(0, "", new byte[0], bomb)))
        .hasMessageContaining("holds more than the frame allows");
    assertThatThrownBy(() -> read(frame(0, "", new byte[65_537])))
        .hasMessageContaining("longer than the frame allows");
  }

  /// A frame with blocks of at most 64 KiB that may reach into each other: `plain` as it is, then
  /// each of `packed`.
  private static byte[] frame(int flags, String content, byte[] plain, byte[]... packed) {
    byte[] descriptor = {(byte) (0x40 | flags), 0x40};
    RdbBytes frame = new RdbBytes().put(0x04, 0x22, 0x4d, 0x18).raw(descriptor);
    frame.put(Xxh32.of(descriptor, 0, 2) >>> 8 & 0xff);
    if (plain.length > 0) {
      block(frame, flags, plain, 0x8000_0000L);
    }
    for (byte[] block : packed) {
      block(frame, flags, block, 0);
    }
    frame.little(4, 0);
    if ((flags & CONTENT_CHECKSUM) != 0) {
      byte[] bytes = content.getBytes(US_ASCII);
      frame.little(4, Xxh32.of(bytes, 0, bytes.length));
    }
    return frame.bytes();
  }

  private static void block(RdbBytes frame, int flags, byte[] block, long mark) {
    frame.little(4, mark | block.length).raw(block);
    if ((flags & BLOCK_CHECKSUMS) != 0) {
      frame.little(4, Xxh32.of(block, 0, block.length));
    }
  }

  private static byte[] read(byte[] frame) throws IOException {
    try (Lz4Frame in = new Lz4Frame(new ByteArrayInputStream(frame), "test")) {
      return in.readAllBytes();
    }
  }
}
