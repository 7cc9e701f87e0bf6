package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespWriter;
import io.redrill.rdb.stats.HeavySums;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AofStatsTest {

  @TempDir Path directory;

  @Test
  void addsUpCommandsKeysPrefixesAndTimes() throws IOException {
    AofStats stats =
        read(
            "#TS:100\r\n"
                + command("SELECT", "0")
                + command("set", "user:1", "12345")
                + command("SET", "user:1", "1")
                + "#TS:102\r\n"
                + command("MSET", "user:2", "abc", "plain", "de")
                + command("MULTI")
                + command("SELECT", "3")
                + command("DEL", "cart:1", "cart:2")
                + command("EXEC")
                + command("FLUSHALL")
                + "*3\r\n$3\r\nSET");

    assertThat(stats.total().commands()).isEqualTo(9);
    assertThat(stats.transactions()).isEqualTo(1);
    assertThat(stats.unfinishedBytes()).isEqualTo(11);
    assertThat(rows(stats.commands().top(3)))
        .containsExactly("SELECT 2 46", "SET 2 %d".formatted(setBytes()), "DEL 1 37");
    assertThat(rows(stats.keys().top(9)))
        .containsExactly("user:1 2 24", "cart:1 1 9", "cart:2 1 6", "plain 1 7", "user:2 1 13");
    assertThat(rows(stats.prefixes().top(9))).containsExactly("user: 3 37", "cart: 2 15");
    assertThat(stats.prefixes().withoutPrefix()).containsExactly(1, 7);
    assertThat(stats.databases()).containsOnlyKeys(0, 3);
    assertThat(stats.databases().values())
        .extracting(AofStats.Sums::commands)
        .containsExactly(5L, 4L);
    assertThat(stats.intervals())
        .extracting(AofStats.Interval::from)
        .containsExactly(Instant.ofEpochSecond(100), Instant.ofEpochSecond(102));
    assertThat(stats.intervals().getFirst().sums().commands()).isEqualTo(3);
  }

  private static long setBytes() throws IOException {
    return (long) command("set", "user:1", "12345").length()
        + command("SET", "user:1", "1").length();
  }

  /// However long a log is, its rate is told in so many intervals, and no command is lost.
  @Test
  void widensItsIntervals() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int second = 0; second < 5000; second += 7) {
      log.append("#TS:").append(1_700_000_000 + second).append("\r\n");
      log.append(command("INCR", "n"));
    }
    List<AofStats.Interval> intervals = read(log.toString()).intervals();
    assertThat(intervals).hasSizeBetween(30, 60);
    assertThat(intervals.stream().mapToLong(interval -> interval.sums().commands()).sum())
        .isEqualTo(715);
    assertThat(intervals.getFirst().seconds()).isEqualTo(128);
    assertThat(intervals).isSortedAccordingTo((one, other) -> one.from().compareTo(other.from()));
  }

  /// Of more keys than are kept those that are written most are found, and nothing is lost.
  @Test
  void findsTheHottestOfManyKeys() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      log.append(command("INCR", "once:" + i));
      if (i % 20 == 0) {
        log.append(command("INCR", "hot:" + i % 3));
      }
    }
    AofStats stats = read(log.toString());
    assertThat(stats.keys().top(3))
        .extracting(row -> new String(row.name(), ISO_8859_1))
        .allMatch(name -> name.startsWith("hot:"));
    long top = stats.keys().top(3).stream().mapToLong(row -> row.sum(0)).sum();
    assertThat(top + stats.keys().others(3)[0]).isEqualTo(63_000);
  }

  private AofStats read(String log) throws IOException {
    Path file = Files.writeString(directory.resolve("appendonly.aof"), log, ISO_8859_1);
    AofStats stats = new AofStats(":", 1);
    AofDirectory.open(file).read(stats);
    return stats;
  }

  private static List<String> rows(List<HeavySums.Row> rows) {
    return rows.stream()
        .map(
            row -> "%s %d %d".formatted(new String(row.name(), ISO_8859_1), row.sum(0), row.sum(1)))
        .toList();
  }

  private static String command(String... args) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new RespWriter(bytes).writeCommand(args);
    return bytes.toString(ISO_8859_1);
  }
}
