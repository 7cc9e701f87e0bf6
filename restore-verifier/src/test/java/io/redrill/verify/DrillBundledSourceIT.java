package io.redrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.log.ArchiverOptions;
import io.redrill.backup.log.LogArchiver;
import io.redrill.backup.repository.PartOptions;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.storage.filesystem.FilesystemStore;
import io.redrill.verify.demo.DemoDataSet;
import io.redrill.verify.instance.ScratchDirectory;
import io.redrill.verify.instance.ScratchInstance;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.DrillHistory;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bundled server as the source, archived into a directory, and drilled in both programs.
class DrillBundledSourceIT {

  private static final SourceName SHOP = SourceName.of("shop");
  private static final Clock CLOCK = Clock.systemUTC();

  @Test
  void itsSnapshotAndLogAreReplayedByARealServer(
      @TempDir Path origin, @TempDir Path stored, @TempDir Path work) throws IOException {
    RealRedis.assumeInstalled();
    Random random = new Random(7);
    try (FilesystemStore store = FilesystemStore.open(stored)) {
      Repository repository = Repository.init(store, CLOCK, random);
      archive(repository, origin, random);

      for (ScratchKind kind : List.of(ScratchKind.bundled(), ScratchKind.redisServer())) {
        DrillReport report =
            new Drill(repository, CLOCK, System::nanoTime, random)
                .run(DrillOptions.of("shop", work).withScratch(kind));

        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).as(report.checks().toString()).isEqualTo(Verdict.PASSED);
        assertThat(report.checks())
            .filteredOn(check -> check.name().equals("second implementation"))
            .singleElement()
            .matches(CheckResult::passed);
        assertThat(work).isEmptyDirectory();
      }
      assertThat(new DrillHistory(repository).list(2)).hasSize(2);
    }
  }

  /// A snapshot of the demonstration data, and a log of what is written on top of it.
  private static void archive(Repository repository, Path origin, Random random)
      throws IOException {
    try (ScratchDirectory home = ScratchDirectory.create(origin)) {
      Path data = Files.createDirectory(home.path().resolve("data"));
      DemoDataSet demo = new DemoDataSet(2_000, 42);
      try (ScratchInstance server =
              ScratchInstance.start(
                  ScratchKind.bundled(), home, data, 16, Duration.ofMinutes(2), System::nanoTime);
          RespConnection connection = server.connect()) {
        send(connection, demo.commands().iterator());
        PsyncSource source = new PsyncSource(server.endpoint(), CLOCK);
        SnapshotTaker taker = new SnapshotTaker(repository, PartOptions.DEFAULT, CLOCK, random);
        try (LogArchiver archiver =
            LogArchiver.start(
                repository, SHOP, source, taker, ArchiverOptions.DEFAULT, CLOCK, random)) {
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> !repository.manifests(SHOP).isEmpty());
          send(connection, demo.traffic(1).limit(500).iterator());
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .until(
                  () -> !repository.segments(SHOP).isEmpty() && archiver.status().lagBytes() == 0);
        }
      }
    }
  }

  private static void send(RespConnection connection, Iterator<List<byte[]>> commands)
      throws IOException {
    while (commands.hasNext()) {
      connection.call(commands.next());
    }
  }
}
