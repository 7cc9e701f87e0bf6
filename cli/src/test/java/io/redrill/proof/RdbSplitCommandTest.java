package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rdb filter` and `rdb split` as typed by hand.
class RdbSplitCommandTest {

  private static final int KEYS = 300;

  @TempDir private Path directory;

  @BeforeEach
  void writeSource() throws IOException {
    try (OutputStream out = Files.newOutputStream(directory.resolve("dump.rdb"))) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(11));
      for (int i = 0; i < KEYS; i++) {
        byte[] key = ("key:" + i).getBytes(StandardCharsets.UTF_8);
        rdb.write(0, key, i % 3 == 0 ? 1 : -1, new RdbValue.StringValue(key));
      }
      rdb.end();
    }
  }

  private CommandRun redrill(String... words) {
    return CommandRun.in(directory, words);
  }

  private int keys(String file) throws IOException {
    CommandRun check = redrill("rdb", "check", file, "--json");
    assertThat(check.status()).as("%s", check).isZero();
    return check.json().get("keys").asInt();
  }

  @Test
  void keepsWhatWasAskedFor() throws IOException {
    CommandRun kept =
        redrill("rdb", "filter", "dump.rdb", "--to", "out.rdb", "--alive-at", "now", "--key", "*7");

    assertThat(kept.status()).as("%s", kept).isZero();
    assertThat(kept.results()).contains("out.rdb: 20 keys kept, 280 not");
    assertThat(keys("out.rdb")).isEqualTo(20);
  }

  @Test
  void dealsAllKeys() throws IOException {
    CommandRun split = redrill("rdb", "split", "dump.rdb", "--to", "shards", "--shards", "3");

    assertThat(split.status()).as("%s", split).isZero();
    assertThat(split.results()).contains("shards/shard-0.rdb  0-5460 ");
    int sum = 0;
    for (int i = 0; i < 3; i++) {
      sum += keys("shards/shard-" + i + ".rdb");
    }
    assertThat(sum).isEqualTo(KEYS);
  }

  @Test
  void refusesKeysOfNoShardAndLeavesNothing() throws IOException {
    String[] split = {"rdb", "split", "dump.rdb", "--to", "shards", "--slots", "0-8000,8001-9000"};

    CommandRun refused = redrill(split);

    assertThat(refused.status()).as("%s", refused).isEqualTo(4);
    assertThat(refused.messages()).contains("E4105", "first: db 0 key:");
    assertThat(directory.resolve("shards")).doesNotExist();
    List<String> filtered = Stream.concat(Stream.of(split), Stream.of("--slot", "0-9000")).toList();
    assertThat(redrill(filtered.toArray(String[]::new)).status()).isZero();
  }

  @Test
  void replacesNoShard() throws IOException {
    Files.createDirectory(directory.resolve("shards"));
    Files.writeString(directory.resolve("shards/shard-1.rdb"), "precious");

    CommandRun refused = redrill("rdb", "split", "dump.rdb", "--to", "shards", "--shards", "2");

    assertThat(refused.status()).as("%s", refused).isEqualTo(4);
    try (Stream<Path> files = Files.list(directory.resolve("shards"))) {
      assertThat(files).containsExactly(directory.resolve("shards/shard-1.rdb"));
    }
  }
}
