package io.redrill.rdb.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriterOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassingBytesTest {

  private static final int HEADER = 9;
  private static final int TRAILER = 9;
  private static final int BYTES = 200_000;

  private final ByteArrayOutputStream[] outs = {
    new ByteArrayOutputStream(), new ByteArrayOutputStream()
  };
  private final ByteArrayOutputStream[] expected = {
    new ByteArrayOutputStream(), new ByteArrayOutputStream()
  };

  /// Pieces of random length, each of which is looked at for some bytes before it is known where it
  /// goes: to one of two sinks, to both, or nowhere. Before some of them bytes are left out.
  @ParameterizedTest
  @ValueSource(ints = {64, 65, 300, 5000, 500_000})
  void everyByteGoesItsWay(int bufferBytes) throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    RdbSink[] both = {sink(0), sink(1)};
    RecordSink[][] ways = {both[0].alone(), both[1].alone(), both, PassingBytes.NOWHERE};

    ByteInput in = new ByteInput(new ByteArrayInputStream(bytes), "test", bufferBytes);
    PassingBytes passing = new PassingBytes(0, new RdbCursor(in));
    in.tap(passing);
    while (!in.atEnd()) {
      long left = bytes.length - in.offset();
      long gap = random.nextInt(4) == 0 ? Math.min(left, random.nextInt(40)) : 0;
      in.skip(gap);
      int start = (int) in.offset();
      int length = (int) Math.min(left - gap, random.nextInt(random.nextInt(9) == 0 ? 900 : 50));
      int looked = Math.min(length, random.nextInt(30));
      in.skip(looked);
      if (random.nextInt(5) == 0) {
        in.flushTap();
      }
      int way = random.nextInt(ways.length);
      passing.begin(start, ways[way]);
      in.skip(length - looked);
      passing.end(in.offset());
      for (int i = 0; i < both.length; i++) {
        if (way == i || way == 2) {
          expected[i].write(bytes, start, length);
        }
      }
    }
    in.flushTap();

    for (int i = 0; i < both.length; i++) {
      both[i].write(new RdbRecord.End(0, RdbRecord.Checksum.MATCHES));
      byte[] written = outs[i].toByteArray();
      assertThat(Arrays.copyOfRange(written, HEADER, written.length - TRAILER))
          .as("seed %d, sink %d", seed, i)
          .isEqualTo(expected[i].toByteArray());
    }
  }

  private RdbSink sink(int number) {
    return new RdbSink(outs[number], RdbWriterOptions.of(10));
  }
}
