package io.redrill.backup.source;

import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/// An image that no server made.
public final class MadeUpImage {

  private MadeUpImage() {}

  /// An RDB of `keys` strings of 64 random bytes.
  public static byte[] rdb(int keys, Random random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
    for (int i = 0; i < keys; i++) {
      byte[] value = new byte[64];
      random.nextBytes(value);
      writer.write(
          0,
          ("key:" + i).getBytes(StandardCharsets.US_ASCII),
          RdbRecord.Entry.NO_EXPIRY,
          new RdbValue.StringValue(value));
    }
    writer.end();
    return out.toByteArray();
  }

  /// Such an RDB, on its way from a source.
  public static SnapshotFeed feed(byte[] rdb, Instant takenAt, Optional<LogPosition> position) {
    return new FileFeed(
        ByteInput.of(rdb, "made-up.rdb"),
        takenAt,
        position,
        new Manifest.Server("redis", "7.0.15"));
  }
}
