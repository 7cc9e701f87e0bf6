package io.redrill.rdb.filter;

import io.redrill.rdb.ByteSlice;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A pattern for keys that matches what `KEYS` of a server would.
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
/// characters.
///
/// The pattern is taken apart once: each place is a set of 256 bytes or a star. While matching,
/// only the last star is ever tried again, as an earlier one could gain nothing; a match therefore
/// takes at most places × bytes steps, whatever the pattern.
public final class KeyGlob {

  private static final int SET_WORDS = 4;

  /// In place of a set.
  private static final long[] STAR = {};

  private final String text;
  private final long[][] places;

  private KeyGlob(String text, long[][] places) {
    this.text = text;
    this.places = places;
  }

  /// The pattern `text`, as UTF-8.
  public static KeyGlob of(String text) {
    byte[] pattern = text.getBytes(StandardCharsets.UTF_8);
    long[][] places = new long[pattern.length][];
    int count = 0;
    int at = 0;
    while (at < pattern.length) {
      long[] set = new long[SET_WORDS];
      switch (pattern[at]) {
        case '*' -> {
          at++;
          if (count == 0 || !isStar(places[count - 1])) {
            places[count++] = STAR;
          }
          continue;
        }
        case '?' -> {
          Arrays.fill(set, -1);
          at++;
        }
        case '[' -> at = readClass(pattern, at + 1, set);
        default -> {
          at += pattern[at] == '\\' && at + 1 < pattern.length ? 1 : 0;
          add(set, pattern[at++] & 0xff);
        }
      }
      places[count++] = set;
    }
    return new KeyGlob(text, Arrays.copyOf(places, count));
  }

  /// Fills `set` from the class whose first byte inside stands at `start`; returns where the
  /// pattern goes on.
  private static int readClass(byte[] pattern, int start, long[] set) {
    int at = start;
    boolean isNegated = at < pattern.length && pattern[at] == '^';
    at += isNegated ? 1 : 0;
    while (at < pattern.length && pattern[at] != ']') {
      int left = pattern.length - at;
      if (pattern[at] == '\\' && left >= 2) {
        add(set, pattern[at + 1] & 0xff);
        at += 2;
      } else if (left >= 3 && pattern[at + 1] == '-') {
        int one = pattern[at] & 0xff;
        int other = pattern[at + 2] & 0xff;
        for (int b = Math.min(one, other); b <= Math.max(one, other); b++) {
          add(set, b);
        }
        at += 3;
      } else {
        add(set, pattern[at] & 0xff);
        at++;
      }
    }
    if (isNegated) {
      for (int i = 0; i < SET_WORDS; i++) {
        set[i] = ~set[i];
      }
    }
    return Math.min(at + 1, pattern.length);
  }

  private static boolean isStar(long[] place) {
    return place.length == 0;
  }

  private static void add(long[] set, int b) {
    set[b >>> 6] |= 1L << b;
  }

  private static boolean contains(long[] set, int b) {
    return (set[b >>> 6] & 1L << b) != 0;
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
    int place = 0;
    int at = from;
    int afterStar = -1;
    int starEnd = 0; // what the last star has taken ends here
    while (at < to) {
      if (place < places.length && isStar(places[place])) {
        afterStar = ++place;
        if (afterStar == places.length) {
          return true;
        }
        starEnd = at;
      } else if (place < places.length && contains(places[place], key[at] & 0xff)) {
        place++;
        at++;
      } else if (afterStar >= 0) {
        place = afterStar;
        at = ++starEnd;
      } else {
        return false;
      }
    }
    while (place < places.length && isStar(places[place])) {
      place++;
    }
    return place == places.length;
  }

  /// The pattern as it was given.
  @Override
  public String toString() {
    return text;
  }
}
