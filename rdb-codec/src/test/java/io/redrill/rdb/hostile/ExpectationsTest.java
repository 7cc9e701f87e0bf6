package io.redrill.rdb.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Files and payloads written elsewhere are taken where servers take them and refused where they
/// refuse them. The exceptions are listed, and explained in the module's README.
class ExpectationsTest {

  private static final Path ELSEWHERE = Path.of("..", "..", "shared", "corpus", "third-party");

  /// Whole, though no plain server loads it: module values, which are carried unread, and the
  /// fields of a commercial edition.
  private static final Set<String> WHOLE_THOUGH_REFUSED =
      Set.of(
          "librdb/misc_with_stream.rdb",
          "librdb/module.rdb",
          "librdb/module_aux.rdb",
          "librdb/module_aux_empty.rdb",
          "librdb/module_aux_v12.rdb",
          "librdb/redis_ent_opcode_ram_lru.rdb",
          "redis-rdb-tools/redis_40_with_module.rdb",
          "redis-rdb-tools/redis_60_with_module_aux.rdb");

  /// Loaded by some server, and found damaged: its stored length is not that of its entries.
  private static final String STRICTER = "hdt3213-rdb/stream_listpacks_1.rdb";

  @TestFactory
  Stream<DynamicTest> filesWrittenElsewhere() throws IOException {
    assumeThat(ELSEWHERE).as("the shared corpus").isDirectory();
    List<Path> files;
    try (Stream<Path> paths = Files.walk(ELSEWHERE)) {
      files = paths.filter(path -> path.toString().endsWith(".rdb")).sorted().toList();
    }
    return files.stream()
        .map(f -> DynamicTest.dynamicTest(ELSEWHERE.relativize(f).toString(), () -> file(f)));
  }

  private static void file(Path file) throws IOException {
    RdbCheckReport report = RdbCheck.checkFile(ByteInput.of(Files.readAllBytes(file), "test"));
    JsonNode truth =
        new ObjectMapper().readTree(Path.of(file.toString().replace(".rdb", ".json")).toFile());
    String name = ELSEWHERE.relativize(file).toString();
    boolean isLoaded = !truth.path("rejected").asBoolean();
    boolean isPreRelease =
        report.findings().stream().anyMatch(f -> f.sentence().contains("release candidate"));

    if (isPreRelease) {
      assertThat(name)
          .as("%s", report.findings())
          .matches("librdb/hash_(lp_)?with_h?expire_v12.rdb");
    } else {
      assertThat(report.isSound())
          .as("%s", report.findings())
          .isEqualTo((isLoaded && !name.equals(STRICTER)) || WHOLE_THOUGH_REFUSED.contains(name));
    }
    assertThat(report.entryCount())
        .isGreaterThanOrEqualTo(isPreRelease ? 0 : truth.path("keys").size());
  }

  @TestFactory
  Stream<DynamicTest> dumpPayloads() throws IOException {
    Path file = ELSEWHERE.resolve("valkey-assets/corrupt-dump-payloads.json");
    assumeThat(file).as("the shared corpus").isRegularFile();
    JsonNode payloads = new ObjectMapper().readTree(file.toFile()).get("payloads");
    return StreamSupport.stream(payloads.spliterator(), false)
        .map(payload ->
            DynamicTest.dynamicTest(payload.get("test").asText(), () -> payload(payload)));
  }

  private static void payload(JsonNode payload) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(payload.get("payload_b64").asText());
    boolean accepted =
        StreamSupport.stream(payload.get("verdict").spliterator(), false)
            .anyMatch(verdict -> verdict.get("accepted").asBoolean());
    String refusal = refusal(bytes, payload.get("checksum_skipped_in_test").asBoolean());
    assertThat(refusal.isEmpty()).as(refusal).isEqualTo(accepted);
  }

  /// Why `payload` is refused, as a file of that one value is; empty if it is not.
  private static String refusal(byte[] payload, boolean hasNoChecksum) throws IOException {
    byte[] bytes = payload.clone();
    if (hasNoChecksum) {
      Arrays.fill(bytes, bytes.length - 8, bytes.length, (byte) 0);
    }
    try {
      DumpPayload parsed = DumpPayload.parse(bytes);
      RdbValues.decode(parsed.type(), parsed.value());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(12));
      writer.write(
          new RdbRecord.Entry(0, new byte[] {'k'}, -1, -1, -1, parsed.type(), parsed.value()));
      writer.end();
      RdbCheckReport report = RdbCheck.checkFile(ByteInput.of(out.toByteArray(), "test"));
      return report.findings().stream().map(f -> f.sentence()).findFirst().orElse("");
    } catch (FormatException e) {
      return e.problem();
    }
  }
}
