package io.redrill.aof;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespLimits;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever bytes come, reading ends: with the end of the log, or with a refusal that says where.
class RandomBytesTest {

  private static final String ALPHABET = "*$#:0123459-\r\nTSMULIEXCab\0";

  @Test
  void endsOnRandomText() throws IOException {
    long seed = 20261124;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
      }
      readAll(bytes, "seed %d, round %d".formatted(seed, round));
    }
  }

  @Test
  void endsOnALogWithAFlippedByte() throws IOException {
    long seed = 20261125;
    Random random = new Random(seed);
    Path log =
        AofCorpus.golden("redis-7.0.15", "timestamps")
            .resolve("appendonlydir/appendonly.aof.2.incr.aof");
    byte[] whole = Files.readAllBytes(log);
    for (int at = 0; at < whole.length; at++) {
      byte[] bytes = whole.clone();
      bytes[at] = (byte) random.nextInt(256);
      readAll(bytes, "seed %d, byte %d".formatted(seed, at));
    }
  }

  private static void readAll(byte[] bytes, String label) throws IOException {
    AofReader reader =
        new AofReader(ByteInput.of(bytes, "random"), new RespLimits(1000, 10_000, 100_000, 8), 0);
    long last = -1;
    try {
      AofRecord record = reader.next();
      while (!(record instanceof AofRecord.End)) {
        assertThat(record.offset()).as(label).isGreaterThan(last);
        last = record.offset();
        record = reader.next();
      }
      assertThat(((AofRecord.End) record).inputEnd()).as(label).isEqualTo(bytes.length);
      assertThat(record.offset()).as(label).isEqualTo(reader.goodOffset());
    } catch (FormatException refused) {
      assertThat(refused.offset()).as(label).isBetween(0L, (long) bytes.length);
      assertThat(reader.goodOffset()).as(label).isLessThanOrEqualTo(refused.offset());
    }
  }
}
