package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.source.MadeUpImage;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Restores into files that cannot be finished: what was there before stays, and nothing else does.
@Timeout(120)
class FileRestoreFaultsIT {

  private static final long SEED = 8108;

  @TempDir private Path directory;

  private FilesystemStore store;
  private Repository repository;
  private boolean mounted;

  @BeforeEach
  void takeSnapshot() throws IOException {
    Random random = new Random(SEED);
    store = FilesystemStore.open(directory.resolve("repository"));
    repository = Repository.init(store, CLOCK, random);
    new SnapshotTaker(repository, PartOptions.DEFAULT, CLOCK, random)
        .store(
            NAME,
            MadeUpImage.feed(MadeUpImage.rdb(30_000, random), CLOCK.instant(), Optional.empty()),
            CaptureMode.DATA_DIR);
  }

  @AfterEach
  void unmount() throws Exception {
    store.close();
    if (mounted) {
      assertThat(run("umount", directory.resolve("disk").toString())).isZero();
    }
  }

  private Path smallDisk() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0;
    assumeTrue(mounted, "mounting a small disk needs root");
    return disk;
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  private void restore(RestoreTarget target) {
    RecoveryPlan plan = new RecoveryPlanner(repository, NAME).plan(new RecoveryRequest.Latest());
    new Restore(
            repository,
            (data, rdb) -> {
              throw new AssertionError("no log was to be replayed");
            },
            CLOCK,
            new Random(SEED))
        .restore(plan, target);
  }

  private static List<String> names(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFullDiskKeepsOnlyWhatItHad() throws Exception {
    Path disk = smallDisk();
    Files.writeString(disk.resolve("mine"), "untouched");
    for (RestoreTarget target :
        List.of(
            new RestoreTarget.RdbFile(disk.resolve("dump.rdb")),
            new RestoreTarget.DataDirectory(disk.resolve("data")))) {
      assertThatThrownBy(() -> restore(target))
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.READ_FAILED);
                assertThat(e.getMessage()).contains("No space left");
              });
      assertThat(names(disk)).containsExactly("mine");
    }
  }

  @Test
  void whatExistsIsLeftAsItIs() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Path file = Files.writeString(home.resolve("dump.rdb"), "untouched");
    for (RestoreTarget target :
        List.of(new RestoreTarget.RdbFile(file), new RestoreTarget.DataDirectory(home))) {
      assertThatThrownBy(() -> restore(target))
          .isInstanceOfSatisfying(
              RedrillException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_EXISTS));
    }
    assertThat(names(home)).containsExactly("dump.rdb");
    assertThat(file).hasContent("untouched");
  }

  @Test
  void whatAKilledRestoreLeftIsRemovedByTheNextOneAndNoOther() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    RestoreTarget target = new RestoreTarget.RdbFile(home.resolve("dump.rdb"));
    Process child = RestoreChild.process(directory.resolve("repository"), home).start();
    try (var lines = child.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("held");
    }
    assertThat(names(home)).hasSize(1).first().asString().startsWith(".redrill-restore-");

    // It still runs: what it needs is left to it.
    restore(new RestoreTarget.RdbFile(home.resolve("other.rdb")));
    assertThat(names(home)).hasSize(2).contains("other.rdb");

    child.destroyForcibly().waitFor();
    restore(target);
    assertThat(names(home)).containsExactly("dump.rdb", "other.rdb");
  }
}
