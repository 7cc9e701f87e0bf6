package io.redrill.backup;

import static io.redrill.backup.Archiving.CLOCK;
import static io.redrill.backup.Archiving.NAME;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.recovery.RecoveryPlanner;
import io.redrill.backup.recovery.RecoveryRequest;
import io.redrill.backup.recovery.Restore;
import io.redrill.backup.recovery.RestoreTarget;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/// A process with a heap of 96 MiB: `SmallHeapChild snapshot|archive|restore STORE PORT`.
///
/// Takes one snapshot, and prints how many keys it has, or how it failed and how many snapshots are
/// listed then. Or archives until its input ends, and prints how it failed last, if ever. Or writes
/// the latest snapshot into the server, and prints how many keys it wrote.
final class SmallHeapChild {

  private SmallHeapChild() {}

  public static void main(String[] args) throws IOException {
    try (FilesystemStore store = FilesystemStore.open(Path.of(args[1]))) {
      if (args[0].equals("restore")) {
        System.out.println(
            restore(Repository.open(store), Integer.parseInt(args[2]), Path.of(args[1], "work")));
        return;
      }
      Repository repository = Repository.init(store, CLOCK, new Random());
      SnapshotTaker taker =
          new SnapshotTaker(repository, new PartOptions(4 << 20, 1, 2), CLOCK, new Random());
      PsyncSource source =
          new PsyncSource(ServerEndpoint.of("127.0.0.1", Integer.parseInt(args[2])), CLOCK);
      System.out.println(
          args[0].equals("snapshot")
              ? snapshot(repository, taker, source)
              : archive(repository, taker, source));
    }
  }

  private static String snapshot(Repository repository, SnapshotTaker taker, PsyncSource source) {
    try {
      return taker.take(NAME, source).dataset().keys() + " keys";
    } catch (RedrillException e) {
      return e.code() + ", " + repository.snapshots(NAME).size() + " listed";
    }
  }

  private static String restore(Repository repository, int port, Path work) {
    return new Restore(repository, (data, rdb) -> {}, CLOCK, new Random())
            .restore(
                new RecoveryPlanner(repository, NAME).plan(new RecoveryRequest.Latest()),
                new RestoreTarget.LiveServer(ServerEndpoint.of("127.0.0.1", port), false, work))
            .server()
            .orElseThrow()
            .restored()
        + " keys";
  }

  private static String archive(Repository repository, SnapshotTaker taker, PsyncSource source)
      throws IOException {
    try (LogArchiver archiver =
        LogArchiver.start(
            repository, NAME, source, taker, Archiving.quick(), CLOCK, new Random())) {
      while (System.in.read() >= 0) {
        // The end of the input is the sign to close.
      }
      return archiver.status().lastError().orElse("no failure");
    }
  }

  static ProcessBuilder process(String what, Path store, int port) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx96m",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        SmallHeapChild.class.getName(),
        what,
        store.toString(),
        String.valueOf(port));
  }
}
