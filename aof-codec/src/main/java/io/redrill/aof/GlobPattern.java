package io.redrill.aof;

import java.nio.charset.StandardCharsets;

/// A pattern over bytes, as `KEYS` and `SCAN` have it.
///
/// ```
/// *        any bytes, or none
/// ?        one byte
/// [abc]    one of these; [a-z] a range; [^…] none of these
/// \x       x itself
/// ```
///
/// A class without its closing bracket ends with the pattern. Matching takes time in proportion to
/// the product of the two lengths at worst, whatever the pattern.
public final class GlobPattern {

  private static final int NO_MATCH = -1;

  private final byte[] pattern;

  private GlobPattern(byte[] pattern) {
    this.pattern = pattern;
  }

  /// The pattern `text`, as UTF-8.
  public static GlobPattern of(String text) {
    return new GlobPattern(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The pattern of these bytes, which are not copied.
  public static GlobPattern of(byte[] pattern) {
    return new GlobPattern(pattern);
  }

  /// Whether all of `text` matches.
  public boolean matches(byte[] text) {
    int p = 0;
    int t = 0;
    // Where to go on if the bytes after the last star do not match: only that star can help.
    int afterStar = NO_MATCH;
    int starText = 0;
    while (t < text.length) {
      if (p < pattern.length && pattern[p] == '*') {
        afterStar = ++p;
        starText = t;
        continue;
      }
      int next = p < pattern.length ? matchOne(p, text[t] & 0xff) : NO_MATCH;
      if (next != NO_MATCH) {
        p = next;
        t++;
      } else if (afterStar != NO_MATCH) {
        p = afterStar;
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

  /// The position after the element at `at` if it matches `found`.
  private int matchOne(int at, int found) {
    return switch (pattern[at]) {
      case '?' -> at + 1;
      case '[' -> matchClass(at + 1, found);
      case '\\' -> {
        int literal = at + 1 < pattern.length ? at + 1 : at;
        yield (pattern[literal] & 0xff) == found ? literal + 1 : NO_MATCH;
      }
      default -> (pattern[at] & 0xff) == found ? at + 1 : NO_MATCH;
    };
  }

  private int matchClass(int from, int found) {
    int at = from;
    boolean negated = at < pattern.length && pattern[at] == '^';
    if (negated) {
      at++;
    }
    boolean member = false;
    while (at < pattern.length && pattern[at] != ']') {
      if (pattern[at] == '\\' && at + 1 < pattern.length) {
        member |= (pattern[at + 1] & 0xff) == found;
        at += 2;
      } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
        int low = Math.min(pattern[at] & 0xff, pattern[at + 2] & 0xff);
        int high = Math.max(pattern[at] & 0xff, pattern[at + 2] & 0xff);
        member |= low <= found && found <= high;
        at += 3;
      } else {
        member |= (pattern[at] & 0xff) == found;
        at++;
      }
    }
    return member == negated ? NO_MATCH : Math.min(at + 1, pattern.length);
  }

  @Override
  public String toString() {
    return new String(pattern, StandardCharsets.UTF_8);
  }
}
