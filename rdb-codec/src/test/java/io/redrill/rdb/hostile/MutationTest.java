package io.redrill.rdb.hostile;

import static org.assertj.core.api.Assertions.fail;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bytes of real files, changed at random from a seed, through every way into the codec. More
/// rounds: `-Dredrill.mutations=100000`.
class MutationTest {

  private static final int ROUNDS = Integer.getInteger("redrill.mutations", 3000);
  private static final int LARGEST_FILE = 8 * 1024;

  /// A way in, and what of a real file goes there.
  @SuppressWarnings("ImmutableEnumChecker") // each way is a method, without state
  enum Way {
    RECORDS(Targets::records, false),
    CHECK(Targets::check, false),
    SALVAGE(Targets::salvage, false),
    VALUE(Targets::value, true),
    DUMP(input -> Targets.dump(withFooter(input)), true),
    LISTPACK(Targets::listpack, true),
    ZIPLIST(Targets::ziplist, true),
    ZIPMAP(Targets::zipmap, true),
    INTSET(Targets::intset, true),
    LZF(Targets::lzf, true);

    private final Targets.Target target;
    private final boolean takesValues;

    Way(Targets.Target target, boolean takesValues) {
      this.target = target;
      this.takesValues = takesValues;
    }

    /// What goes in unchanged, made from a value with its type before it.
    private byte[] seed(byte[] value) {
      return switch (this) {
        case LISTPACK, ZIPLIST, ZIPMAP, INTSET -> value.length > 2 ? tail(value, 2) : value;
        case LZF -> value.length > 5 && (value[1] & 0xff) == 0xc3 ? tail(value, 4) : value;
        default -> value;
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingButARefusal(Way way) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (Path file : Corpus.healthyFiles()) {
      if (Files.size(file) <= LARGEST_FILE) {
        byte[] bytes = Files.readAllBytes(file);
        if (way.takesValues) {
          values(bytes).forEach(value -> seeds.add(way.seed(value)));
        } else {
          // Without its checksum a changed file is read to where it makes no sense.
          Arrays.fill(bytes, bytes.length - 8, bytes.length, (byte) 0);
          seeds.add(bytes);
        }
      }
    }
    int rounds = way == Way.SALVAGE ? ROUNDS / 10 : ROUNDS;
    for (long seed = 0; seed < rounds; seed++) {
      Random random = new Random(seed);
      byte[] input = mutated(seeds.get(random.nextInt(seeds.size())), seeds, random);
      try {
        Targets.bounded(input, way.target);
      } catch (RuntimeException | AssertionError | IOException e) {
        fail(way + ", seed " + seed + ": " + HexFormat.of().formatHex(input), e);
      }
    }
  }

  private static List<byte[]> values(byte[] file) throws IOException {
    List<byte[]> values = new ArrayList<>();
    RdbReader reader = new RdbReader(ByteInput.of(file, "test"));
    int dialect = reader.header().dialect() == RdbDialect.VALKEY ? 0x80 : 0;
    while (true) {
      switch (reader.next()) {
        case RdbRecord.Entry entry -> {
          byte[] value = new byte[entry.value().length + 1];
          value[0] = (byte) (entry.type().number() | dialect);
          System.arraycopy(entry.value(), 0, value, 1, entry.value().length);
          values.add(value);
        }
        case RdbRecord.End _ -> {
          return values;
        }
        default -> {
          // no value
        }
      }
    }
  }

  private static byte[] mutated(byte[] seed, List<byte[]> seeds, Random random) {
    byte[] bytes = seed.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = INTERESTING[random.nextInt(INTERESTING.length)];
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> {
          for (int i = at; i < Math.min(bytes.length, at + 8); i++) {
            bytes[i] = INTERESTING[random.nextInt(INTERESTING.length)];
          }
        }
        default -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          byte[] spliced = Arrays.copyOf(bytes, at + other.length / 2);
          System.arraycopy(other, other.length - other.length / 2, spliced, at, other.length / 2);
          bytes = spliced;
        }
      }
    }
    return bytes;
  }

  /// Forms of lengths and special values.
  private static final byte[] INTERESTING = {
    0,
    1,
    0x3f,
    0x40,
    0x7f,
    (byte) 0x80,
    (byte) 0x81,
    (byte) 0xc0,
    (byte) 0xc3,
    (byte) 0xf0,
    (byte) 0xf4,
    (byte) 0xfc,
    (byte) 0xfe,
    (byte) 0xff
  };

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] withFooter(byte[] input) {
    if (input.length == 0) {
      return input;
    }
    byte[] payload = Arrays.copyOf(input, input.length + 10);
    payload[0] &= 0x7f;
    payload[input.length] = (byte) ((input[0] & 0x80) == 0 ? 12 : 80);
    return payload;
  }
}
