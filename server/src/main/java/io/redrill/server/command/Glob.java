package io.redrill.server.command;

/// Patterns of `KEYS`, `SCAN` and the like: `*`, `?`, `[a-z]`, `[^x]`, and `\` before a letter to
/// be taken as it is.
final class Glob {

  private final byte[] pattern;

  Glob(byte[] pattern) {
    this.pattern = pattern;
  }

  /// Whether the whole of `text` matches.
  ///
  /// Runs in time proportional to the product of the lengths: on a mismatch only the last star is
  /// taken up again, since an earlier one can match nothing that the last could not.
  boolean matches(byte[] text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int starText = 0;
    while (t < text.length) {
      int step = p < pattern.length && pattern[p] != '*' ? matchOne(p, text[t]) : -1;
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        starText = t;
      } else if (step > 0) {
        p += step;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++starText;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /// The length of the pattern's element at `p` if it matches `letter`, else -1.
  private int matchOne(int p, byte letter) {
    return switch (pattern[p]) {
      case '?' -> 1;
      case '[' -> matchClass(p, letter);
      case '\\' -> {
        if (p + 1 < pattern.length) {
          yield pattern[p + 1] == letter ? 2 : -1;
        }
        yield letter == '\\' ? 1 : -1;
      }
      default -> pattern[p] == letter ? 1 : -1;
    };
  }

  private int matchClass(int start, byte letter) {
    int wanted = letter & 0xff;
    int p = start + 1;
    boolean not = p < pattern.length && pattern[p] == '^';
    if (not) {
      p++;
    }
    boolean found = false;
    while (p < pattern.length && pattern[p] != ']') {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
        found |= pattern[p] == letter;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        int low = Math.min(pattern[p] & 0xff, pattern[p + 2] & 0xff);
        int high = Math.max(pattern[p] & 0xff, pattern[p + 2] & 0xff);
        found |= wanted >= low && wanted <= high;
        p += 2;
      } else {
        found |= pattern[p] == letter;
      }
      p++;
    }
    // An unclosed class ends with the pattern.
    int length = Math.min(p + 1, pattern.length) - start;
    return found != not ? length : -1;
  }
}
