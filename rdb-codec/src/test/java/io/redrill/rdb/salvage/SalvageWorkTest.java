package io.redrill.rdb.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.encoding.Lzf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files that were made to cost a search as much as they can: its steps, which are counted, grow
/// with the size of the file and not faster.
class SalvageWorkTest {

  private static final int BYTES = 800_000;

  @TempDir private Path directory;

  enum Hostile {
    /// Keys of lists that claim as many elements of one byte as follow: each chain of lengths can
    /// be followed far, and none leads to a record.
    CHAINS {
      @Override
      void fill(RdbBytes bytes) {
        while (bytes.size() < BYTES / 2) {
          bytes.key(1, "key:0000").put(0x80).big(4, BYTES / 2).text("x");
        }
        while (bytes.size() < BYTES) {
          bytes.put(1, 'x');
        }
      }
    },
    /// Keys of strings that all end at one place, where a few sound records stand.
    NESTED {
      @Override
      void fill(RdbBytes bytes) {
        while (bytes.size() < BYTES) {
          bytes.key(0, "key:0000").put(0x80).big(4, BYTES - bytes.size() - 4L);
        }
        tail(bytes);
      }
    },
    /// The same with hashes, whose elements have to be walked to see that they are damaged.
    NESTED_HASHES {
      @Override
      void fill(RdbBytes bytes) {
        while (bytes.size() < BYTES) {
          bytes.key(4, "key:0000").put(2).text("field").put(0x80).big(4, BYTES / 3);
        }
        tail(bytes);
      }
    },
    /// Sorted sets whose members are followed for long, each a key of the next.
    SETS_IN_SETS {
      @Override
      void fill(RdbBytes bytes) {
        while (bytes.size() < BYTES) {
          bytes.key(2, "k").put(0x80).big(4, 100_000);
        }
      }
    },
    /// Packed strings that become 88 times as long, under keys that stand twice in a row.
    PACKED {
      @Override
      void fill(RdbBytes bytes) {
        byte[] plain = "x".repeat(200_000).getBytes(UTF_8);
        byte[] packed = Lzf.encode(plain, plain.length);
        while (bytes.size() < BYTES) {
          bytes.key(0, "key:0000").put(0xc3).length(packed.length).length(plain.length).raw(packed);
          bytes.put(0xee);
        }
      }
    },
    /// Three sound keys, then damage, over and over.
    HOLES {
      @Override
      void fill(RdbBytes bytes) {
        while (bytes.size() < BYTES) {
          tail(bytes);
          bytes.key(1, "chain").put(0x80).big(4, 200_000);
        }
      }
    },
    /// What was never a file.
    NOISE {
      @Override
      void fill(RdbBytes bytes) {
        byte[] noise = new byte[BYTES];
        new Random(5).nextBytes(noise);
        for (int i = 0; i < noise.length; i++) {
          noise[i] &= 0x1f; // types and short lengths only
        }
        bytes.raw(noise);
      }
    };

    abstract void fill(RdbBytes bytes);

    static void tail(RdbBytes bytes) {
      for (int i = 0; i < 4; i++) {
        bytes.key(0, "sound:key:number:%d".formatted(i)).text("value");
      }
    }
  }

  /// Also where keys are of all kinds, ordinary damage is far from costing so much.
  @Test
  void leavesRoomForOrdinaryDamage() throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0011").put(254, 0, 251).length(1 << 20).put(0);
    Random random = new Random(9);
    for (int i = 0; bytes.size() < BYTES; i++) {
      byte[] key = new byte[10];
      random.nextBytes(key);
      bytes.put(0).blob(i % 10 == 0 ? key : "key:%06d".formatted(i).getBytes(UTF_8)).text("text");
    }
    byte[] file = bytes.end();
    for (int i = 0; i < 20; i++) {
      byte[] hole = new byte[random.nextInt(20_000)];
      random.nextBytes(hole);
      System.arraycopy(hole, 0, file, random.nextInt(BYTES - hole.length), hole.length);
    }

    long looks = looks(file);

    assertThat(looks).isLessThan(30L * file.length);
  }

  @ParameterizedTest
  @EnumSource
  void costsNoMoreThanTheFileIsWorth(Hostile hostile) throws IOException {
    RdbBytes bytes = RdbBytes.file("REDIS0011");
    hostile.fill(bytes);
    long looks = looks(bytes.end());

    assertThat(looks)
        .as("looks at a file of %d bytes", bytes.size())
        .isLessThan(Resync.mostLooks(bytes.size()) + 100L * bytes.size());
  }

  private long looks(byte[] bytes) throws IOException {
    Path file = directory.resolve("file.rdb");
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileBytes counted = new FileBytes(channel);
      Salvage.survey(channel, counted, Salvaged.options(), SalvageWatch.NOBODY);
      return counted.looks();
    }
  }
}
