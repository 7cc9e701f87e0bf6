package io.redrill.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class BrokenPipeTest {

  /// In whatever language this runs.
  @Test
  void knowsARealOne() throws IOException {
    Process reader = new ProcessBuilder("sh", "-c", "exec <&-; sleep 60").start();
    OutputStream pipe = reader.getOutputStream();

    IOException failure =
        catchThrowableOfType(
            IOException.class,
            () -> {
              // The buffer of the stream takes some before it is written.
              for (int i = 0; i < 1 << 20; i++) {
                pipe.write(0);
              }
            });

    reader.destroy();
    assertThat(BrokenPipe.isCauseOf(failure)).as("%s", failure).isTrue();
  }

  @Test
  void knowsOthersFromIt() {
    assertThat(BrokenPipe.isCauseOf(new IOException("No space left on device"))).isFalse();
    assertThat(BrokenPipe.isCauseOf(new IOException())).isFalse();
  }
}
