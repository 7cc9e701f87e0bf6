package io.redrill.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.redrill.backup.RedrillException;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord.Checksum;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestJsonTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");
  private static final String SHA = "0123456789abcdef".repeat(4);

  @Test
  void everythingComesBack() {
    for (Optional<LogPosition> position :
        List.of(
            Optional.<LogPosition>empty(),
            Optional.of(new LogPosition("a".repeat(40), 1L << 40)))) {
      Manifest manifest = manifest(position);
      assertThat(ManifestJson.read(ManifestJson.write(manifest), "a manifest")).isEqualTo(manifest);
    }
  }

  @Test
  void noBitCanChange() {
    byte[] json = ManifestJson.write(manifest(Optional.of(new LogPosition("b".repeat(40), 7))));
    // The last byte is a line feed, which is not part of the JSON.
    for (int i = 0; i < json.length - 1; i++) {
      byte[] damaged = json.clone();
      damaged[i] ^= 1;
      assertThatExceptionOfType(RedrillException.class)
          .as("byte %d of %d", i, json.length)
          .isThrownBy(() -> ManifestJson.read(damaged, "a manifest"));
    }
  }

  private static Manifest manifest(Optional<LogPosition> position) {
    return new Manifest(
        SnapshotId.create(START, new Random(1)),
        SourceName.of("orders"),
        CaptureMode.PSYNC,
        Consistency.POINT_IN_TIME,
        new Manifest.Server("valkey", "8.0.1"),
        SnapshotId.create(START, new Random(1)).startedAt(),
        START.plusMillis(500),
        START.plusSeconds(9),
        position,
        new Manifest.Rdb("redis", 11, 5_000_000_000L, SHA, Checksum.MATCHES),
        3,
        List.of(
            new Manifest.Part("data-00000.zst", 100, 200, SHA),
            new Manifest.Part("data-00001.zst", 300, 400, SHA)),
        new DatasetSummary(
            List.of(
                new DatasetSummary.Database(
                    3,
                    5,
                    1,
                    "f".repeat(32),
                    List.of(new DatasetSummary.Kind(RdbKind.STRING, 5, 1, "f".repeat(32))))),
            new DatasetSummary.Functions(2, "e".repeat(32))),
        List.of("something \"odd\" about it: ä"));
  }
}
