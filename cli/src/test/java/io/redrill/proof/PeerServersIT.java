package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.RestoreCommands;
import io.redrill.aof.RestoreLoss;
import io.redrill.aof.RestoreOptions;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.Peer;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Servers of other releases, unpacked by `./peers`, with the files of every server: they load what
/// was converted for them and hold the same data, and start with the files of which `rdb compat`
/// says so. And a snapshot of each comes back in another of the same release.
class PeerServersIT {

  private static final Path WHOLE = Path.of("..", "..", "shared", "corpus");
  private static final Path CHOICE =
      Path.of("..", "rdb-codec", "src", "test", "resources", "corpus");

  private static final String SOME_PENDING = " and some pending";

  private static final Map<Peer, RealRedis> SERVERS = new HashMap<>();

  @TempDir private static Path directory;

  @BeforeAll
  static void needsPeers() throws IOException {
    Assumptions.assumeFalse(
        Peer.all().isEmpty(), "there are no servers of other releases: ./peers unpacks some");
  }

  @AfterAll
  static void endServers() {
    SERVERS.values().forEach(RealRedis::close);
  }

  /// The target of `rdb convert` that is meant for servers like `peer`.
  private static String target(Peer peer) {
    return switch (peer.product() + "-" + peer.version().replaceAll("\\..*", "")) {
      case "redis-6" -> "redis-6.2";
      case "redis-8" -> "redis-8.0";
      case "valkey-8" -> "valkey-8";
      case "valkey-9" -> "valkey-9";
      default -> throw new IllegalArgumentException("there is no target for " + peer);
    };
  }

