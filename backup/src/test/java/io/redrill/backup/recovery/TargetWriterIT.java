package io.redrill.backup.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.RestoreOptions;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A file is written into a real server, with values held and not held, and compared with it.
class TargetWriterIT {

  private static final RdbReading HOLDING_NOTHING = RdbReading.DEFAULT.holding(0);
  private static final RestoreOptions OPTIONS = new RestoreOptions(true, false, true, true);
  private static final long NEVER = RdbRecord.Entry.NO_EXPIRY;
  private static final long IN_2100 = 4_102_444_800_000L;

  /// Ordinary commands of some times what may be on its way without an answer.
  private static final int MANY = 600_000;

  @TempDir private Path directory;
  private RealRedis target;
  private RespConnection connection;

  @BeforeEach
  void start() throws IOException {
    RealRedis.assumeInstalled();
    target = RealRedis.start(directory.resolve("target"));
    connection = target.connect();
  }

  @AfterEach
  void stop() throws IOException {
    if (connection != null) {
      connection.close();
      target.close();
    }
  }

  private Path file(int elements) throws IOException {
    Path file = directory.resolve("made-up.rdb");
    try (OutputStream out = Files.newOutputStream(file)) {
      RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
      writer.write(0, bytes("gone"), 0, new RdbValue.StringValue(bytes("since 1970")));
      writer.write(0, bytes("nothing"), NEVER, new RdbValue.ListValue(List.of()));
      writer.write(0, bytes("text"), IN_2100, new RdbValue.StringValue(bytes("value")));
      List<byte[]> list = new ArrayList<>();
      for (int i = 0; i < elements; i++) {
        list.add(bytes("an element with the number " + i));
      }
      writer.write(0, bytes("list"), NEVER, new RdbValue.ListValue(list));
      writer.write(3, bytes("set"), IN_2100, new RdbValue.SetValue(list));
      writer.end();
    }
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private TargetWriter write(Path file, RdbReading how) throws IOException {
    TargetWriter writer = new TargetWriter(connection, "target", OPTIONS);
    writer.write(file, how);
    return writer;
  }

  @Test
  void heldAndPassingValuesGiveTheSame() throws IOException {
    Path file = file(MANY);

    assertThat(write(file, RdbReading.DEFAULT.holding(1 << 30)).keys()).isEqualTo(4);
    String digest = connection.call("DEBUG", "DIGEST").asText();
    new TargetComparison(connection, "target", file).run(Instant.now());
    TargetWriter again = write(file, HOLDING_NOTHING);

    assertThat(again.keys()).isEqualTo(4);
    assertThat(again.unrestored()).isEmpty();
    assertThat(connection.call("DEBUG", "DIGEST").asText()).isEqualTo(digest);
    new TargetComparison(connection, "target", file).run(Instant.now());
    connection.call("SELECT", "0");
    assertThat(connection.call("EXISTS", "gone", "nothing").asLong()).isZero();
    assertThat(connection.call("PEXPIRETIME", "text").asLong()).isEqualTo(IN_2100);
    assertThat(connection.call("LLEN", "list").asLong()).isEqualTo(MANY);
  }

  @Test
  void aValueThatTheTargetRefusesInTheMiddleIsNamed() throws IOException {
    Path file = file(MANY);
    connection.call("CONFIG", "SET", "maxmemory", "20mb");

    assertThatThrownBy(() -> write(file, HOLDING_NOTHING))
        .isInstanceOfSatisfying(
            RedrillException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RESTORE_INCOMPLETE);
              assertThat(e.getMessage()).contains("key=list", "OOM");
            });
  }

  /// What cannot be read back is neither missing nor equal.
  @ParameterizedTest
  @ValueSource(strings = {"dump", "pexpiretime"})
  void aTargetThatForbidsTheComparisonIsNotSaidToDiffer(String command) throws IOException {
    Path file = file(10);
    write(file, RdbReading.DEFAULT);
    connection.call("ACL", "SETUSER", "default", "-" + command);

    assertThatThrownBy(() -> new TargetComparison(connection, "target", file).run(Instant.now()))
        .isInstanceOf(RespErrorException.class)
        .hasMessageContainingAll("NOPERM", command);
  }

  /// Nothing is sent for them, so that no answer comes.
  @Test
  void collectionsWithoutElementsWaitForNoAnswer() throws IOException {
    Path file = directory.resolve("empty.rdb");
    try (OutputStream out = Files.newOutputStream(file)) {
      RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
      writer.write(0, bytes("text"), NEVER, new RdbValue.StringValue(bytes("value")));
      for (int i = 0; i < 100; i++) {
        writer.write(0, bytes("nothing" + i), NEVER, new RdbValue.ListValue(List.of()));
      }
      writer.end();
    }
    TargetWriter writer = write(file, RdbReading.DEFAULT);

    assertThat(writer.keys()).isEqualTo(1);
    assertThat(writer.unanswered()).isZero();
  }
}
