package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.cli.composition.BundledServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is damaged in a repository, `check`, `restore` and `drill` say so, name the object, and
/// end with a status that says so too.
class DamageIT {

  private static final long SEED = 20_261_124L;
  private static final int FLIPS = 60;
  private static final int ROUNDS = 5;
  private static final int KEYS = 200;

  @TempDir private static Path shared;

  /// A time after each round of writes and before the next.
  private static final List<Instant> AFTER_ROUND = new ArrayList<>();

  private static BundledServer server;
  private static String url = "";
  private static String snapshot = "";

  private Path home = Path.of("");
  private Path repository = Path.of("");

  @BeforeAll
  static void backUp() throws Exception {
    Random random = new Random(SEED);
    server = BundledServer.start(shared.resolve("source"), 0, Archive.context(shared));
    url = "redis://127.0.0.1:" + server.port();
    try (RespConnection client =
        RespConnection.connect(ServerEndpoint.of("127.0.0.1", server.port()))) {
      byte[] value = new byte[100];
      for (int key = 0; key < KEYS; key++) {
        random.nextBytes(value);
        client.call("SET", "key:" + key, HexFormat.of().formatHex(value));
      }
      try (Archive archive = Archive.start(shared, ServerEndpoint.of("127.0.0.1", server.port()))) {
        archive.awaitFollowing();
        for (int round = 0; round < ROUNDS; round++) {
          client.call("SET", "round", String.valueOf(round));
          client.call("RPUSH", "rounds", String.valueOf(round));
          archive.awaitStored(client);
          AFTER_ROUND.add(Archive.CLOCK.instant());
        }
        snapshot = archive.repository().snapshots(Archive.SOURCE).getFirst().value();
      }
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void copyRepository(TestInfo test) throws IOException {
    home = Files.createTempDirectory(shared, "test-");
    repository = home.resolve("repository");
    copy(shared.resolve("repository"), repository);
    assertThat(segments()).as(test.getDisplayName()).hasSizeGreaterThanOrEqualTo(4);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  private CommandRun redrill(String... arguments) {
    return CommandRun.in(home, Map.of("REDRILL_REPO", "file:" + repository), arguments);
  }

  /// The keys of all stored objects that end so, in order.
  private List<String> objects(String ending) throws IOException {
    try (Stream<Path> tree = Files.walk(repository)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> repository.relativize(file).toString())
          .filter(key -> key.startsWith("main/") && key.endsWith(ending))
          .sorted()
          .toList();
    }
  }

  private List<String> segments() throws IOException {
    return objects(".aof.zst");
  }

  enum Damage {
    FLIPPED_PART(".zst", "data-"),
    TRUNCATED_PART(".zst", "data-"),
    MISSING_PART(".zst", "data-"),
    FLIPPED_MANIFEST("manifest.json", ""),
    TRUNCATED_MANIFEST("manifest.json", ""),
    EMPTY_MANIFEST("manifest.json", ""),
    FLIPPED_SEGMENT(".aof.zst", ""),
    TRUNCATED_SEGMENT(".aof.zst", ""),
    EMPTY_SEGMENT(".aof.zst", "");

    private final String ending;
    private final String part;

    Damage(String ending, String part) {
      this.ending = ending;
      this.part = part;
    }

    /// Does it, and returns the key of the object; of several, the one in the middle.
    String inflict(DamageIT test) throws IOException {
      List<String> keys = test.objects(ending).stream().filter(key -> key.contains(part)).toList();
      String key = keys.get(keys.size() / 2);
      Path file = test.repository.resolve(key);
      switch (this) {
        case FLIPPED_PART, FLIPPED_MANIFEST, FLIPPED_SEGMENT -> flip(file, Files.size(file) / 2);
        case TRUNCATED_PART, TRUNCATED_MANIFEST, TRUNCATED_SEGMENT ->
            truncate(file, Files.size(file) / 2);
        case EMPTY_MANIFEST, EMPTY_SEGMENT -> truncate(file, 0);
        case MISSING_PART -> Files.delete(file);
      }
      return key;
    }
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int flipped = bytes.read() ^ 0x04;
      bytes.seek(offset);
      bytes.write(flipped);
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void isNamedByEveryCommand(Damage damage) throws IOException {
    String object = damage.inflict(this);

    CommandRun check = redrill("check");
    assertThat(check.status()).as("%s", check).isEqualTo(5);
    assertThat(check.results()).contains(object);
    CommandRun checkJson = redrill("check", "--json");
    assertThat(checkJson.status()).isEqualTo(5);
    assertThat(checkJson.json().at("/whole").asBoolean(true)).isFalse();
    assertThat(checkJson.json().findValuesAsText("object")).contains(object);

    Path restored = Files.createDirectory(home.resolve("restored"));
    CommandRun toFile = redrill("restore", "latest", "--to", restored.resolve("x.rdb").toString());
    assertThat(toFile.status()).as("%s", toFile).isEqualTo(5);
    assertThat(toFile.messages()).contains(object);
    CommandRun toDirectory = redrill("restore", "latest", "--to", restored.resolve("x").toString());
    assertThat(toDirectory.status()).as("%s", toDirectory).isEqualTo(5);
    assertThat(toDirectory.messages()).contains(object);
    assertThat(restored).isEmptyDirectory();

    CommandRun drill = redrill("drill");
    assertThat(drill.status()).as("%s", drill).isEqualTo(5);
    assertThat(drill.results()).contains(object).contains("not recovered");
    assertThat(redrill("report", "latest").results()).contains(object);
  }

  @Test
  void aServerIsNotTouchedByARestoreOfDamagedData() throws IOException {
    String object = Damage.FLIPPED_PART.inflict(this);
    try (BundledServer target =
            BundledServer.start(home.resolve("target"), 0, Archive.context(home));
        RespConnection client =
            RespConnection.connect(ServerEndpoint.of("127.0.0.1", target.port()))) {
      client.call("SET", "mine", "precious");

      CommandRun restore =
          redrill("restore", snapshot, "--replace", "--to", "redis://127.0.0.1:" + target.port());

      assertThat(restore.status()).as("%s", restore).isEqualTo(5);
      assertThat(restore.messages()).contains(object);
      assertThat(client.call("GET", "mine").asText()).isEqualTo("precious");
      assertThat(client.call("DBSIZE").asLong()).isEqualTo(1);
    }
  }

  @Test
  void aDamagedManifestKeepsNothingElseFromBeingRestored() throws IOException {
    String newest = redrill("backup", url, "--name", "main").results().strip();
    String object = "main/snapshots/" + newest + "/manifest.json";
    truncate(repository.resolve(object), 100);

    CommandRun list = redrill("list");
    assertThat(list.status()).as("%s", list).isEqualTo(5);
    assertThat(list.results()).contains(snapshot, "restorable");
    assertThat(list.messages()).contains(object);
    CommandRun json = redrill("list", "--json");
    assertThat(json.json().at("/sources/0/snapshots/0/id").asText()).isEqualTo(snapshot);
    assertThat(json.json().at("/sources/0/damage/0/object").asText()).isEqualTo(object);

    CommandRun older = redrill("restore", snapshot, "--to", home + "/older.rdb");
    assertThat(older.status()).as("%s", older).isZero();
    CommandRun earlier =
        redrill("restore", "--at", AFTER_ROUND.getFirst().toString(), "--to", home + "/at.rdb");
    assertThat(earlier.status()).as("%s", earlier).isZero();
    assertThat(keys(home.resolve("at.rdb"))).isEqualTo(KEYS + 2);

    for (String[] hidden :
        List.of(new String[] {"latest"}, new String[] {newest}, new String[] {"--before", "DEL"})) {
      List<String> arguments = new ArrayList<>(List.of("restore", "--to", home + "/x.rdb"));
      arguments.addAll(List.of(hidden));
      CommandRun restore = redrill(arguments.toArray(String[]::new));
      assertThat(restore.status()).as("%s", restore).isEqualTo(5);
      assertThat(restore.messages()).contains(object);
    }
  }

  /// Random bytes of random objects, one at a time: nothing that is stored can change unseen.
  @Test
  void everyFlippedByteIsFoundByTheCheck() throws IOException {
    Random random = new Random(SEED);
    List<String> objects = objects("");
    for (int i = 0; i < FLIPS; i++) {
      String object = objects.get(random.nextInt(objects.size()));
      Path file = repository.resolve(object);
      long offset = random.nextLong(Files.size(file));
      flip(file, offset);

      CommandRun check = redrill("check");

      assertThat(check.status())
          .as("flip %d with seed %d: %s, offset %d%n%s", i, SEED, object, offset, check)
          .isEqualTo(5);
      assertThat(check.results()).contains(object);
      flip(file, offset);
    }
    CommandRun whole = redrill("check");
    assertThat(whole.status()).as("%s", whole).isZero();
  }

  @Test
  void aMissingSegmentIsAGapThatNoRestoreCrosses() throws IOException {
    String missing = segments().get(2);
    Files.delete(repository.resolve(missing));
    String[] bounds = missing.replaceAll("^.*/0*([0-9]+)-0*([0-9]+)[.].*$", "$1 $2").split(" ", -1);

    CommandRun check = redrill("check");
    assertThat(check.status()).as("%s", check).isEqualTo(6);
    assertThat(check.results()).contains("gap", bounds[0], bounds[1]);

    Path target = home.resolve("x.rdb");
    CommandRun latest = redrill("restore", "latest", "--to", target.toString());
    assertThat(latest.status()).as("%s", latest).isEqualTo(6);
    assertThat(latest.messages()).contains("E5004", bounds[0], bounds[1]);
    CommandRun behind =
        redrill("restore", "--at", AFTER_ROUND.getLast().toString(), "--to", target.toString());
    assertThat(behind.status()).as("%s", behind).isEqualTo(6);
    assertThat(behind.messages()).contains("E5004", bounds[0], bounds[1]);
    CommandRun offsetBehind = redrill("restore", "--offset", bounds[1], "--to", target.toString());
    assertThat(offsetBehind.status()).as("%s", offsetBehind).isEqualTo(6);
    assertThat(offsetBehind.messages()).contains("E5004", bounds[0], bounds[1]);
    assertThat(target).doesNotExist();

    CommandRun drill = redrill("drill");
    assertThat(drill.status()).as("%s", drill).isEqualTo(6);
    assertThat(drill.results()).contains("no recovery point", bounds[0], bounds[1]);

    CommandRun list = redrill("list");
    assertThat(list.status()).isZero();
    assertThat(list.results()).contains("gap", bounds[0], bounds[1]);
  }

  @Test
  void whatStandsBeforeAGapIsRestored() throws IOException {
    Files.delete(repository.resolve(segments().getLast()));
    Files.delete(repository.resolve(segments().get(2)));

    CommandRun before =
        redrill("restore", "--at", AFTER_ROUND.getFirst().toString(), "--to", home + "/before.rdb");
    assertThat(before.status()).as("%s", before).isZero();
    CommandRun alone = redrill("restore", snapshot, "--to", home + "/alone.rdb");
    assertThat(alone.status()).as("%s", alone).isZero();
    assertThat(keys(home.resolve("before.rdb"))).isEqualTo(KEYS + 2);
    assertThat(keys(home.resolve("alone.rdb"))).isEqualTo(KEYS);
  }

  @Test
  void aMissingFirstSegmentIsAGapToo() throws IOException {
    String missing = segments().getFirst();
    Files.delete(repository.resolve(missing));
    String[] bounds = missing.replaceAll("^.*/0*([0-9]+)-0*([0-9]+)[.].*$", "$1 $2").split(" ", -1);

    CommandRun check = redrill("check");
    assertThat(check.status()).as("%s", check).isEqualTo(6);
    assertThat(check.results()).contains("gap", bounds[0], bounds[1]);
    CommandRun latest = redrill("restore", "latest", "--to", home + "/x.rdb");
    assertThat(latest.status()).as("%s", latest).isEqualTo(6);
    CommandRun at =
        redrill("restore", "--at", AFTER_ROUND.getLast().toString(), "--to", home + "/x.rdb");
    assertThat(at.status()).as("%s", at).isEqualTo(6);
    assertThat(at.messages()).contains("E5004", bounds[0], bounds[1]);
  }

  private long keys(Path rdb) throws IOException {
    return redrill("rdb", "check", "--json", rdb.toString()).json().at("/keys").asLong();
  }
}
