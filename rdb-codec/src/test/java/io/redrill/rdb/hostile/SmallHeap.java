package io.redrill.rdb.hostile;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.TooLargeException;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.convert.RdbConversion;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.filter.RdbFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/// A check by two threads in a JVM of its own, whose heap is small.
///
/// @param output what it printed
record SmallHeap(String output) {

  private static final String HEAP = "-Xmx96m";
  private static final int VALUES = 8;
  private static final int VALUE_BYTES = 24 << 20;
  private static final int REPETITIONS = 1 << 20;
  private static final int REPEATED_BYTES = 264;

  static SmallHeap run(String what) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                what)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return new SmallHeap(output);
  }

  public static void main(String[] args) throws IOException {
    if (args[0].equals("convert")) {
      convert();
      return;
    }
    RdbCheckOptions options =
        new RdbCheckOptions(Depth.ELEMENTS, RdbReading.DEFAULT, 2, Optional.empty());
    try (ByteInput in = input(args[0])) {
      System.out.print("sound: " + RdbCheck.checkFile(in, options).isSound());
    } catch (OutOfMemoryError e) {
      System.out.print("out of memory");
    }
  }

  /// Plans to write a list anew that is smaller than the heap, and larger than what that takes.
  private static void convert() throws IOException {
    Path file = Files.createTempFile("large", ".rdb");
    try {
      byte[] node = new RdbBytes().put(1).text("z".repeat(VALUE_BYTES / VALUES)).bytes();
      try (OutputStream out = Files.newOutputStream(file)) {
        out.write(RdbBytes.file("REDIS0011").key(18, "large").length(2 * VALUES).bytes());
        for (int i = 0; i < 2 * VALUES; i++) {
          out.write(node);
        }
        out.write(new RdbBytes().endUnchecked());
      }
      try (RdbSource source = RdbSource.open(file, _ -> {})) {
        RdbConversion.plan(
            source, RdbTarget.REDIS_6_2, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0);
      }
    } catch (TooLargeException e) {
      System.out.print(e.problem().replaceAll(",.*", "") + ": " + e.key().orElse(""));
    } finally {
      Files.delete(file);
    }
  }

  private static ByteInput input(String what) {
    return switch (what) {
      case "hash" -> HugeValuesTest.hash();
      case "large" -> new ByteInput(large(), "file");
      default -> new ByteInput(bomb(), "file");
    };
  }

  private static InputStream large() {
    return joined(
        RdbBytes.file("REDIS0011").bytes(),
        IntStream.range(0, VALUES)
            .mapToObj(i -> new RdbBytes().key(0, "large" + i).length(VALUE_BYTES).bytes())
            .toArray(byte[][]::new));
  }

  private static InputStream joined(byte[] header, byte[][] keys) {
    InputStream in = new ByteArrayInputStream(header);
    for (byte[] key : keys) {
      in = new SequenceInputStream(in, new ByteArrayInputStream(key));
      in = new SequenceInputStream(in, new HugeValuesTest.Letters(VALUE_BYTES));
    }
    return new SequenceInputStream(in, new ByteArrayInputStream(new RdbBytes().endUnchecked()));
  }

  /// A string of a few MB that unpacks to more than the heap.
  private static InputStream bomb() {
    byte[] packed = new byte[2 + 3 * REPETITIONS];
    packed[1] = 'z';
    for (int at = 2; at < packed.length; at += 3) {
      packed[at] = (byte) 0xe0;
      packed[at + 1] = (byte) (REPEATED_BYTES - 9);
    }
    return new ByteArrayInputStream(
        RdbBytes.file("REDIS0011")
            .key(0, "bomb")
            .put(0xc3)
            .length(packed.length)
            .length(1 + (long) REPETITIONS * REPEATED_BYTES)
            .raw(packed)
            .key(0, "after")
            .text("v")
            .endUnchecked());
  }
}
