package io.redrill.backup;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;

/// A process with a small heap that takes one snapshot: `SnapshotChild STORE PORT`. Prints how many
/// keys it has, or how it failed and how many snapshots are listed then.
final class SnapshotChild {

  private static final SourceName NAME = SourceName.of("orders");

  private SnapshotChild() {}

  public static void main(String[] args) throws IOException {
    InstantSource clock = InstantSource.system();
    Random random = new Random(1);
    try (FilesystemStore store = FilesystemStore.open(Path.of(args[0]))) {
      Repository repository = Repository.init(store, clock, random);
      PsyncSource source =
          new PsyncSource(ServerEndpoint.of("127.0.0.1", Integer.parseInt(args[1])), clock);
      try {
        long keys =
            new SnapshotTaker(repository, PartOptions.DEFAULT, clock, random)
                .take(NAME, source)
                .dataset()
                .keys();
        System.out.println(keys + " keys");
      } catch (RedrillException e) {
        System.out.println(e.code() + ", " + repository.snapshots(NAME).size() + " listed");
      }
    }
  }

  static ProcessBuilder process(Path store, int port) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx96m",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        SnapshotChild.class.getName(),
        store.toString(),
        String.valueOf(port));
  }
}
