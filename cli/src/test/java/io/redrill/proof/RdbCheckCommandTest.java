package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rdb check` as typed by hand, of files that come from elsewhere.
class RdbCheckCommandTest {

  @TempDir private Path directory;

  /// Version 6, a key with an expiry in 2014 that is big-endian, no checksum.
  @Test
  void readsExpiriesOfABigEndianMachine() throws IOException {
    byte[] file =
        HexFormat.of()
            .parseHex("524544495330303036fe00fc00000145f680b60000016b0176ff0000000000000000");
    Files.write(directory.resolve("dump.rdb"), file);

    CommandRun asUsual = CommandRun.in(directory, "rdb", "check", "dump.rdb");
    CommandRun bigEndian =
        CommandRun.in(directory, "rdb", "check", "dump.rdb", "--big-endian-expiries");

    assertThat(asUsual.status()).as("%s", asUsual).isZero();
    assertThat(asUsual.results()).contains("1 expiry makes sense only read big-endian");
    assertThat(bigEndian.status()).as("%s", bigEndian).isZero();
    assertThat(bigEndian.results()).doesNotContain("endian");
  }

  @Test
  void looksIntoACompressionEnvelope() throws IOException {
    ByteArrayOutputStream rdb = new ByteArrayOutputStream();
    new RdbWriter(rdb, RdbWriterOptions.of(80)).end();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(HexFormat.of().parseHex("56435301010001" + "04224d18604082"));
    file.write(new byte[] {(byte) rdb.size(), 0, 0, (byte) 0x80});
    rdb.writeTo(file);
    file.write(new byte[4]);
    Files.write(directory.resolve("dump.rdb"), file.toByteArray());

    CommandRun text = CommandRun.in(directory, "rdb", "check", "dump.rdb");
    CommandRun json = CommandRun.in(directory, "rdb", "check", "dump.rdb", "--json");

    assertThat(text.status()).as("%s", text).isZero();
    assertThat(text.results()).contains("in a compression envelope of Valkey (lz4)", "sound");
    JsonNode tree = new ObjectMapper().readTree(json.results());
    assertThat(tree.get("container").asText()).isEqualTo("lz4-envelope");
    assertThat(tree.get("sound").asBoolean()).isTrue();
  }
}
