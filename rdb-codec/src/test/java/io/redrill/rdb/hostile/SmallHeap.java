package io.redrill.rdb.hostile;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbBytes;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.TooLargeException;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.convert.CompatReport;
import io.redrill.rdb.convert.CompatSurvey;
import io.redrill.rdb.convert.RdbConversion;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.filter.RdbFilter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// A check by two threads, a survey, or a conversion, in a JVM of its own, whose heap is small.
///
/// @param output what it printed
record SmallHeap(String output) {

  private static final String HEAP = "-Xmx96m";
  private static final int VALUES = 8;
  private static final int VALUE_BYTES = 24 << 20;
  private static final int LARGE_FIELD_BYTES = 18 << 20;
  private static final int REPETITIONS = 1 << 20;
  private static final int REPEATED_BYTES = 264;

  /// More than the sixteenth of the heap up to which strings are compressed.
  private static final int UNPACKED_BYTES = 7 << 20;

  private static final int FIELDS = 1 << 17;
  private static final int PENDING = 150_000;

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
    switch (args[0]) {
      case "convert" -> convert(SmallHeap::write);
      case "convert fields" -> convert(SmallHeap::writeLargeFields);
      case "convert pending" -> convert(file -> writePending(file, PENDING));
      case "refuse" -> refuse(SmallHeap::writePacked);
      case "refuse pending" -> refuse(file -> writePending(file, 3 * PENDING));
      case "compat" -> survey();
      default -> check(args[0]);
    }
  }

  private static void check(String what) throws IOException {
    RdbCheckOptions options =
        new RdbCheckOptions(Depth.ELEMENTS, RdbReading.DEFAULT, 2, Optional.empty());
    try (ByteInput in = input(what)) {
      System.out.print("sound: " + RdbCheck.checkFile(in, options).isSound());
    } catch (OutOfMemoryError e) {
      System.out.print("out of memory");
    }
  }

  /// Makes a file.
  @FunctionalInterface
  private interface Content {
    void write(Path file) throws IOException;
  }

  /// Writes what `content` holds anew.
  private static void convert(Content content) throws IOException {
    Path file = Files.createTempFile("large", ".rdb");
    Path converted = Files.createTempFile("converted", ".rdb");
    try {
      content.write(file);
      try (RdbSource source = RdbSource.open(file, _ -> {});
          OutputStream out = Files.newOutputStream(converted)) {
        RdbConversion.plan(
                source, RdbTarget.REDIS_6_2, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0)
            .write(out, Set.of());
      }
      System.out.print("same: " + digest(file).equals(digest(converted)));
    } finally {
      Files.delete(file);
      Files.delete(converted);
    }
  }

  /// A hash of which a field alone takes a good part of the heap.
  private static void writeLargeFields(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(RdbBytes.file("VALKEY080").key(22, "large").length(2).bytes());
      for (int i = 0; i < 2; i++) {
        out.write(new RdbBytes().text("field " + i).length(LARGE_FIELD_BYTES).bytes());
        out.write(new byte[LARGE_FIELD_BYTES]);
        out.write(new RdbBytes().little(8, -1).bytes());
      }
      out.write(new RdbBytes().endUnchecked());
    }
  }

  private static DatasetDigest digest(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      return RdbCheck.check(in).digest();
    }
  }

  /// A stream without entries, and so many ids that are pending in its only group.
  private static void writePending(Path file, int ids) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(RdbBytes.file("REDIS0011").key(21, "large").put(0, 0, 9, 9, 0, 0, 0, 0, 0).bytes());
      out.write(new RdbBytes().length(1).text("group").put(9, 9).length(-1).length(ids).bytes());
      for (int id = 1; id <= ids; id++) {
        out.write(new RdbBytes().id(id, 0).little(8, 1).length(1).bytes());
      }
      out.write(new RdbBytes().length(1).text("consumer").little(8, 1).little(8, -1).bytes());
      out.write(new RdbBytes().length(ids).bytes());
      for (int id = 1; id <= ids; id++) {
        out.write(new RdbBytes().id(id, 0).bytes());
      }
      out.write(new RdbBytes().endUnchecked());
    }
  }

  /// A packed set that is smaller than the heap, and larger than what has room.
  private static void writePacked(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(RdbBytes.file("REDIS0011").key(20, "large").length(2 * VALUE_BYTES).bytes());
      out.write(new byte[2 * VALUE_BYTES]);
      out.write(new RdbBytes().endUnchecked());
    }
  }

  /// Plans to write what `content` holds anew.
  private static void refuse(Content content) throws IOException {
    Path file = Files.createTempFile("large", ".rdb");
    try {
      content.write(file);
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

  /// Of a list and a hash that are larger than the heap; the hash has to be walked to know whether
  /// a field expires.
  private static void survey() throws IOException {
    Path file = Files.createTempFile("large", ".rdb");
    try {
      write(file);
      try (RdbSource source = RdbSource.open(file, _ -> {})) {
        CompatReport report =
            CompatSurvey.of(source, List.of(RdbTarget.REDIS_6_2), RdbFilter.ALL, 0);
        System.out.print("encoded anew: " + report.targets().getFirst().encodedAnew());
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void write(Path file) throws IOException {
    byte[] value = new byte[1000];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(RdbBytes.file("REDIS0012").key(24, "large").little(8, 0).length(FIELDS).bytes());
      for (int i = 0; i < FIELDS; i++) {
        out.write(new RdbBytes().length(0).text("field" + i).blob(value).bytes());
      }
      out.write(new RdbBytes().key(18, "list").length(FIELDS + 1).bytes());
      out.write(new RdbBytes().put(1).blob(new byte[UNPACKED_BYTES]).bytes());
      for (int i = 0; i < FIELDS; i++) {
        out.write(new RdbBytes().put(1).blob(value).bytes());
      }
      out.write(new RdbBytes().endUnchecked());
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
