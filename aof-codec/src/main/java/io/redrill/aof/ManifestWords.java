package io.redrill.aof;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Words of a manifest line: Redis's way of quoting.
///
/// Words are separated by white space. In double quotes, `\xHH`, `\n`, `\r`, `\t`, `\b` and `\a`
/// stand for bytes, and a backslash before any other character for that character; in single
/// quotes, only `\'` does. A closing quote must be followed by white space or the end.
final class ManifestWords {

  private final byte[] bytes;
  private final int end;
  private int position;

  private ManifestWords(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /// The words in `[start, end)`, or empty if quotes do not match.
  static Optional<List<String>> split(byte[] bytes, int start, int end) {
    ManifestWords line = new ManifestWords(bytes, start, end);
    List<String> words = new ArrayList<>();
    while (true) {
      line.skipSpace();
      if (line.position == end) {
        return Optional.of(words);
      }
      ByteArrayOutputStream word = new ByteArrayOutputStream();
      if (!line.word(word)) {
        return Optional.empty();
      }
      words.add(word.toString(StandardCharsets.UTF_8));
    }
  }

  private void skipSpace() {
    while (position < end && isSpace(bytes[position])) {
      position++;
    }
  }

  private boolean word(ByteArrayOutputStream word) {
    while (position < end && !isSpace(bytes[position])) {
      byte next = bytes[position++];
      if (next == '"' || next == '\'') {
        return quoted(next, word) && (position == end || isSpace(bytes[position]));
      }
      word.write(next);
    }
    return true;
  }

  private boolean quoted(byte quote, ByteArrayOutputStream word) {
    while (position < end) {
      byte next = bytes[position++];
      if (next == quote) {
        return true;
      }
      if (next == '\\' && position < end && quote == '"') {
        escape(word);
      } else if (next == '\\' && position < end && bytes[position] == '\'') {
        word.write(bytes[position++]);
      } else {
        word.write(next);
      }
    }
    return false;
  }

  private void escape(ByteArrayOutputStream word) {
    byte letter = bytes[position++];
    if (letter == 'x'
        && position + 1 < end
        && HexFormat.isHexDigit(bytes[position])
        && HexFormat.isHexDigit(bytes[position + 1])) {
      word.write(
          HexFormat.fromHexDigit(bytes[position]) << 4
              | HexFormat.fromHexDigit(bytes[position + 1]));
      position += 2;
      return;
    }
    word.write(
        switch (letter) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'b' -> '\b';
          case 'a' -> 7;
          default -> letter;
        });
  }

  /// `name` as a word: as it stands where that is possible, else in double quotes.
  static String quote(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    StringBuilder quoted = new StringBuilder("\"");
    boolean plain = bytes.length > 0;
    for (byte next : bytes) {
      String written = written(next);
      plain &= written.length() == 1 && next != ' ' && next != '\'';
      quoted.append(written);
    }
    return plain ? name : quoted.append('"').toString();
  }

  private static String written(byte next) {
    return switch (next) {
      case '\\' -> "\\\\";
      case '"' -> "\\\"";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case 7 -> "\\a";
      default ->
          next >= ' ' && next < 127
              ? String.valueOf((char) next)
              : "\\x" + HexFormat.of().toHexDigits(next);
    };
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || (next >= '\t' && next <= '\r');
  }
}
