package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespReader;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whoever sends the commands waits for as many answers as there are commands.
class RestoreCommandCountTest {

  private static final Path CORPUS =
      Path.of("..", "rdb-codec", "src", "test", "resources", "corpus");

  static Stream<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(CORPUS)) {
      return paths
          .filter(path -> path.toString().matches(".*/rdb/everything[^/]*[.]rdb"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachCommandIsCounted(Path file) throws IOException {
    for (boolean expand : new boolean[] {false, true}) {
      for (int held : new int[] {0, 1 << 20}) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RestoreCommands commands = new RestoreCommands(out, new RestoreOptions(true, expand, true));
        try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
          RdbCursor cursor = new RdbCursor(in, RdbReading.DEFAULT.holding(held));
          for (RdbCursor.Step step = cursor.next();
              step != RdbCursor.Step.END;
              step = cursor.next()) {
            if (step == RdbCursor.Step.KEY) {
              commands.key(cursor);
            }
          }
        }
        commands.flush();
        ByteInput written = ByteInput.of(out.toByteArray(), "commands");
        RespReader reader = new RespReader(written);
        long count = 0;
        for (; !written.atEnd(); count++) {
          reader.readReply();
        }
        assertThat(commands.commands()).isEqualTo(count).isPositive();
      }
    }
  }
}
