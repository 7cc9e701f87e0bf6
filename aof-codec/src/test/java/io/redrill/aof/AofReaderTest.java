package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofRecord.Tail;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AofReaderTest {

  private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";
  private static final String MULTI = "*1\r\n$5\r\nmulti\r\n";
  private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";

  private static String select(int db) {
    String digits = Integer.toString(db);
    return "*2\r\n$6\r\nSELECT\r\n$%d\r\n%s\r\n".formatted(digits.length(), digits);
  }

  @Test
  void followsDatabasesTimesAndTransactions() throws IOException {
    String log =
        "#TS:1700000000\r\n"
            + select(3)
            + SET
            + MULTI
            + SET
            + EXEC
            + "#REDRILL:T=1700000001234\r\n"
            + "#REDRILL:DB=12\r\n"
            + SET
            + "#note\r\n";
    AofReader reader = reader(log);

    assertThat(reader.next()).isEqualTo(new AofRecord.TimeMark(0, 16, 1_700_000_000_000L));
    AofRecord.Command select = command(reader);
    assertThat(select.is("SELECT")).isTrue();
    assertThat(select.db()).isEqualTo(3);
    AofRecord.Command set = command(reader);
    assertThat(set.db()).isEqualTo(3);
    assertThat(set.offset()).isEqualTo(16 + select.length());
    assertThat(set.length()).isEqualTo(SET.length());
    assertThat(set.inTransaction()).isFalse();
    assertThat(set.time().orElseThrow().unixMillis()).isEqualTo(1_700_000_000_000L);
    AofRecord.Command multi = command(reader);
    assertThat(multi.name()).isEqualTo("MULTI");
    assertThat(multi.inTransaction()).isTrue();
    assertThat(command(reader).inTransaction()).isTrue();
    assertThat(reader.goodOffset()).isEqualTo(multi.offset());
    assertThat(command(reader).inTransaction()).isTrue();
    assertThat(((AofRecord.TimeMark) reader.next()).unixMillis()).isEqualTo(1_700_000_001_234L);
    assertThat(((AofRecord.DatabaseMark) reader.next()).db()).isEqualTo(12);
    AofRecord.Command last = command(reader);
    assertThat(last.db()).isEqualTo(12);
    assertThat(last.inTransaction()).isFalse();
    assertThat(((AofRecord.Annotation) reader.next()).text()).isEqualTo("note");
    AofRecord.End end = new AofRecord.End(log.length(), log.length(), new Tail.Clean());
    assertThat(reader.next()).isEqualTo(end);
    assertThat(reader.next()).isEqualTo(end);
  }

  @Test
  void saysAtEveryTruncationPointWhereTheLogIsWhole() throws IOException {
    String log = "#TS:1\r\n" + select(1) + SET + MULTI + SET + SET + EXEC + SET + "#TS:2\r\n" + SET;
    List<Integer> recordEnds = new ArrayList<>(List.of(0));
    int multiAt = -1;
    int execEnd = -1;
    AofReader whole = reader(log);
    for (AofRecord record = whole.next();
        !(record instanceof AofRecord.End);
        record = whole.next()) {
      if (record instanceof AofRecord.Command command && command.is("MULTI")) {
        multiAt = (int) command.offset();
      }
      if (record instanceof AofRecord.Command command && command.is("EXEC")) {
        execEnd = (int) (command.offset() + command.length());
      }
      recordEnds.add((int) whole.goodOffset());
    }
    for (int cut = 0; cut <= log.length(); cut++) {
      AofRecord.End end = end(log.substring(0, cut));
      int limit = cut;
      int expected =
          recordEnds.stream().mapToInt(at -> at).filter(at -> at <= limit).max().orElseThrow();
      assertThat(end.offset()).as("cut at %d", cut).isEqualTo(expected);
      assertThat(end.inputEnd()).as("cut at %d", cut).isEqualTo(cut);
      assertThat(end.lostBytes()).isEqualTo(cut - expected);
      Tail tail =
          expected == cut
              ? new Tail.Clean()
              : cut > multiAt
                      && cut < execEnd
                      && multiAt == expected
                      && inOpenTransaction(log, cut, multiAt)
                  ? new Tail.OpenTransaction(multiAt)
                  : new Tail.CutInCommand(expected);
      assertThat(end.tail()).as("cut at %d", cut).isEqualTo(tail);
    }
  }

  private static boolean inOpenTransaction(String log, int cut, int multiAt) {
    return log.startsWith(MULTI, multiAt) && cut >= multiAt + MULTI.length();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0\0\0\0",
        "PING\r\n",
        "*1\r\n$4\r\nEXEC\r\n",
        "*1\r\n$5\r\nMULTI\r\n*1\r\n$5\r\nMULTI\r\n",
        "*2\r\n$6\r\nSELECT\r\n$1\r\nx\r\n",
        "*1\r\n$6\r\nSELECT\r\n",
        "#REDRILL:DB=-1\r\n",
        "#REDRILL:T=soon\r\n",
        "REDIS0011"
      })
  void refusesWhatIsNoLog(String log) {
    assertThatThrownBy(() -> end(SET + log))
        .isInstanceOfSatisfying(
            CorruptInputException.class,
            fault -> assertThat(fault.offset()).isGreaterThanOrEqualTo(SET.length()));
  }

  @Test
  void boundsAnAnnotation() throws IOException {
    assertThat(end("#" + "x".repeat(1021) + "\r\n").tail()).isEqualTo(new Tail.Clean());
    assertThatThrownBy(() -> end("#" + "x".repeat(2000) + "\r\n"))
        .isInstanceOf(CorruptInputException.class);
  }

  @Test
  void skipsATimeMarkThatIsNone() throws IOException {
    assertThat(reader("#TS:later\r\n").next()).isInstanceOf(AofRecord.Annotation.class);
  }

  /// Where in a replication stream a followed log stands, and one command that is longer there.
  @Test
  void countsTheBytesOfAStream() throws IOException {
    String id = "0123456789abcdef0123456789abcdef01234567";
    String log =
        select(1)
            + "#REDRILL:AT=%s:1000\r\n".formatted(id)
            + SET
            + "#REDRILL:AS=50\r\n"
            + SET
            + SET
            + "#REDRILL:AS=50\r\n"
            + "#REDRILL:AT=x:7\r\n"
            + SET;
    AofCursor cursor = new AofCursor(input(log));
    List<String> places = new ArrayList<>();
    for (AofCursor.Step step = cursor.next(); step != AofCursor.Step.END; step = cursor.next()) {
      places.add(
          "%s %s %d"
              .formatted(step, cursor.replicationId().orElse("-"), cursor.streamOffset())
              .replace(id, "id"));
    }
    int set = SET.length();
    assertThat(places.subList(1, places.size()))
        .containsExactly(
            "POSITION_MARK id 1000",
            "COMMAND id " + (1000 + set),
            "LENGTH_MARK id " + (1000 + set),
            "COMMAND id " + (1050 + set),
            "COMMAND id " + (1050 + 2 * set),
            "LENGTH_MARK id " + (1050 + 2 * set),
            "POSITION_MARK x 7",
            "COMMAND x " + (7 + set));
    AofReader reader = reader(log);
    command(reader);
    assertThat(reader.next())
        .isEqualTo(new AofRecord.PositionMark(select(1).length(), 59, id, 1000));
    command(reader);
    assertThat(((AofRecord.LengthMark) reader.next()).streamLength()).isEqualTo(50);
  }

  @Test
  void seesAnRdbInFront() throws IOException {
    assertThat(AofPreamble.isNext(input("REDIS0011"))).isTrue();
    assertThat(AofPreamble.isNext(input("VALKEY080"))).isTrue();
    assertThat(AofPreamble.isNext(input(SET))).isFalse();
    assertThat(AofPreamble.isNext(input(""))).isFalse();
  }

  private static AofRecord.End end(String log) throws IOException {
    AofReader reader = reader(log);
    AofRecord record = reader.next();
    while (!(record instanceof AofRecord.End)) {
      record = reader.next();
    }
    return (AofRecord.End) record;
  }

  private static AofRecord.Command command(AofReader reader) throws IOException {
    return (AofRecord.Command) reader.next();
  }

  private static AofReader reader(String log) {
    return new AofReader(input(log));
  }

  private static ByteInput input(String log) {
    return ByteInput.of(log.getBytes(ISO_8859_1), "test.aof");
  }
}
