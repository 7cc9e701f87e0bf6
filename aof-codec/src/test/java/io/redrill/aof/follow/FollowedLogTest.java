package io.redrill.aof.follow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofCursor;
import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofManifest;
import io.redrill.aof.AofNames;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedLogTest {

  private static final String ID = "a".repeat(40);
  private static final String OTHER = "b".repeat(40);
  private static final String SELECT = "*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n";
  private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";
  private static final String MULTI = "*1\r\n$5\r\nMULTI\r\n";
  private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";
  private static final String EXPIRE = "*3\r\n$6\r\nEXPIRE\r\n$1\r\nk\r\n$2\r\n10\r\n";

  @TempDir private Path temporary;
  private Path directory = Path.of("");

  @BeforeEach
  void inADirectoryOfItsOwn() {
    directory = temporary.resolve("followed");
  }

  private FollowedLog open(long fileBytes) throws IOException {
    return FollowedLog.open(directory, AofNames.DEFAULT, fileBytes);
  }

  private static void snapshot(FollowedLog log, String content, StreamPlace start)
      throws IOException {
    try (OutputStream base = log.beginBase()) {
      base.write(content.getBytes(ISO_8859_1));
    }
    log.commitBase(start);
  }

  /// Appends what `stream` holds as if it had come at second 7; whether all of it was whole.
  private static boolean append(FollowedLog log, String stream) throws IOException {
    AofCursor commands =
        new AofCursor(
            ByteInput.of(stream.getBytes(ISO_8859_1), "stream"), log.end().orElseThrow().db());
    while (commands.next() == AofCursor.Step.COMMAND) {
      if (!log.append(commands, 7_000)) {
        return false;
      }
    }
    return commands.end().lostBytes() == 0;
  }

  private String file(String name) throws IOException {
    return Files.readString(directory.resolve(name), ISO_8859_1);
  }

  @Test
  void keepsTheBytesOfTheStreamWithTheirPlace() throws IOException {
    try (FollowedLog log = open(1 << 20)) {
      assertThat(log.end()).isEmpty();
      snapshot(log, "REDIS", new StreamPlace(ID, 100, 0));
      assertThat(append(log, SELECT + SET + MULTI + SET + EXEC)).isTrue();
      assertThat(log.sync()).isEqualTo(100 + SELECT.length() + 2 * SET.length() + 29);
    }
    assertThat(file("appendonly.aof.1.base.rdb")).isEqualTo("REDIS");
    assertThat(file("appendonly.aof.1.incr.aof"))
        .isEqualTo(
            "#REDRILL:FOLLOWED times=receipt\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"
                + "#REDRILL:AT=%s:100\r\n".formatted(ID)
                + "#TS:7\r\n"
                + SELECT
                + SET
                + MULTI
                + SET
                + EXEC);
    assertThat(file("appendonly.aof.manifest").lines())
        .containsExactly(
            "file appendonly.aof.1.base.rdb seq 1 type b",
            "file appendonly.aof.1.incr.aof seq 1 type i startoffset 100");
  }

  /// However much of the last file a crash has left: it is opened, ends behind a whole command or
  /// transaction, and goes on there.
  @Test
  void goesOnWhereverACrashHasCutIt() throws IOException {
    TreeMap<Integer, StreamPlace> ends = new TreeMap<>();
    Path whole;
    try (FollowedLog log = open(1 << 20)) {
      snapshot(log, "REDIS", new StreamPlace(ID, 100, 0));
      whole = directory.resolve("appendonly.aof.1.incr.aof");
      for (String part : List.of("", SELECT, SET, MULTI + SET + EXEC, EXPIRE, SET)) {
        append(log, part);
        log.sync();
        ends.put((int) Files.size(whole), log.end().orElseThrow());
      }
    }
    byte[] bytes = Files.readAllBytes(whole);
    Path master = temporary.resolve("master");
    copy(directory, master);
    for (int cut = ends.firstKey(); cut <= bytes.length; cut++) {
      copy(master, directory);
      Files.write(whole, Arrays.copyOf(bytes, cut));
      try (FollowedLog log = open(1 << 20)) {
        StreamPlace end = ends.floorEntry(cut).getValue();
        assertThat(log.end()).as("cut at %d", cut).contains(end);
        log.goOn(OTHER);
        assertThat(append(log, SET)).isTrue();
        assertThat(log.sync()).isEqualTo(end.offset() + SET.length());
      }
      try (FollowedLog log = open(1 << 20)) {
        StreamPlace end = ends.floorEntry(cut).getValue();
        assertThat(log.end())
            .as("cut at %d", cut)
            .contains(new StreamPlace(OTHER, end.offset() + SET.length(), end.db()));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void dropsWhatALostConnectionLeftUnfinished() throws IOException {
    try (FollowedLog log = open(1 << 20)) {
      snapshot(log, "REDIS", new StreamPlace(ID, 0, 0));
      append(log, SET + MULTI + SET);
      String large = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$900000\r\n" + "v".repeat(500_000);
      assertThat(append(log, large)).isFalse();
      log.goOn(ID);
      assertThat(log.end()).contains(new StreamPlace(ID, SET.length(), 0));
      append(log, EXPIRE);
    }
    String mark = "#REDRILL:AT=%s:%d\r\n".formatted(ID, SET.length());
    assertThat(file("appendonly.aof.1.incr.aof"))
        .endsWith(
            "#TS:7\r\n"
                + SET
                + mark
                + "#TS:7\r\n#REDRILL:AS=%d\r\n".formatted(EXPIRE.length())
                + "*3\r\n$9\r\nPEXPIREAT\r\n$1\r\nk\r\n$5\r\n17000\r\n");
    try (FollowedLog log = open(1 << 20)) {
      assertThat(log.end()).contains(new StreamPlace(ID, SET.length() + EXPIRE.length(), 0));
    }
  }

  @Test
  void goesOnInAnotherFileWhereOneIsFull() throws IOException {
    try (FollowedLog log = open(300)) {
      snapshot(log, "REDIS", new StreamPlace(ID, 0, 0));
      append(log, SELECT);
      for (int i = 0; i < 20; i++) {
        append(log, MULTI + SET + EXEC);
      }
    }
    AofManifest manifest = AofDirectory.open(directory).manifest().orElseThrow();
    assertThat(manifest.increments()).hasSizeGreaterThan(3);
    List<Long> starts = new ArrayList<>();
    for (AofManifest.Part part : manifest.increments()) {
      starts.add(part.startOffset().orElseThrow());
      assertThat(file(part.name()))
          .as("the database that is selected")
          .contains(starts.size() == 1 ? "$1\r\n0\r\n#" : "$1\r\n3\r\n#");
    }
    assertThat(starts).isSorted().doesNotHaveDuplicates();
  }

  /// A snapshot in the middle: what was before stays, as history.
  @Test
  void keepsWhatWasBeforeAsHistory() throws IOException {
    try (FollowedLog log = open(1 << 20)) {
      snapshot(log, "one", new StreamPlace(ID, 0, 0));
      append(log, SET);
      snapshot(log, "two", new StreamPlace(OTHER, 1000, 0));
      append(log, SET);
      assertThat(file("appendonly.aof.manifest").lines())
          .containsExactly(
              "file appendonly.aof.2.base.rdb seq 2 type b",
              "file appendonly.aof.1.base.rdb seq 1 type h",
              "file appendonly.aof.1.incr.aof seq 1 type h startoffset 0",
              "file appendonly.aof.2.incr.aof seq 2 type i startoffset 1000");
      snapshot(log, "", new StreamPlace(OTHER, 5000, 0));
      assertThat(log.end()).contains(new StreamPlace(OTHER, 5000, 0));
    }
    assertThat(file("appendonly.aof.1.base.rdb")).isEqualTo("one");
    assertThat(file("appendonly.aof.1.incr.aof")).endsWith(SET);
    assertThat(AofDirectory.open(directory).files()).hasSize(2);
  }

  @Test
  void noticesThatItsFileIsGone() throws IOException {
    FollowedLog log = open(1 << 20);
    snapshot(log, "one", new StreamPlace(ID, 0, 0));
    append(log, SET);
    Files.delete(directory.resolve("appendonly.aof.1.incr.aof"));
    assertThatThrownBy(log::sync)
        .isInstanceOf(FollowedLogException.class)
        .hasMessageContaining("removed");
    assertThatThrownBy(log::close).isInstanceOf(FollowedLogException.class);
  }

  /// A log that lost its manifest is not taken for what a killed attempt left.
  @Test
  void doesNotBeginAnewInALogWithoutItsManifest() throws IOException {
    try (FollowedLog log = open(1 << 20)) {
      snapshot(log, "one", new StreamPlace(ID, 0, 0));
      for (int i = 0; i < 20; i++) {
        append(log, SET);
      }
    }
    Files.delete(directory.resolve("appendonly.aof.manifest"));
    assertThatThrownBy(() -> open(1 << 20)).isInstanceOf(FollowedLogException.class);
    assertThat(file("appendonly.aof.1.incr.aof")).endsWith(SET);
  }

  /// Killed before the first manifest: what is left is in nobody's way, and in no other directory.
  @Test
  void beginsAnewAfterAnAttemptThatWasKilled() throws IOException {
    try (FollowedLog log = open(1 << 20)) {
      try (OutputStream base = log.beginBase()) {
        base.write('R');
      }
    }
    Files.writeString(directory.resolve("appendonly.aof.1.base.rdb"), "left");
    Files.writeString(directory.resolve("appendonly.aof.1.incr.aof"), "#REDRILL:FOLLOWED");
    try (FollowedLog log = open(1 << 20)) {
      assertThat(log.end()).isEmpty();
      snapshot(log, "whole", new StreamPlace(ID, 0, 0));
    }
    assertThat(file("appendonly.aof.1.base.rdb")).isEqualTo("whole");
    assertThat(file("appendonly.aof.1.incr.aof")).startsWith("#REDRILL:FOLLOWED");
  }

  @Test
  void doesNotTouchALogOfSomebodyElse() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("appendonly.aof.1.incr.aof"), SET);
    assertThatThrownBy(() -> open(1 << 20)).isInstanceOf(FollowedLogException.class);
    assertThatThrownBy(() -> open(1 << 20)).isInstanceOf(FollowedLogException.class);
    Files.writeString(
        directory.resolve("appendonly.aof.manifest"),
        "file appendonly.aof.1.incr.aof seq 1 type i\n");
    assertThatThrownBy(() -> open(1 << 20))
        .isInstanceOf(FollowedLogException.class)
        .hasMessageContaining("no log that was followed");
    assertThat(file("appendonly.aof.1.incr.aof")).isEqualTo(SET);
    assertThat(directory.resolve("follow.lock")).doesNotExist();
    assertThat(directory.resolve("appendonly.aof.1.base.rdb")).doesNotExist();
  }
}
