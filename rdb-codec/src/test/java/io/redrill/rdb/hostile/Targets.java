package io.redrill.rdb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.Lzf;
import io.redrill.rdb.encoding.Ziplist;
import io.redrill.rdb.encoding.Zipmap;
import io.redrill.rdb.salvage.Salvage;
import io.redrill.rdb.salvage.SalvageOptions;
import io.redrill.rdb.salvage.SalvageReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// What must hold whatever the bytes are, one method for each way into the codec: nothing but a
/// [FormatException] comes out, memory stays in proportion to the input, and what is accepted can
/// be written and read again as the same.
final class Targets {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Buffers, of which a salvage makes some for each place where it tries to read.
  private static final long ALLOWED_BYTES = 16L << 20;

  /// One byte of LZF stands for 88, of which two make an element, which takes some objects.
  private static final long ALLOWED_PER_BYTE = 88 * 64;

  private Targets() {}

  /// A way in.
  interface Target {
    void take(byte[] input) throws IOException;
  }

  /// Runs `target`, which may refuse `input`, and bounds what it allocates. What is too much is
  /// measured again, as classes that are loaded, and rewritten by a fuzzer, count the first time.
  static void bounded(byte[] input, Target target) throws IOException {
    long allowed = ALLOWED_BYTES + ALLOWED_PER_BYTE * input.length;
    if (allocated(input, target) > allowed) {
      assertThat(allocated(input, target)).isLessThanOrEqualTo(allowed);
    }
  }

  private static long allocated(byte[] input, Target target) throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      target.take(input);
    } catch (FormatException refused) {
      assertThat(refused.problem()).isNotEmpty();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  static void records(byte[] input) throws IOException {
    RdbReader reader = new RdbReader(new ByteInput(new ByteArrayInputStream(input), "test", 64));
    while (!(reader.next() instanceof RdbRecord.End)) {
      assertThat(reader.recordOffset()).isBetween(0L, (long) input.length);
    }
  }

  static void check(byte[] input) throws IOException {
    RdbCheckReport report = RdbCheck.checkFile(ByteInput.of(input, "test"));
    if (report.isSound()) {
      assertThat(RdbCheck.checkFile(ByteInput.of(rewritten(input), "test")).digest())
          .isEqualTo(report.digest());
    }
  }

  /// The sound RDB `input` with every value encoded anew.
  private static byte[] rewritten(byte[] input) throws IOException {
    RdbReader reader = new RdbReader(ByteInput.of(input, "test"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer =
        new RdbWriter(
            out, RdbWriterOptions.of(reader.header().dialect() == RdbDialect.VALKEY ? 80 : 12));
    RdbRecord record;
    do {
      record = reader.next();
      if (record instanceof RdbRecord.Entry entry) {
        writer.write(entry.db(), entry.key(), entry.expireAtMillis(), RdbValues.decode(entry));
      } else {
        writer.write(record);
      }
    } while (!(record instanceof RdbRecord.End));
    return out.toByteArray();
  }

  /// The first byte chooses the type.
  static void value(byte[] input) throws IOException {
    if (input.length > 0) {
      RdbDialect dialect = (input[0] & 0x80) == 0 ? RdbDialect.REDIS : RdbDialect.VALKEY;
      Optional<RdbType> type = RdbType.of(input[0] & 0x7f, dialect);
      if (type.isPresent()) {
        RdbValues.decode(type.get(), Arrays.copyOfRange(input, 1, input.length));
      }
    }
  }

  static void dump(byte[] input) throws IOException {
    DumpPayload payload = DumpPayload.parse(input);
    RdbValues.decode(payload.type(), payload.value());
  }

  static void listpack(byte[] input) throws IOException {
    assertThat(Listpack.of(Listpack.parse(input).elements()).elements().size())
        .isEqualTo(Listpack.parse(input).elements().size());
  }

  static void ziplist(byte[] input) throws IOException {
    Ziplist.elements(input);
  }

  static void zipmap(byte[] input) throws IOException {
    Zipmap.elements(input);
  }

  static void intset(byte[] input) throws IOException {
    Intset set = Intset.parse(input);
    for (int i = 1; i < set.size(); i++) {
      assertThat(set.get(i)).isGreaterThan(set.get(i - 1));
    }
  }

  /// The first two bytes are the claimed length.
  static void lzf(byte[] input) throws IOException {
    if (input.length >= 2) {
      int length = (input[0] & 0xff) << 8 | (input[1] & 0xff);
      byte[] plain = Lzf.decode(Arrays.copyOfRange(input, 2, input.length), length);
      byte[] packed = Lzf.encode(plain, plain.length);
      assertThat(packed.length == 0 ? plain : Lzf.decode(packed, length)).isEqualTo(plain);
    }
  }

  static void salvage(byte[] input) throws IOException {
    Path directory = Files.createTempDirectory("salvage");
    Path source = directory.resolve("source");
    Path target = directory.resolve("target");
    try {
      Files.write(source, input);
      SalvageReport report = Salvage.survey(source, SalvageOptions.defaults());
      if (report.keys() > 0) {
        Salvage.write(source, report, target, false);
      }
    } finally {
      Files.deleteIfExists(target);
      Files.deleteIfExists(source);
      Files.deleteIfExists(directory);
    }
  }
}
