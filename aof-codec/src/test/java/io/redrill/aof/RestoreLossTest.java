package io.redrill.aof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StreamValue.Consumer;
import io.redrill.rdb.RdbValue.StreamValue.Group;
import io.redrill.rdb.RdbValue.StreamValue.Idempotence;
import io.redrill.rdb.RdbValue.StreamValue.Pending;
import io.redrill.rdb.RdbValue.StreamValue.Producer;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What ordinary commands cannot say is counted, and nothing else is.
class RestoreLossTest {

  private static final StreamValue.Id DELETED = new StreamValue.Id(1, 1);
  private static final StreamValue.Id GIVEN_BACK = new StreamValue.Id(1, 2);

  private static byte[] b(String text) {
    return text.getBytes(UTF_8);
  }

  /// A stream of no entries, with two consumers, of which one has a deleted entry pending.
  private static StreamValue stream(Optional<Idempotence> idempotence) {
    Group group =
        new Group(
            b("group"),
            DELETED,
            7,
            List.of(new Pending(DELETED, 5, 1), new Pending(GIVEN_BACK, 5, 1)),
            List.of(
                new Consumer(b("one"), 5, 5, List.of(DELETED)),
                new Consumer(b("other"), 5, -1, List.of())),
            List.of(GIVEN_BACK));
    StreamValue.Id none = new StreamValue.Id(0, 0);
    return new StreamValue(
        List.of(), 0, GIVEN_BACK, none, GIVEN_BACK, 9, List.of(group), idempotence);
  }

  private static Map<RestoreLoss, Long> losses(RestoreOptions options, StreamValue... streams)
      throws IOException {
    ByteArrayOutputStream rdb = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(rdb, RdbWriterOptions.of(14));
    for (StreamValue stream : streams) {
      writer.write(0, b("stream"), -1, stream);
    }
    writer.write(new RdbRecord.FunctionLibrary(b("#!lua name=x")));
    writer.end();
    RestoreCommands commands = new RestoreCommands(new ByteArrayOutputStream(), options);
    RdbCursor cursor = new RdbCursor(ByteInput.of(rdb.toByteArray(), "test"));
    for (RdbCursor.Step step = cursor.next(); step != RdbCursor.Step.END; step = cursor.next()) {
      if (step == RdbCursor.Step.KEY) {
        commands.key(cursor);
      } else if (cursor.record() instanceof RdbRecord.FunctionLibrary(byte[] source)) {
        commands.function(source);
      }
    }
    return commands.losses();
  }

  private static final Optional<Idempotence> USED =
      Optional.of(new Idempotence(100, 100, List.of(new Producer(b("p"), List.of())), 3, 1));
  private static final Optional<Idempotence> UNUSED =
      Optional.of(new Idempotence(100, 100, List.of(), 0, 0));

  @Test
  void ordinaryCommandsLackWhatOnlyTheFileSays() throws IOException {
    assertThat(losses(new RestoreOptions(false, true, true), stream(USED), stream(UNUSED)))
        .containsOnly(
            entry(RestoreLoss.DELETED_PENDING, 2L),
            entry(RestoreLoss.UNOWNED_ENTRIES, 2L),
            entry(RestoreLoss.CONSUMER_TIMES, 4L),
            entry(RestoreLoss.IDEMPOTENCE, 1L));
  }

  @Test
  void olderServersHaveStillLess() throws IOException {
    assertThat(losses(new RestoreOptions(false, true, false), stream(UNUSED)))
        .containsOnly(
            entry(RestoreLoss.DELETED_PENDING, 1L),
            entry(RestoreLoss.UNOWNED_ENTRIES, 1L),
            entry(RestoreLoss.CONSUMERS, 2L),
            entry(RestoreLoss.STREAM_COUNTS, 1L),
            entry(RestoreLoss.FUNCTIONS, 1L));
  }

  @Test
  void restoreLosesNothingOfAStream() throws IOException {
    assertThat(losses(new RestoreOptions(true, false, true), stream(USED))).isEmpty();
  }

  @Test
  void fieldsThatExpireLaterThanACommandCanSayNeverDo() throws IOException {
    ByteArrayOutputStream rdb = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(rdb, RdbWriterOptions.of(12));
    writer.write(
        0,
        b("hash"),
        -1,
        new RdbValue.HashValue(
            List.of(
                new RdbValue.HashValue.Field(b("in 2100"), b("v"), 4_102_444_800_000L),
                new RdbValue.HashValue.Field(b("in 9999"), b("v"), 253_402_300_799_000L))));
    writer.end();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RestoreCommands commands = new RestoreCommands(out, new RestoreOptions(false, true, true));
    RdbCursor cursor = new RdbCursor(ByteInput.of(rdb.toByteArray(), "test"));
    while (cursor.next() != RdbCursor.Step.KEY) {
      // records in front of the key
    }
    commands.key(cursor);
    commands.flush();

    assertThat(commands.losses()).containsOnly(entry(RestoreLoss.LATE_FIELD_EXPIRIES, 1L));
    assertThat(out.toString(UTF_8))
        .contains("HPEXPIREAT", "4102444800000", "in 9999")
        .doesNotContain("253402300799000");
  }

  /// A server refuses to restore a collection without elements, and drops it from a file.
  @Test
  void aCollectionWithoutElementsIsNoKey() throws IOException {
    ByteArrayOutputStream rdb = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(rdb, RdbWriterOptions.of(10));
    writer.write(new RdbRecord.Entry(0, b("list"), -1, -1, -1, RdbType.LIST, new byte[] {0}));
    byte[] listpack = {7, 7, 0, 0, 0, 0, 0, (byte) 0xff};
    writer.write(new RdbRecord.Entry(0, b("hash"), -1, -1, -1, RdbType.HASH_LISTPACK, listpack));
    writer.write(new RdbRecord.Entry(0, b("text"), -1, -1, -1, RdbType.STRING, new byte[] {0}));
    writer.end();
    for (boolean expand : new boolean[] {false, true}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      RestoreCommands commands = new RestoreCommands(out, new RestoreOptions(false, expand, true));
      RdbCursor cursor = new RdbCursor(ByteInput.of(rdb.toByteArray(), "test"));
      for (RdbCursor.Step step = cursor.next(); step != RdbCursor.Step.END; step = cursor.next()) {
        if (step == RdbCursor.Step.KEY) {
          commands.key(cursor);
        }
      }
      commands.flush();
      assertThat(out.toString(UTF_8)).contains("text").doesNotContain("list", "hash");
    }
  }
}
