package io.redrill.server.config;

import java.util.ArrayList;
import java.util.List;

/// Splits a line into words by the quoting rules of `redis.conf`, and quotes them again.
///
/// Words are separated by white space. `"..."` understands `\n \r \t \b \a \\ \"` and `\xHH`;
/// `'...'` understands only `\'`. A closing quote must be followed by white space or the end.
final class ConfigWords {

  private final String line;
  private int position;

  private ConfigWords(String line) {
    this.line = line;
  }

  /// The words of `line`.
  ///
  /// @throws ConfigException if a quote is not closed, or is closed in the middle of a word
  static List<String> split(String line) throws ConfigException {
    ConfigWords scan = new ConfigWords(line);
    List<String> words = new ArrayList<>();
    while (scan.skipSpace()) {
      words.add(scan.word());
    }
    return words;
  }

  /// `word` so that [#split] gives it back: as it is where that is enough, else in double quotes.
  static String quote(String word) {
    if (!word.isEmpty()
        && word.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"'\\#".indexOf(c) < 0)) {
      return word;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private boolean skipSpace() {
    while (position < line.length() && Character.isWhitespace(line.charAt(position))) {
      position++;
    }
    return position < line.length();
  }

  private String word() throws ConfigException {
    StringBuilder word = new StringBuilder();
    while (position < line.length() && !Character.isWhitespace(line.charAt(position))) {
      char c = line.charAt(position++);
      switch (c) {
        case '"' -> doubleQuoted(word);
        case '\'' -> singleQuoted(word);
        default -> word.append(c);
      }
    }
    return word.toString();
  }

  private void doubleQuoted(StringBuilder word) throws ConfigException {
    while (position < line.length()) {
      char c = line.charAt(position++);
      if (c == '"') {
        requireWordEnd();
        return;
      }
      word.append(c == '\\' && position < line.length() ? escaped() : c);
    }
    throw unbalanced();
  }

  private char escaped() {
    char c = line.charAt(position++);
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 0x07;
      case 'x' -> hex();
      default -> c;
    };
  }

  private char hex() {
    if (position + 2 <= line.length()) {
      int high = Character.digit(line.charAt(position), 16);
      int low = Character.digit(line.charAt(position + 1), 16);
      if (high >= 0 && low >= 0) {
        position += 2;
        return (char) (high << 4 | low);
      }
    }
    return 'x';
  }

  private void singleQuoted(StringBuilder word) throws ConfigException {
    while (position < line.length()) {
      char c = line.charAt(position++);
      if (c == '\'') {
        requireWordEnd();
        return;
      }
      if (c == '\\' && line.startsWith("'", position)) {
        c = line.charAt(position++);
      }
      word.append(c);
    }
    throw unbalanced();
  }

  private void requireWordEnd() throws ConfigException {
    if (position < line.length() && !Character.isWhitespace(line.charAt(position))) {
      throw unbalanced();
    }
  }

  private static ConfigException unbalanced() {
    return new ConfigException("Unbalanced quotes in configuration line");
  }
}
