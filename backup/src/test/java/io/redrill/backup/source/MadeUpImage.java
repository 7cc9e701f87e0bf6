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
import java.util.ArrayList;
import java.util.List;
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

  /// An RDB of one list with as many elements of `elementBytes` random bytes each.
  static byte[] rdbOfList(int elements, int elementBytes, Random random) throws IOException {
    List<byte[]> list = new ArrayList<>();
    for (int i = 0; i < elements; i++) {
      byte[] element = new byte[elementBytes];
      random.nextBytes(element);
      list.add(element);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
    writer.write(0, new byte[] {'l'}, RdbRecord.Entry.NO_EXPIRY, new RdbValue.ListValue(list));
    writer.end();
    return out.toByteArray();
  }

  /// An RDB with a value that servers know from 7.4 on: a hash with a field that expires.
  public static byte[] rdbOfRedis74() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(12));
    byte[] name = {'n'};
    long in2100 = 4_102_444_800_000L;
    writer.write(
        0,
        name,
        RdbRecord.Entry.NO_EXPIRY,
        new RdbValue.HashValue(List.of(new RdbValue.HashValue.Field(name, name, in2100))));
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
