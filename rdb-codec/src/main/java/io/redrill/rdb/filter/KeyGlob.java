package io.redrill.rdb.filter;

import io.redrill.rdb.ByteSlice;
import java.nio.charset.StandardCharsets;

/// A pattern for keys that matches what `KEYS` of a server would. There is no other in Redrill.
///
/// | pattern | matches |
/// |---|---|
/// | `*` | any bytes, also none |
/// | `?` | one byte |
/// | `[abc]`, `[a-z]`, `[^a]` | one byte that is in the class, or with `^` is not |
/// | `\x` | `x` itself, also in a class |
///
/// A class ends at the first `]`, so `[]` matches nothing and `[^]` any byte; one that is not
/// closed ends with the pattern. A range may be written backwards. Bytes are compared, not
/// characters. The empty key is matched by the empty pattern and by `*` alone.
///
/// While matching, only the last star is ever tried again, as an earlier one could gain nothing; a
/// match therefore takes at most pattern × key steps, whatever the pattern. The pattern is not
/// taken apart beforehand: clients of a server send long ones, and memory stays that of the
/// pattern.
public final class KeyGlob {

  private static final int NO_MATCH = -1;

  private final byte[] pattern;

  private KeyGlob(byte[] pattern) {
    this.pattern = pattern;
  }

  /// The pattern `text`, as UTF-8.
  public static KeyGlob of(String text) {
    return new KeyGlob(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The pattern of these bytes, which are not copied.
  public static KeyGlob of(byte[] pattern) {
    return new KeyGlob(pattern);
  }

  /// Whether all of `key` matches.
  public boolean matches(byte[] key) {
    return matches(key, 0, key.length);
  }

  /// As above, in place.
  public boolean matches(ByteSlice key) {
    return matches(key.array(), key.offset(), key.offset() + key.length());
  }

  private boolean matches(byte[] key, int from, int to) {
    if (from == to) {
      // A server looks at the pattern only while there are bytes, and has a way of its own for `*`.
      return pattern.length == 0 || (pattern.length == 1 && pattern[0] == '*');
    }
    int place = 0;
    int at = from;
    int afterStar = NO_MATCH;
    int starEnd = 0; // what the last star has taken ends here
    while (at < to) {
      if (place < pattern.length && pattern[place] == '*') {
        afterStar = ++place;
        if (afterStar == pattern.length) {
          return true;
        }
        starEnd = at;
        continue;
      }
      int next = place < pattern.length ? matchOne(place, key[at] & 0xff) : NO_MATCH;
      if (next != NO_MATCH) {
        place = next;
        at++;
      } else if (afterStar != NO_MATCH) {
        place = afterStar;
        at = ++starEnd;
      } else {
        return false;
      }
    }
    while (place < pattern.length && pattern[place] == '*') {
      place++;
    }
    return place == pattern.length;
  }

  /// Where the pattern goes on after the place at `at`, if that matches `found`.
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

  private int matchClass(int start, int found) {
    int at = start;
    boolean isNegated = at < pattern.length && pattern[at] == '^';
    at += isNegated ? 1 : 0;
    boolean isMember = false;
    while (at < pattern.length && pattern[at] != ']') {
      int left = pattern.length - at;
      if (pattern[at] == '\\' && left >= 2) {
        isMember |= (pattern[at + 1] & 0xff) == found;
        at += 2;
      } else if (left >= 3 && pattern[at + 1] == '-') {
        int one = pattern[at] & 0xff;
        int other = pattern[at + 2] & 0xff;
        isMember |= Math.min(one, other) <= found && found <= Math.max(one, other);
        at += 3;
      } else {
        isMember |= (pattern[at] & 0xff) == found;
        at++;
      }
    }
    return isMember == isNegated ? NO_MATCH : Math.min(at + 1, pattern.length);
  }

  /// The pattern as it was given.
  @Override
  public String toString() {
    return new String(pattern, StandardCharsets.UTF_8);
  }
}
