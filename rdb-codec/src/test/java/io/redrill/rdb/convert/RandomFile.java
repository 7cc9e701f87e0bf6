package io.redrill.rdb.convert;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/// Files of keys of all sizes, some larger than most buffers of the tests.
final class RandomFile {

  private static final int KEYS = 400;

  private RandomFile() {}

  /// ... in several databases, with aux fields in between.
  static byte[] of(Random random, int version) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(version));
    rdb.writeAux("redis-ver", "7.2.4");
    rdb.writeAux("repl-id", "0123456789012345678901234567890123456789");
    int db = 0;
    for (int i = 0; i < KEYS; i++) {
      if (random.nextInt(40) == 0) {
        rdb.write(new RdbRecord.SelectDb(++db));
        rdb.write(new RdbRecord.ResizeDb(random.nextInt(100), 3));
      }
      if (random.nextInt(30) == 0) {
        rdb.writeAux("note-" + i, "x".repeat(random.nextInt(300)));
      }
      long expiry = random.nextInt(3) == 0 ? 1_900_000_000_000L + i : -1;
      rdb.write(db, key(random, i), expiry, value(random));
      if (random.nextInt(30) == 0) {
        rdb.writeAux("keydb-subexpire-key", "member");
        rdb.writeAux("keydb-subexpire-when", "1900000000000");
      }
    }
    rdb.end();
    return out.toByteArray();
  }

  /// ... of which a conversion for Redis 7.0 changes nothing.
  static byte[] plain() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(10));
    Random random = new Random(5);
    rdb.writeAux("repl-id", "0123456789012345678901234567890123456789");
    for (int i = 0; i < KEYS; i++) {
      rdb.write(i / 100, key(random, i), -1, value(random));
    }
    rdb.end();
    return out.toByteArray();
  }

  private static byte[] key(Random random, int number) {
    String text = number + ":" + "k".repeat(random.nextInt(20) == 0 ? 700 : random.nextInt(20));
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static RdbValue value(Random random) {
    int size = random.nextInt(40) == 0 ? 20_000 : random.nextInt(200);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return switch (random.nextInt(3)) {
      case 0 -> new RdbValue.StringValue(bytes);
      case 1 -> new RdbValue.ListValue(List.of(bytes, new byte[] {'1', '2'}));
      default ->
          new RdbValue.HashValue(
              List.of(new RdbValue.HashValue.Field(new byte[] {'f'}, bytes, -1)));
    };
  }
}
