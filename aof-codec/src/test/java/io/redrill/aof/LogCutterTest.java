package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespWriter;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCutterTest {

  @TempDir Path directory;

  @Test
  void keepsEverythingAtTheEnd() throws IOException {
    String log =
        command("SELECT", "3")
            + command("SET", "a", "1")
            + command("PING")
            + command("MULTI")
            + command("SELECT", "4")
            + command("INCR", "n")
            + command("EXEC");
    LogCutReport report = cut(new LogCut.AtEnd(), 100, log);

    assertThat(written()).containsExactly("3 SET a 1", "3 MULTI", "4 INCR n", "4 EXEC");
    assertThat(report.offset()).isEqualTo(100 + log.length());
    assertThat(report.commands()).isEqualTo(4);
    assertThat(report.reached()).isFalse();
    assertThat(report.tail()).isEqualTo(new AofRecord.Tail.Clean());
  }

  @Test
  void cutsBeforeTheFirstMarkThatIsLater() throws IOException {
    String log =
        "#TS:100\r\n"
            + command("SET", "a", "1")
            + "#TS:101\r\n"
            + command("SET", "b", "1")
            + "#TS:103\r\n"
            + command("SET", "c", "1");
    assertThat(cutAt(log, Instant.ofEpochMilli(99_999))).isEmpty();
    assertThat(cutAt(log, Instant.ofEpochSecond(100))).containsExactly("0 SET a 1");
    assertThat(cutAt(log, Instant.ofEpochMilli(100_999))).containsExactly("0 SET a 1");
    assertThat(cutAt(log, Instant.ofEpochSecond(101))).containsExactly("0 SET a 1", "0 SET b 1");
    assertThat(cutAt(log, Instant.ofEpochSecond(102))).containsExactly("0 SET a 1", "0 SET b 1");
    assertThat(cutAt(log, Instant.ofEpochSecond(103))).hasSize(3);
  }

  @Test
  void cutsToTheMillisecondWhereTheMarksAreOurs() throws IOException {
    String log =
        "#REDRILL:T=100001\r\n"
            + command("SET", "a", "1")
            + "#REDRILL:T=100002\r\n"
            + command("SET", "b", "1");
    assertThat(cutAt(log, Instant.ofEpochMilli(100_001))).containsExactly("0 SET a 1");
    assertThat(cutAt(log, Instant.ofEpochMilli(100_002))).hasSize(2);
    assertThat(Files.readString(newest(), ISO_8859_1)).startsWith("#TS:100\r\n*2\r\n$6\r\nSELECT");
  }

  @Test
  void datesExpiriesByTheMarkThatTheyStandUnder() throws IOException {
    String log =
        "#REDRILL:T=100001\r\n"
            + command("SETEX", "a", "10", "1")
            + "#REDRILL:T=200002\r\n"
            + command("MULTI")
            + command("EXPIRE", "a", "5")
            + command("EXEC");
    LogCutReport report = cut(new LogCut.AtEnd(), 0, log);

    assertThat(written())
        .containsExactly("0 SET a 1 PXAT 110001", "0 MULTI", "0 PEXPIREAT a 205002", "0 EXEC");
    assertThat(report.offset())
        .as("positions are those of the stream")
        .isEqualTo(log.replaceAll("#[^\n]*\n", "").length());
  }

  @Test
  void cutsAtEachOffsetOnARecordAndNeverInATransaction() throws IOException {
    List<String> commands =
        List.of(
            command("SET", "a", "1"),
            command("MULTI"),
            command("INCR", "n"),
            command("INCR", "n"),
            command("EXEC"),
            command("SET", "b", "1"));
    String log = String.join("", commands);
    int first = 1000;
    List<Integer> boundaries = List.of(0, end(commands, 1), end(commands, 5), end(commands, 6));
    for (int offset = 0; offset <= log.length(); offset++) {
      int limit = offset;
      int expected =
          boundaries.stream().filter(at -> at <= limit).reduce((a, b) -> b).orElseThrow();
      LogCutReport report = cut(new LogCut.AtOffset(first + offset), first, log);
      assertThat(report.offset()).as("cut at %d", offset).isEqualTo(first + expected);
      assertThat(report.reached()).as("cut at %d", offset).isEqualTo(offset < log.length());
      assertThat(written())
          .hasSize(
              expected == 0
                  ? 0
                  : expected == end(commands, 1) ? 1 : expected == end(commands, 5) ? 5 : 6);
    }
  }

  @Test
  void cutsBeforeTheNthMatch() throws IOException {
    String log =
        command("SET", "user:1", "x")
            + command("DEL", "cart:1")
            + command("del", "user:1")
            + command("DEL", "user:2")
            + command("MULTI")
            + command("FLUSHALL")
            + command("EXEC");
    cut(LogCut.BeforeMatch.of("DEL user:*", 1), 0, log);
    assertThat(written()).containsExactly("0 SET user:1 x", "0 DEL cart:1");
    cut(LogCut.BeforeMatch.of("del user:*", 2), 0, log);
    assertThat(written()).containsExactly("0 SET user:1 x", "0 DEL cart:1", "0 del user:1");
    LogCutReport report = cut(LogCut.BeforeMatch.of("flushall", 1), 0, log);
    assertThat(written()).hasSize(4);
    assertThat(report.reached()).isTrue();
    assertThat(cut(LogCut.BeforeMatch.of("FLUSHALL", 2), 0, log).reached()).isFalse();
  }

  /// Any key that the command changes, and of a command without keys its first argument.
  @Test
  void matchesEveryKeyThatACommandWrites() throws IOException {
    String log =
        command("SUNIONSTORE", "sum", "user:1")
            + command("COPY", "user:1", "copy")
            + command("FUNCTION", "FLUSH")
            + command("MSET", "a", "user:1", "user:2", "b");
    for (String[] match :
        new String[][] {
          {"SUNIONSTORE user:*", "4"},
          {"SUNIONSTORE sum", "0"},
          {"COPY user:*", "4"},
          {"COPY copy", "1"},
          {"FUNCTION FLUSH", "2"},
          {"FUNCTION LOAD", "4"},
          {"MSET user:1", "4"},
          {"MSET user:*", "3"}
        }) {
      cut(LogCut.BeforeMatch.of(match[0], 1), 0, log);
      assertThat(written()).as(match[0]).hasSize(Integer.parseInt(match[1]));
    }
  }

  /// Commands that are longer than what is held of one.
  @Test
  void cutsBeforeInAndBehindALongCommand() throws IOException {
    String small = command("SET", "a", "1");
    String[] names = new String[100_000];
    for (int i = 0; i < names.length; i++) {
      names[i] = i == 0 ? "DEL" : "k" + i;
    }
    String many = command(names);
    String large = command("SET", "large", "v".repeat(3_000_000), "PXAT", "99");
    String log = small + many + large + small;

    LogCutReport report = cut(new LogCut.AtEnd(), 0, log);
    assertThat(report.offset()).isEqualTo(log.length());
    assertThat(Files.readString(newest(), ISO_8859_1)).isEqualTo(command("SELECT", "0") + log);

    assertThat(cut(LogCut.BeforeMatch.of("DEL k99999", 1), 0, log).offset())
        .isEqualTo(small.length());
    assertThat(written()).containsExactly("0 SET a 1");
    assertThat(cut(LogCut.BeforeMatch.of("DEL k100000", 1), 0, log).reached()).isFalse();

    int before = small.length() + many.length();
    for (int offset : new int[] {before, before + 1, before + large.length() - 1}) {
      assertThat(cut(new LogCut.AtOffset(offset), 0, log).offset()).isEqualTo(before);
      assertThat(Files.size(newest())).isEqualTo(command("SELECT", "0").length() + before);
    }
    LogCutReport torn = cut(new LogCut.AtEnd(), 0, log.substring(0, before + 2_000_000));
    assertThat(torn.offset()).isEqualTo(before);
    assertThat(torn.tail()).isEqualTo(new AofRecord.Tail.CutInCommand(before));
    assertThat(Files.size(newest())).isEqualTo(command("SELECT", "0").length() + before);

    try (LogCutter cutter = new LogCutter(fresh(), new LogCut.AtEnd(), before)) {
      cutter.append(input(log), 0);
      assertThat(cutter.finish().commands()).isEqualTo(2);
    }
    try (LogCutter cutter = new LogCutter(fresh(), new LogCut.AtEnd(), before - 1)) {
      assertThatThrownBy(() -> cutter.append(input(log), 0))
          .isInstanceOf(CorruptInputException.class)
          .hasMessageContaining("no command begins");
    }
  }

  @Test
  void leavesAnExpiryThatNoMarkDates() throws IOException {
    cut(new LogCut.AtEnd(), 0, command("EXPIRE", "a", "3"));
    assertThat(written()).containsExactly("0 EXPIRE a 3");
  }

  /// A log that goes on in another input goes on under the same mark.
  @Test
  void keepsTheTimeFromInputToInput() throws IOException {
    String a = command("SET", "a", "1");
    try (LogCutter cutter = new LogCutter(fresh(), new LogCut.AtEnd(), 0)) {
      cutter.append(input("#TS:7\r\n" + a));
      cutter.append(input(command("EXPIRE", "a", "3")));
      assertThat(cutter.finish().time().orElseThrow().unixMillis()).isEqualTo(7000);
    }
    assertThat(written()).containsExactly("0 SET a 1", "0 PEXPIREAT a 10000");
  }

  @Test
  void datesTheExpiryOfALongCommand() throws IOException {
    String value = "v".repeat(1_000_000);
    cut(new LogCut.AtEnd(), 0, "#REDRILL:T=5000\r\n" + command("SETEX", "a", "10", value));
    assertThat(written()).containsExactly("0 SET a " + value + " PXAT 15000");
  }

  @Test
  void joinsInputsThatOverlapAndBeginBeforeTheFirstOffset() throws IOException {
    String a = command("SET", "a", "1");
    String b = command("SET", "b", "1");
    String c = command("SET", "c", "1");
    Path target = fresh();
    try (LogCutter cutter = new LogCutter(target, new LogCut.AtEnd(), a.length())) {
      assertThat(cutter.append(input("#REDRILL:DB=5\r\n" + a + b), 0)).isTrue();
      assertThat(cutter.append(input("#REDRILL:DB=5\r\n" + b + c), a.length())).isTrue();
      LogCutReport report = cutter.finish();
      assertThat(report.offset()).isEqualTo(3L * a.length());
      assertThat(report.sizeBytes()).isEqualTo(Files.size(target));
    }
    assertThat(written()).containsExactly("5 SET b 1", "5 SET c 1");
  }

  @Test
  void refusesAGapAndAnOffsetInsideACommand() throws IOException {
    String a = command("SET", "a", "1");
    try (LogCutter cutter = new LogCutter(fresh(), new LogCut.AtEnd(), 10)) {
      assertThatThrownBy(() -> cutter.append(input(a), 11))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("gap");
      assertThatThrownBy(() -> cutter.append(input(a), 0))
          .isInstanceOf(CorruptInputException.class)
          .hasMessageContaining("no command begins");
    }
  }

  @Test
  void leavesOutWhatIsUnfinished() throws IOException {
    String a = command("SET", "a", "1");
    String open = command("MULTI") + command("INCR", "n");
    LogCutReport report = cut(new LogCut.AtEnd(), 0, a + open);
    assertThat(written()).containsExactly("0 SET a 1");
    assertThat(report.offset()).isEqualTo(a.length());
    assertThat(report.tail()).isEqualTo(new AofRecord.Tail.OpenTransaction(a.length()));

    try (LogCutter cutter = new LogCutter(fresh(), new LogCut.AtEnd(), 0)) {
      cutter.append(input(a + "*1\r\n"));
      assertThatThrownBy(() -> cutter.append(input(a)))
          .isInstanceOf(CorruptInputException.class)
          .hasMessageContaining("ends in the middle");
    }
  }

  private List<String> cutAt(String log, Instant instant) throws IOException {
    cut(new LogCut.AtTime(instant), 0, log);
    return written();
  }

  private LogCutReport cut(LogCut cut, long firstOffset, String log) throws IOException {
    try (LogCutter cutter = new LogCutter(fresh(), cut, firstOffset)) {
      cutter.append(input(log));
      return cutter.finish();
    }
  }

  private int files;

  private Path fresh() {
    files++;
    return newest();
  }

  private Path newest() {
    return directory.resolve(files + ".aof");
  }

  /// The commands of the newest file, each with its database, without `SELECT`.
  private List<String> written() throws IOException {
    List<String> commands = new ArrayList<>();
    try (ByteInput in = new ByteInput(Files.newInputStream(newest()), "written")) {
      AofReader reader = new AofReader(in);
      while (true) {
        AofRecord record = reader.next();
        if (record instanceof AofRecord.Command command && !command.is("SELECT")) {
          commands.add(
              command.db()
                  + " "
                  + String.join(
                      " ",
                      command.args().stream().map(arg -> new String(arg, ISO_8859_1)).toList()));
        }
        if (record instanceof AofRecord.End(_, _, AofRecord.Tail tail)) {
          assertThat(tail).isEqualTo(new AofRecord.Tail.Clean());
          return commands;
        }
      }
    }
  }

  private static int end(List<String> commands, int count) {
    return commands.stream().limit(count).mapToInt(String::length).sum();
  }

  private static String command(String... args) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new RespWriter(bytes).writeCommand(args);
    return bytes.toString(ISO_8859_1);
  }

  private static ByteInput input(String log) {
    return ByteInput.of(log.getBytes(ISO_8859_1), "test.aof");
  }
}
