package io.redrill.rdb.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Strings and numbers come back as they were, whatever they are.
class JsonTextTest {

  private static final long SEED = 20251124;

  private static JsonNode written(Consumer<JsonText> content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonText text = new JsonText(out);
    content.accept(text);
    text.flush();
    return new ObjectMapper().readTree(out.toByteArray());
  }

  private static void assertComesBack(String label, byte[] bytes) throws IOException {
    byte[] framed = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, framed, 2, bytes.length);
    JsonNode node = written(text -> text.blob(framed, 2, bytes.length));
    boolean isText;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      isText = true;
    } catch (CharacterCodingException e) {
      isText = false;
    }
    assertThat(node.isTextual()).as(label).isEqualTo(isText);
    byte[] back =
        isText ? node.asText().getBytes(StandardCharsets.UTF_8) : node.get("b64").binaryValue();
    assertThat(Arrays.equals(back, bytes)).as(label).isTrue();
  }

  @Test
  void everyPairOfBytes() throws IOException {
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        byte[] bytes = "0123456789ab".getBytes(StandardCharsets.US_ASCII);
        bytes[6] = (byte) first;
        bytes[7] = (byte) second;
        assertComesBack(first + " " + second, bytes);
      }
    }
  }

  @Test
  void randomTextsAndBytesOfEveryLength() throws IOException {
    Random random = new Random(SEED);
    int[] characters = {'a', 'b', '"', '\\', '\n', 0, 0x7f, 0xe9, 0x20ac, 0xd7ff, 0xe000, 0x1f600};
    for (int i = 0; i < 5_000; i++) {
      int length = random.nextInt(i % 100 == 0 ? 100_000 : 60);
      StringBuilder text = new StringBuilder();
      while (text.length() < length) {
        text.appendCodePoint(characters[random.nextInt(random.nextBoolean() ? 2 : 12)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      assertComesBack("seed " + SEED + " text " + i, bytes);
      if (bytes.length > 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        assertComesBack("seed " + SEED + " damaged text " + i, bytes);
      }
    }
  }

  @Test
  void longStringsThatAllHaveToBeEscaped() throws IOException {
    byte[] bytes = new byte[1_000_000];
    assertComesBack("zeros", bytes);
    Arrays.fill(bytes, (byte) 0xff);
    assertComesBack("no text", bytes);
  }

  @Test
  void doublesReadBackTheSame() throws IOException {
    Random random = new Random(SEED);
    for (int i = 0; i < 200_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt() / 100.0;
            case 2 -> random.nextLong(1L << 60) / 1e6;
            default -> random.nextLong();
          };
      if (Double.isNaN(value)) {
        continue;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      JsonText text = new JsonText(out);
      text.real(value);
      text.flush();
      String written = out.toString(StandardCharsets.US_ASCII);
      if (Double.isInfinite(value)) {
        assertThat(written).isEqualTo(value > 0 ? "\"inf\"" : "\"-inf\"");
      } else {
        assertThat(Double.parseDouble(written)).as("seed %d: %s", SEED, written).isEqualTo(value);
        assertThat(written.length())
            .as("seed %d: %s", SEED, written)
            .isLessThanOrEqualTo(Double.toString(value).length());
      }
    }
  }

  @Test
  void whatHasNoNumberInJson() throws IOException {
    assertThat(written(text -> text.real(Double.NaN)).asText()).isEqualTo("nan");
    assertThat(written(text -> text.real(Float.NEGATIVE_INFINITY)).asText()).isEqualTo("-inf");
    assertThat(written(text -> text.unsigned(-1)).bigIntegerValue())
        .isEqualTo("18446744073709551615");
  }

  @Test
  void aLineIsTakenBack() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonText text = new JsonText(out);
    text.integer(1);
    text.endLine();
    text.integer(2);
    text.discardLine();
    text.flush();
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("1\n");
  }
}
