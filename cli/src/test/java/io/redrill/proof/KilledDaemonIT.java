package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SnapshotId;
import io.redrill.backup.repository.SourceName;
import io.redrill.storage.filesystem.FilesystemStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The daemon is killed with `kill -9` in the middle of backups, again and again, while its source
/// is written to. Whatever is listed afterwards restores, the check finds nothing, and the next run
/// succeeds.
class KilledDaemonIT {

  private static final int KILLS = 10;
  private static final long SEED = Long.getLong("redrill.seed", 20_261_124L);

  /// More than two parts of 32 MiB, so that some kills find parts without a manifest.
  private static final int KEYS = 48_000;

  private static final int VALUE_BYTES = 1_500;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final SourceName SOURCE = SourceName.of("main");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private final Random random = new Random(SEED);
  private int restores;

  @Test
  void nothingIsListedThatDoesNotRestoreAndTheNextRunSucceeds() throws Exception {
    RealRedis.assumeInstalled();
    AtomicBoolean stop = new AtomicBoolean();
    try (RealRedis redis =
        RealRedis.start(
            directory.resolve("redis"),
            "--rdbcompression",
            "no",
            "--repl-diskless-sync-delay",
            "0",
            "--repl-backlog-size",
            "256mb")) {
      fill(redis);
      configure(redis.port());
      Thread writer = Thread.ofPlatform().start(() -> write(redis, stop));
      try {
        killAndProve();
      } finally {
        stop.set(true);
        writer.join();
      }
    }
  }

  private void fill(RealRedis redis) throws IOException {
    byte[] value = new byte[VALUE_BYTES];
    try (RespConnection client = redis.connect()) {
      for (int key = 0; key < KEYS; key++) {
        random.nextBytes(value);
        client.send(List.of(bytes("SET"), bytes("key:" + key), value));
        if (key % 100 == 99) {
          for (int reply = 0; reply < 100; reply++) {
            client.receive();
          }
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// A few hundred writes a second, until `stop`.
  private static void write(RealRedis redis, AtomicBoolean stop) {
    try (RespConnection client = redis.connect()) {
      for (int number = 0; !stop.get(); number++) {
        client.call("SET", "written:" + number % 1000, "in write " + number);
        client.call("INCR", "written");
        LockSupport.parkNanos(2_000_000);
      }
    } catch (IOException e) {
      throw new AssertionError("the source went away", e);
    }
  }

  private void configure(int port) throws IOException {
    Files.writeString(
        directory.resolve("redrill.yaml"),
        """
        repository: file:repository
        data: state
        console: { port: 0 }
        sources:
          main:
            url: redis://127.0.0.1:%d
            schedule: { snapshot: "* * * * * ?" }
        """
            .formatted(port));
  }

  private void killAndProve() throws Exception {
    // Not by the numbers of the runs, which begin anew if the kill damages the history.
    Instant killed = Instant.MIN;
    int inTheMiddle = 0;
    int partsWithoutManifest = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      String context = "kill %d of seed %d".formatted(kill, SEED);
      try (RedrillProcess daemon =
          RedrillProcess.start(directory, Map.of(), "daemon", "-c", "redrill.yaml")) {
        String console = daemon.awaitResult(Pattern.compile("console +(http://\\S+)")).group(1);
        JsonNode succeeded = awaitRun(console, killed, true, context);
        if (wasCutShort(console, killed)) {
          inTheMiddle++;
        }
        killed = started(awaitRun(console, started(succeeded), false, context));
        // Not to wait for anything: this is the random moment.
        LockSupport.parkNanos((long) (random.nextDouble() * duration(succeeded).toNanos()));
        daemon.kill();
      }
      if (!unfinishedSnapshots().isEmpty()) {
        partsWithoutManifest++;
      }
      proveAll(context);
      forgetAllButTheNewest();
    }
    assertThat(inTheMiddle).as("kills that cut a snapshot short").isPositive();
    assertThat(partsWithoutManifest).as("kills that left parts without manifest").isPositive();
    assertRuns("restore", "latest", "--to", "latest.rdb");
    assertRuns("drill");
    assertNothingPilesUp();
  }

  private static Instant started(JsonNode run) {
    return Instant.parse(run.at("/started").asText());
  }

  /// The first snapshot run that began later than `after`, when it has begun, or when it has
  /// `ended` and succeeded.
  private static JsonNode awaitRun(String console, Instant after, boolean ended, String context) {
    return await(context)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                runs(console)
                    .filter(run -> started(run).isAfter(after))
                    .filter(run ->
                        ended
                            ? run.at("/outcome").asText().equals("succeeded")
                            : run.at("/outcome").isMissingNode())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static boolean wasCutShort(String console, Instant killed) throws Exception {
    return runs(console)
        .filter(run -> started(run).equals(killed))
        .anyMatch(run -> run.at("/outcome").asText().equals("interrupted"));
  }

  private static Stream<JsonNode> runs(String console) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String status =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(console + "/api/status")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return StreamSupport.stream(JSON.readTree(status).path("runs").spliterator(), false)
          .filter(run -> run.at("/job").asText().equals("snapshot"));
    }
  }

  private static Duration duration(JsonNode run) {
    return Duration.between(
        Instant.parse(run.at("/started").asText()), Instant.parse(run.at("/finished").asText()));
  }

  /// The directories of snapshots that have parts and no manifest.
  private List<Path> unfinishedSnapshots() throws IOException {
    try (Stream<Path> snapshots = Files.list(directory.resolve("repository/main/snapshots"))) {
      return snapshots
          .filter(snapshot -> Files.exists(snapshot.resolve("data-00000.zst")))
          .filter(snapshot -> !Files.exists(snapshot.resolve("manifest.json")))
          .toList();
    }
  }

  private CommandRun assertRuns(String... arguments) {
    CommandRun run = CommandRun.in(directory, Map.of("REDRILL_REPO", "file:repository"), arguments);
    assertThat(run.status()).as("%s", run).isZero();
    return run;
  }

  private void proveAll(String context) throws Exception {
    assertRuns("check");
    JsonNode snapshots = assertRuns("list", "--json").json().at("/sources/0/snapshots");
    assertThat(snapshots).as(context).isNotEmpty();
    for (JsonNode snapshot : snapshots) {
      String id = snapshot.at("/id").asText();
      Path restored = directory.resolve("restored-" + restores++ + ".rdb");
      assertRuns("restore", id, "--to", restored.toString());
      assertThat(sha256(restored))
          .as("%s, snapshot %s", context, id)
          .isEqualTo(assertRuns("show", id, "--json").json().at("/rdb/sha256").asText());
      Files.delete(restored);
    }
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// What has been proved need not be read again after the next kill.
  private void forgetAllButTheNewest() throws IOException {
    try (FilesystemStore store = FilesystemStore.open(directory.resolve("repository"))) {
      Repository repository = Repository.open(store);
      List<SnapshotId> snapshots = repository.snapshots(SOURCE);
      for (SnapshotId old : snapshots.subList(0, snapshots.size() - 1)) {
        repository.delete(SOURCE, old);
      }
    }
  }

  private void assertNothingPilesUp() throws IOException {
    for (String scratch : List.of("tmp", "work")) {
      try (Stream<Path> left = Files.walk(directory.resolve(scratch))) {
        assertThat(left.filter(Files::isRegularFile)).as(scratch).hasSizeLessThan(KILLS);
      }
    }
  }
}
