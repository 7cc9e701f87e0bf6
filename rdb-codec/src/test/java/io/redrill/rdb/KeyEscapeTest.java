package io.redrill.rdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyEscapeTest {

  private static final long SEED = 20_261_124;

  @Test
  void showsWhatIsPrintableAndEscapesTheRest() {
    assertThat(KeyEscape.of("user:größe:日本".getBytes(UTF_8))).isEqualTo("user:größe:日本");
    assertThat(KeyEscape.of("a\\x00".getBytes(UTF_8))).isEqualTo("a\\\\x00");
    assertThat(KeyEscape.of("a\0\n\u001b[31m".getBytes(UTF_8))).isEqualTo("a\\x00\\x0a\\x1b[31m");
    assertThat(KeyEscape.of("é".getBytes(ISO_8859_1))).isEqualTo("\\xe9");
    assertThat(KeyEscape.of("\u202e".getBytes(UTF_8))).isEqualTo("\\xe2\\x80\\xae");
    assertThat(KeyEscape.of("\u009b".getBytes(UTF_8))).isEqualTo("\\xc2\\x9b");
    assertThat(KeyEscape.of(new byte[] {(byte) 0xc0, (byte) 0x80})).isEqualTo("\\xc0\\x80");
    assertThat(KeyEscape.of(new byte[0])).isEmpty();
  }

  /// Short keys of few different bytes, so that nearly every sequence comes up.
  @Test
  void givesEveryKeyATextOfItsOwnThatLeadsBackToIt() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] alphabet = {
      'a',
      'x',
      '0',
      '\\',
      0,
      0x1b,
      (byte) 0xc3,
      (byte) 0xa9,
      (byte) 0xe2,
      (byte) 0x80,
      (byte) 0xf0,
      (byte) 0x9f,
      (byte) 0x98,
      (byte) 0xff
    };
    Map<String, String> keys = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      byte[] key = new byte[random.nextInt(8)];
      for (int j = 0; j < key.length; j++) {
        key[j] = alphabet[random.nextInt(alphabet.length)];
      }
      String text = KeyEscape.of(key);

      assertThat(KeyEscape.parse(text)).as("seed %d, text %s", SEED, text).isEqualTo(key);
      assertThat(text.chars().noneMatch(Character::isISOControl)).isTrue();
      String bytes = new String(key, ISO_8859_1);
      assertThat(keys.computeIfAbsent(text, absent -> bytes)).isEqualTo(bytes);
    }
  }

  @Test
  void refusesTextThatStandsForNoKey() {
    assertThatThrownBy(() -> KeyEscape.parse("a\\")).hasMessageContaining("backslash");
    assertThatThrownBy(() -> KeyEscape.parse("\\xg0")).hasMessageContaining("backslash");
    assertThatThrownBy(() -> KeyEscape.parse("\\n")).hasMessageContaining("backslash");
  }
}
