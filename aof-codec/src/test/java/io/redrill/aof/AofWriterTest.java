package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AofWriterTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AofWriter writer = new AofWriter(bytes);

  @Test
  void selectsWhereTheDatabaseChangesAndMarksEachNewSecond() throws IOException {
    writer.mark(1_000_999);
    writer.write(0, args("SET", "a", "1"));
    writer.mark(1_000_999);
    writer.write(0, args("SET", "b", "1"));
    writer.mark(1_001_000);
    writer.write(7, args("multi"));
    writer.mark(1_002_000);
    writer.write(7, args("DEL", "a"));
    writer.write(7, args("exec"));
    writer.mark(1_002_000);
    writer.write(0, args("DEL", "b"));

    assertThat(records())
        .containsExactly(
            "mark 1000000",
            "0 SELECT 0",
            "0 SET a 1",
            "0 SET b 1",
            "mark 1001000",
            "7 SELECT 7",
            "7 multi",
            "7 DEL a",
            "7 exec",
            "mark 1002000",
            "0 SELECT 0",
            "0 DEL b");
  }

  @Test
  void readsBackAnyCommands() throws IOException {
    long seed = 20261124;
    Random random = new Random(seed);
    List<List<byte[]>> commands = new ArrayList<>();
    List<Integer> databases = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      List<byte[]> command = new ArrayList<>(args("SET"));
      for (int arg = random.nextInt(5); arg >= 0; arg--) {
        byte[] value = new byte[random.nextInt(200)];
        random.nextBytes(value);
        command.add(value);
      }
      commands.add(command);
      databases.add(random.nextInt(3));
      writer.write(databases.getLast(), command);
    }
    AofReader reader = new AofReader(ByteInput.of(bytes.toByteArray(), "written"));
    int next = 0;
    for (AofRecord record = reader.next();
        record instanceof AofRecord.Command command;
        record = reader.next()) {
      if (!command.is("SELECT")) {
        assertThat(command.db()).as("seed %d", seed).isEqualTo(databases.get(next));
        assertThat(command.args())
            .as("seed %d, command %d", seed, next)
            .usingElementComparator(Arrays::compare)
            .isEqualTo(commands.get(next));
        next++;
      }
    }
    assertThat(next).isEqualTo(commands.size());
  }

  private List<String> records() throws IOException {
    List<String> records = new ArrayList<>();
    AofReader reader = new AofReader(ByteInput.of(bytes.toByteArray(), "written"));
    while (true) {
      switch (reader.next()) {
        case AofRecord.Command command ->
            records.add(
                command.db()
                    + " "
                    + String.join(
                        " ",
                        command.args().stream().map(arg -> new String(arg, ISO_8859_1)).toList()));
        case AofRecord.TimeMark mark -> records.add("mark " + mark.unixMillis());
        case AofRecord.DatabaseMark _,
            AofRecord.PositionMark _,
            AofRecord.LengthMark _,
            AofRecord.Annotation _ ->
            records.add("annotation");
        case AofRecord.End _ -> {
          return records;
        }
      }
    }
  }

  private static List<byte[]> args(String... words) {
    return Arrays.stream(words).map(word -> word.getBytes(ISO_8859_1)).toList();
  }
}
