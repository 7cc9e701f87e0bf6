package io.redrill.verify.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryIT {

  @TempDir Path work;

  @Test
  void removesWhatAKilledDrillLeftBehind() throws IOException, InterruptedException {
    Process dead = new ProcessBuilder("sleep", "600").start();
    Path left = leftover("drill-left", named(dead.toHandle()));
    dead.destroyForcibly().waitFor();
    Process server = new ProcessBuilder("sleep", "600").start();
    Files.writeString(left.resolve("server-1"), named(server.toHandle()));
    Files.createDirectories(left.resolve("data/appendonlydir"));

    try (ScratchDirectory mine = ScratchDirectory.create(work)) {
      assertThat(left).doesNotExist();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).as("its server has ended").isTrue();
      assertThat(mine.path()).isDirectory();
    } finally {
      server.destroyForcibly();
    }
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void leavesTheDirectoryOfARunningDrillAlone() throws IOException {
    Path other = leftover("drill-other", named(ProcessHandle.current()));

    ScratchDirectory.create(work).close();

    assertThat(other).isDirectory();
  }

  @Test
  void aProcessThatOnlyHasTheSameIdIsNotEnded() throws IOException {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Path left = leftover("drill-left", stranger.pid() + " 1");
      Files.writeString(left.resolve("server-1"), stranger.pid() + " 1\n");

      ScratchDirectory.create(work).close();

      assertThat(left).doesNotExist();
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  private Path leftover(String name, String owner) throws IOException {
    Path directory = Files.createDirectory(work.resolve(name));
    Files.writeString(directory.resolve("owner"), owner);
    return directory;
  }

  private static String named(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().orElseThrow().toEpochMilli();
  }
}
