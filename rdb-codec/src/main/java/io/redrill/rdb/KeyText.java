package io.redrill.rdb;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Keys as a person can read them, in messages and findings.
public final class KeyText {

  private static final int MAX_BYTES = 128;

  private KeyText() {}

  /// The text of `key`: as it is where it is printable UTF-8, else with `\xNN` for each byte that
  /// is not printable ASCII. Of a long key only the beginning, then `...`.
  public static String of(byte[] key) {
    if (key.length <= MAX_BYTES) {
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        if (text.chars().noneMatch(Character::isISOControl)) {
          return text;
        }
      } catch (CharacterCodingException notText) {
        return escaped(key);
      }
    }
    return escaped(key);
  }

  private static String escaped(byte[] key) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(key.length, MAX_BYTES); i++) {
      int unsigned = key[i] & 0xff;
      if (unsigned >= ' ' && unsigned < 0x7f && unsigned != '\\') {
        text.append((char) unsigned);
      } else {
        text.append("\\x%02x".formatted(unsigned));
      }
    }
    return key.length > MAX_BYTES ? text + "..." : text.toString();
  }
}
