package io.redrill.server;

import java.util.List;
import java.util.SplittableRandom;

/// Random commands of the families that work on other types in a special way: bit fields,
/// HyperLogLogs, places, `SORT` and `LCS`. Ties that Redis orders by chance are left out, and so
/// are stored distances, whose last bits depend on the C library.
final class RandomSpecialCommands {

  private static final String[] LONGITUDES = {
    "13.361389", "15.087269", "0", "-0.5", "179.999999", "-180", "181", "x", "2.2944692", "-122.4"
  };
  private static final String[] LATITUDES = {
    "38.115556", "37.502669", "0", "-33.9", "85.05112877", "-85.05112878", "86", "48.8584", "67.2"
  };

  private final SplittableRandom random;
  private final List<String> command;

  RandomSpecialCommands(SplittableRandom random, List<String> command) {
    this.random = random;
    this.command = command;
  }

  /// Adds the words of one command.
  void next() {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> bits("s" + random.nextInt(5));
      case 3, 4, 5 -> hyperLogLogs();
      case 6, 7, 8, 9 -> places();
      case 10 -> sort();
      default -> longestCommon();
    }
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private void add(String... words) {
    command.addAll(List.of(words));
  }

  private void maybe(String... words) {
    if (random.nextInt(3) == 0) {
      add(words);
    }
  }

  private String number(int from, int to) {
    return Integer.toString(random.nextInt(from, to));
  }

  private void bits(String key) {
    switch (random.nextInt(4)) {
      case 0, 1 -> {
        add("BITPOS", key, pick("0", "1", "0", "1", "2", "x"));
        if (random.nextBoolean()) {
          add(number(-12, 12));
          if (random.nextBoolean()) {
            add(number(-12, 90));
            maybe(pick("BIT", "BYTE", "bit", "x"));
          }
        }
      }
      case 2 -> {
        add("BITFIELD", key);
        for (int i = random.nextInt(4); i >= 0; i--) {
          bitFieldOperation();
        }
      }
      default -> {
        add(pick("BITFIELD_RO", "BITFIELD"), key);
        add("GET", fieldType(), pick("", "#") + number(0, 40));
        maybe("SET", "u8", "0", "1");
      }
    }
  }

  private void bitFieldOperation() {
    maybe("OVERFLOW", pick("WRAP", "SAT", "FAIL", "FAIL", "x"));
    String place = pick("", "#") + number(-1, 40);
    String operand =
        pick(
            number(-300, 300),
            "9223372036854775807",
            "-9223372036854775808",
            "4611686018427387904",
            "abc");
    switch (random.nextInt(3)) {
      case 0 -> add("GET", fieldType(), place);
      case 1 -> add("SET", fieldType(), place, operand);
      default -> add("INCRBY", fieldType(), place, operand);
    }
  }

  private String fieldType() {
    return random.nextInt(20) == 0
        ? pick("u64", "i65", "u0", "x8", "u", "")
        : pick("u", "i") + pick("1", "2", "5", "8", "16", "31", "32", "33", "63", number(1, 64));
  }

