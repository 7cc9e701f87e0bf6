package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.NAME;

import io.redrill.backup.recovery.RecoveryPlan;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.filesystem.FilesystemStore;
import io.redrill.storage.fixture.FaultyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A process that begins to restore and waits in the middle to be killed: `RestoreChild STORE
/// DIRECTORY`. Prints `held` when it waits.
final class RestoreChild {

  private RestoreChild() {}

  public static void main(String[] args) throws IOException {
    FaultyStore store = new FaultyStore(FilesystemStore.open(Path.of(args[0])));
    Repository repository = Repository.open(store);
    ObjectKey part =
        RepositoryKeys.part(NAME, repository.snapshots(NAME).getFirst(), "data-00000.zst");
    RecoveryPlan plan = new RecoveryPlanner(repository, NAME).plan(new RecoveryRequest.Latest());
    store.edit(
        part,
        bytes -> {
          System.out.println("held");
          while (true) {
            LockSupport.park();
          }
        });
    new Restore(repository, (data, rdb) -> {}, CLOCK, new Random())
        .restore(plan, new RestoreTarget.RdbFile(Path.of(args[1], "dump.rdb")));
  }

  static ProcessBuilder process(Path store, Path directory) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        RestoreChild.class.getName(),
        store.toString(),
        directory.toString());
  }
}
