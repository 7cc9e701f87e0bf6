package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.rdb.ByteSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenKeysTest {

  private static final Path COMMANDS = Path.of("..", "..", "shared", "spec", "redis-commands.tsv");

  /// `idx1 range(-1,2,0) OW|UPDATE`, with what may be told of it here.
  private static final Pattern KEYS =
      Pattern.compile("idx(\\d+) (range|keynum)\\((-?\\d+),(\\d+),(\\d+)\\) (RO|RW|OW|RM)\\b.*");

  /// What only clients send: servers log what came of it instead.
  private static final Set<String> NEVER_LOGGED = Set.of("MIGRATE", "XREADGROUP");

  /// Keys behind a word, which the rules of servers leave out or tell of other commands as well.
  private static final Set<String> BY_WORD = Set.of("SORT", "GEORADIUS", "GEORADIUSBYMEMBER");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set k v                                | k",
        "DEL a b c                              | a b c",
        "MSET a 1 b 2                           | a b",
        "BLPOP a b 0                            | a b",
        "RENAME a b                             | a b",
        "COPY a b REPLACE                       | b",
        "BITOP AND dst a b                      | dst",
        "SUNIONSTORE dst a b                    | dst",
        "XGROUP CREATE s g 0                    | s",
        "LMPOP 2 a b LEFT                       | a b",
        "BZMPOP 0 1 a MIN                       | a",
        "MSETEX 2 a 1 b 2 EX 10                 | a b",
        "EVAL script 2 a b c                    | a b",
        "EVAL script 0 a b c                    | ''",
        "EVAL script many a b c                 | ''",
        "SORT a BY w_* STORE dst                | dst",
        "SORT store                             | ''",
        "SORT store STORE store                 | store",
        "GEORADIUS a 1 2 3 km STORE d           | d",
        "GEORADIUS a 1 2 3 km STOREDIST d       | d",
        "FLUSHALL ASYNC                         | ''",
        "FUNCTION LOAD code                     | ''",
        "JSON.SET doc $ 1                       | doc",
        "JSON.MSET a $ 1 b $ 2                  | a b",
        "a.command.that.nobody.knows.and.is.long k | k",
        "FLUSHDB                                | ''",
        "TOUCHED                                | ''"
      })
  void knowsTheKeys(String command, String keys) {
    assertThat(String.join(" ", keys(List.of(command.trim().split(" +", -1))))).isEqualTo(keys);
  }

  /// Every command that may write, with the rules that servers tell of it, at each number of
  /// arguments.
  @Test
  void agreesWithTheRulesOfServers() throws IOException {
    assumeTrue(Files.exists(COMMANDS), "the command table is not beside the project");
    int checked = 0;
    for (String line : Files.readAllLines(COMMANDS)) {
      String[] row = line.split("\t", -1);
      if (row.length < 9
          || !Set.of(row[6].split(",", -1)).contains("write")
          || NEVER_LOGGED.contains(row[0])
          || BY_WORD.contains(row[0])) {
        continue;
      }
      for (int count = 2; count < 9; count++) {
        List<String> command = new ArrayList<>(List.of(row[0].split(" ", -1)));
        while (command.size() < count) {
          command.add("2"); // also a number of keys
        }
        assertThat(places(command)).as("%s with %d", row[0], count).isEqualTo(told(row[8], count));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(600);
  }

  private static Set<Integer> told(String keySpec, int count) {
    Set<Integer> places = new TreeSet<>();
    for (String part : keySpec.split("; ", -1)) {
      Matcher spec = KEYS.matcher(part);
      if (!spec.matches() || spec.group(6).equals("RO")) {
        assertThat(spec.matches() || part.equals("-")).as(part).isTrue();
        continue;
      }
      int at = Integer.parseInt(spec.group(1));
      int first = Integer.parseInt(spec.group(3));
      int step = Integer.parseInt(spec.group(5));
      if (spec.group(2).equals("keynum")) {
        for (int i = 0; i < 2; i++) {
          places.add(at + Integer.parseInt(spec.group(4)) + i * step);
        }
      } else {
        int last = first < 0 ? count + first : at + first;
        for (int place = at; place <= last; place += Integer.parseInt(spec.group(4))) {
          places.add(place);
        }
      }
    }
    places.removeIf(place -> place >= count);
    return places;
  }

  private static Set<Integer> places(List<String> command) {
    Set<Integer> places = new TreeSet<>();
    WrittenKeys keys = new WrittenKeys();
    keys.begin(slice(command.getFirst()), command.size());
    for (int i = 0; i < command.size(); i++) {
      if (keys.isKey(i, slice(command.get(i)))) {
        places.add(i);
      }
    }
    return places;
  }

  private static List<String> keys(List<String> command) {
    return places(command).stream().map(command::get).toList();
  }

  private static ByteSlice slice(String text) {
    return ByteSlice.of(text.getBytes(ISO_8859_1));
  }
}