  private void hyperLogLogs() {
    String key = "p" + random.nextInt(6);
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> {
        add("PFADD", key);
        int elements = random.nextInt(8) == 0 ? 300 : random.nextInt(6);
        for (int i = 0; i < elements; i++) {
          add("e" + random.nextInt(20_000));
        }
      }
      case 5, 6 -> add("PFCOUNT", key);
      case 7 -> add("PFCOUNT", key, "p" + random.nextInt(6));
      case 8 -> add("PFMERGE", key, "p" + random.nextInt(6), "p" + random.nextInt(8));
      case 9 -> add("GET", key);
      case 10 -> add("PFDEBUG", pick("ENCODING", "TODENSE", "ENCODING"), key);
      default -> {
        if (random.nextInt(3) == 0) {
          add("DEL", key);
        } else {
          add("STRLEN", key);
        }
      }
    }
  }

  private String longitude() {
    return random.nextInt(3) == 0
        ? pick(LONGITUDES)
        : Double.toString(random.nextDouble(-180, 180));
  }

  private String latitude() {
    return random.nextInt(3) == 0 ? pick(LATITUDES) : Double.toString(random.nextDouble(-85, 85));
  }

  private String place() {
    return "m" + random.nextInt(60);
  }

  private void places() {
    String key = "g" + random.nextInt(3);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        add("GEOADD", key);
        maybe(pick("NX", "XX", "CH"));
        for (int i = random.nextInt(3); i >= 0; i--) {
          add(longitude(), latitude(), place());
        }
      }
      case 3 -> add("GEOPOS", key, place(), place());
      case 4 -> add("GEOHASH", key, place(), place());
      case 5 -> {
        add("GEODIST", key, place(), place());
        maybe(pick("m", "km", "FT", "mi", "x"));
      }
      case 6 -> {
        add("GEORADIUS", key, longitude(), latitude(), radius(), unit());
        searchOptions(true);
      }
      case 7 -> {
        add(pick("GEORADIUSBYMEMBER", "GEORADIUSBYMEMBER_RO"), key, place(), radius(), unit());
        searchOptions(false);
      }
      case 8, 9, 10 -> {
        add("GEOSEARCH", key);
        search();
        searchOptions(false);
      }
      default -> {
        add("GEOSEARCHSTORE", "g" + random.nextInt(3, 5), key);
        search();
        maybe("COUNT", number(0, 9));
      }
    }
  }

  private String radius() {
    return pick("0", "1", "100", "3000.5", "500", "9999", "20000", "-1", number(1, 20_000));
  }

  private String unit() {
    return pick("km", "km", "mi", "m", "ft", "km", "furlong");
  }

  private void search() {
    if (random.nextInt(3) == 0) {
      add("FROMMEMBER", place());
    } else {
      add("FROMLONLAT", longitude(), latitude());
    }
    if (random.nextBoolean()) {
      add("BYRADIUS", radius(), unit());
    } else {
      add("BYBOX", radius(), radius(), unit());
    }
  }

  private void searchOptions(boolean mayStore) {
    maybe("WITHDIST");
    maybe("WITHHASH");
    maybe("WITHCOORD");
    maybe(pick("ASC", "DESC"));
    if (random.nextInt(3) == 0) {
      add("COUNT", number(0, 9));
      maybe("ANY");
    }
    if (mayStore) {
      maybe("STORE", "g" + random.nextInt(3, 5));
    }
  }

  /// Only numbers order with a pattern, since words that are equal come in no order; a set has an
  /// order only where it is sorted. And the keys are known to no other command: a real server
  /// changes the form of a sorted set that it sorts.
  private void sort() {
    String key = pick("o", "o", "u", "y") + random.nextInt(3);
    if (random.nextInt(3) == 0) {
      if (key.startsWith("o")) {
        add(pick("RPUSH", "LPOP"), key);
      } else if (key.startsWith("u")) {
        add(pick("SADD", "SREM"), key);
      } else {
        add("ZREM", key);
      }
      add(pick("1", "2", "3", "4", "-5", "0x11", "1e1", "a", "b", " 7", "0", "-0"));
      return;
    }
    add(pick("SORT", "SORT", "SORT_RO"), random.nextInt(20) == 0 ? "s1" : key);
    if (!key.startsWith("u") && random.nextInt(4) == 0) {
      add("BY", "nosort");
      maybe("DESC");
    } else if (random.nextInt(3) == 0) {
      add("BY", pick("s*", "h*->12", "*->", "nokey*", "h1*"));
      maybe("DESC");
    } else {
      maybe(pick("ALPHA", "ASC", "DESC"));
      maybe("ALPHA");
    }
    maybe("LIMIT", number(-2, 5), number(-2, 9));
    maybe("GET", "#");
    maybe("GET", pick("s*", "h*->12", "x*", "fixed"));
    maybe("STORE", "o" + random.nextInt(3, 5));
    maybe(pick("x", "GET", "LIMIT", "BY"));
  }

  private void longestCommon() {
    add("LCS", pick("s", "s", "s", "l") + random.nextInt(5), "s" + random.nextInt(5));
    maybe("LEN");
    if (random.nextInt(3) == 0) {
      add("IDX");
      maybe("MINMATCHLEN", number(-1, 5));
      maybe("WITHMATCHLEN");
    }
  }
}