  private static boolean fieldsExpire(Peer peer) {
    return List.of("redis-8.0", "valkey-9").contains(target(peer));
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().matches(".*-[0-9.]+/rdb/[^/]+\\.rdb"))
          .sorted()
          .toList();
    }
  }

  /// Without those that need a module.
  static Stream<Arguments> convertibleFiles() throws IOException {
    Path root = Files.isDirectory(WHOLE) ? WHOLE : CHOICE;
    return arguments(root, path -> !path.getFileName().toString().startsWith("module-"));
  }

  static Stream<Arguments> allFiles() throws IOException {
    return arguments(CHOICE, path -> true);
  }

  private static Stream<Arguments> arguments(Path root, Predicate<Path> choice) throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (Peer peer : Peer.all()) {
      for (Path file : files(root).stream().filter(choice).toList()) {
        all.add(Arguments.argumentSet(peer + " " + root.relativize(file), peer, file));
      }
    }
    return all.stream();
  }

  private static RealRedis server(Peer peer) throws IOException {
    RealRedis running = SERVERS.get(peer);
    if (running == null || !running.isAlive()) {
      running = RealRedis.start(peer, directory.resolve(peer.toString()), "--databases", "1024");
      SERVERS.put(peer, running);
    }
    return running;
  }

  @ParameterizedTest
  @MethodSource("convertibleFiles")
  void convertedForItAServerHoldsTheSame(Peer peer, Path file) throws IOException {
    JsonNode truth = WireTruth.read(file);
    RealRedis server = server(peer);
    Path dump = server.directory().resolve("dump.rdb");

    CommandRun converted =
        CommandRun.in(
            directory,
            "rdb",
            "convert",
            file.toAbsolutePath().toString(),
            "--target",
            target(peer),
            "--to",
            dump.toString(),
            "--force",
            "--lossy",
            "--json");

    assertThat(converted.status()).as("%s", converted).isIn(0, 3);
    if (!takesVectorSets(peer, compat(dump))) {
      try (RespConnection client = server.connect()) {
        assertThatThrownBy(() -> client.call("DEBUG", "RELOAD", "NOSAVE"))
            .hasMessageContaining("Error trying to load the RDB dump");
      }
      return;
    }
    Map<String, String> expected = WireTruth.of(truth, fieldsExpire(peer));
    boolean losesVectorSets = converted.results().contains("\"vector-sets\"");
    expected.values().removeIf(value -> losesVectorSets && value.contains(" vectorset "));
    if (isBefore70(peer)) {
      expected.replaceAll((key, value) -> WireTruth.inSeconds(value));
    }
    try (RespConnection client = server.connect()) {
      assertThat(client.call("DEBUG", "RELOAD", "NOSAVE").asText()).isEqualTo("OK");
      assertHolds(client, peer, truth, expected);
      JsonNode digest = digest(dump);
      if (digest.get("redisIsExact").asBoolean() && !isAboutExpired(file)) {
        assertThat(client.call("DEBUG", "DIGEST").asText())
            .isEqualTo(digest.get("redis").get(release(peer)).asText());
      }
      for (boolean expand : new boolean[] {false, true}) {
        empty(client, peer);
        if (send(client, dump, new RestoreOptions(false, expand, !isBefore70(peer)))) {
          expected.replaceAll((key, value) -> withoutPending(value));
        }
        assertHolds(client, peer, truth, expected);
      }
      empty(client, peer);
    }
  }

  static Stream<Arguments> peersAndLargeCollections() throws IOException {
    return Peer.all().stream()
        .flatMap(peer ->
            LargeCollections.all().stream()
                .map(large -> Arguments.argumentSet(peer + " " + large, peer, large)));
  }

  @ParameterizedTest
  @MethodSource("peersAndLargeCollections")
  void itLoadsLargeCollectionsThatAreConvertedForIt(Peer peer, LargeCollections large)
      throws IOException {
    RealRedis server = server(peer);
    Path dump = server.directory().resolve("dump.rdb");
    large.convert(directory, target(peer), dump);

    try (RespConnection client = server.connect()) {
      assertThat(client.call("DEBUG", "RELOAD", "NOSAVE").asText()).isEqualTo("OK");
      assertThat(client.call("DBSIZE").asLong()).isEqualTo(LargeCollections.KEYS);
      assertThat(client.call("DEBUG", "DIGEST").asText())
          .isEqualTo(digest(dump).get("redis").get(release(peer)).asText());
      empty(client, peer);
    }
  }

  private static void assertHolds(
      RespConnection client, Peer peer, JsonNode truth, Map<String, String> expected)
      throws IOException {
    int databases = WireTruth.databases(truth);
    Map<String, String> found = WireTruth.of(client, databases);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    if (expected.toString().contains(SOME_PENDING)) {
      found.replaceAll((key, value) -> withoutPending(value));
    }
    found.forEach((key, value) -> assertThat(value).as(key).isEqualTo(expected.get(key)));
    if (fieldsExpire(peer)) {
      assertThat(WireTruth.fieldExpiries(client, databases))
          .isEqualTo(WireTruth.fieldExpiries(truth));
    }
  }

  private static String withoutPending(String described) {
    return described.replaceAll("(group \\S+ \\S+) [0-9]+", "$1" + SOME_PENDING);
  }

  private static void empty(RespConnection client, Peer peer) throws IOException {
    client.call("FLUSHALL");
    if (!isBefore70(peer)) {
      client.call("FUNCTION", "FLUSH");
    }
  }

  /// Sends the commands of `file`, of which the server must refuse none; returns whether entries
  /// that are pending and deleted have no command.
  private static boolean send(RespConnection client, Path file, RestoreOptions options)
      throws IOException {
    RestoreCommands commands = new RestoreCommands(client.output(), options);
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      RdbCursor cursor = new RdbCursor(in, RestoreCommands.reading());
      for (Step step = cursor.next(); step != Step.END; step = cursor.next()) {
        if (step == Step.KEY) {
          commands.key(cursor);
        } else if (cursor.record() instanceof RdbRecord.FunctionLibrary(byte[] source)) {
          commands.function(source);
        }
      }
    }
    commands.flush();
    for (long i = 0; i < commands.commands(); i++) {
      assertThat(client.receive()).isNotInstanceOf(RespReply.ErrorReply.class);
    }
    return commands.losses().containsKey(RestoreLoss.DELETED_PENDING);
  }

  private static boolean isBefore70(Peer peer) {
    return peer.version().startsWith("6.");
  }

  /// What `rdb digest --redis --json` calls servers like `peer`.
  private static String release(Peer peer) {
    return peer.product().equals("valkey")
        ? "valkey"
        : isBefore70(peer) ? "redis_7_0" : "redis_7_2";
  }

  /// Whether keys or fields expire while the file is read.
  private static boolean isAboutExpired(Path file) {
    return file.getFileName().toString().startsWith("expired");
  }

  private static JsonNode digest(Path file) throws IOException {
    return CommandRun.in(directory, "rdb", "digest", file.toString(), "--redis", "--json").json();
  }

  private static JsonNode compat(Path file) throws IOException {
    return CommandRun.in(directory, "rdb", "compat", file.toAbsolutePath().toString(), "--json")
        .json();
  }

  /// Whether what is said of vector sets does not keep this release from loading them.
  private static boolean takesVectorSets(Peer peer, JsonNode said) {
    return !List.of("8.0.0", "8.0.1", "8.0.2").contains(peer.version())
        || said.get("laterVectorSets").asLong() == 0;
  }

  static Stream<Peer> peers() throws IOException {
    return Peer.all().stream();
  }

  @ParameterizedTest
  @MethodSource("peers")
  void aSnapshotComesBackInTheSameRelease(Peer peer, @TempDir Path data) throws IOException {
    try (RealRedis source = RealRedis.start(peer, data.resolve("source"));
        RealRedis target = RealRedis.start(peer, data.resolve("target"))) {
      SnapshotRoundTrip.prove(source.endpoint(), target.endpoint(), data);
    }
  }

  @ParameterizedTest
  @MethodSource("allFiles")
  void aServerStartsWithWhatItIsSaidTo(Peer peer, Path file, @TempDir Path data)
      throws IOException {
    JsonNode said = compat(file);
    String verdict =
        StreamSupport.stream(said.get("targets").spliterator(), false)
            .filter(each -> each.get("target").asText().equals(target(peer)))
            .map(each -> each.get("asItIs").asText())
            .findFirst()
            .orElseThrow();
    boolean isExpectedToLoad =
        !verdict.equals("refuses") && said.get("modules").isEmpty() && takesVectorSets(peer, said);
    Files.copy(file, data.resolve("dump.rdb"));

    assertThat(loads(peer, data)).as("%s", said).isEqualTo(isExpectedToLoad);
  }

  private static boolean loads(Peer peer, Path data) throws IOException {
    try (RealRedis server = RealRedis.start(peer, data, "--databases", "1024")) {
      return server.log().contains("DB loaded from disk");
    } catch (IOException ended) {
      assertThat(ended.getMessage()).containsPattern("RDB|Wrong signature trying to load DB");
      return false;
    }
  }
}
