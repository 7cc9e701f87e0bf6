package io.redrill.bench;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.check.RdbCheck;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/// Reads one RDB file again and again, in turn with `redis-check-rdb`, and prints the median CPU
/// seconds of each and their ratio.
///
/// `RdbCheckBench FILE.rdb [ROUNDS]`. CPU time is the figure to trust on a machine that does other
/// things too. The first round of each is not counted. Redrill's figures leave out the start of the
/// JVM; those of the peer are of the whole process, which starts in milliseconds.
public final class RdbCheckBench {

  private RdbCheckBench() {}

  /// Runs the benchmark.
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    double megabytes = Files.size(file) / 1e6;
    System.out.printf(Locale.ROOT, "%s, %.1f MB, median of %d%n", file, megabytes, rounds);
    double[] frame = new double[rounds];
    double[] deep = new double[rounds];
    double[] peer = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      double frameSeconds = cpuSeconds(() -> frame(file));
      double deepSeconds = cpuSeconds(() -> deep(file));
      double peerSeconds = peer(file);
      if (round >= 0) {
        frame[round] = frameSeconds;
        deep[round] = deepSeconds;
        peer[round] = peerSeconds;
      }
    }
    print("structure and checksum", megabytes, median(frame), median(peer));
    print("every element, deep check, digest", megabytes, median(deep), median(peer));
    print("redis-check-rdb", megabytes, median(peer), median(peer));
  }

  private static void print(String what, double megabytes, double seconds, double peer) {
    System.out.printf(
        Locale.ROOT,
        "%-34s %6.2f CPU s  %7.0f MB/s  %5.2fx redis-check-rdb%n",
        what,
        seconds,
        megabytes / seconds,
        peer / seconds);
  }

  private static long frame(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      RdbReader reader = new RdbReader(in);
      long records = 0;
      while (!(reader.next() instanceof RdbRecord.End)) {
        records++;
      }
      return records;
    }
  }

  private static long deep(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      return RdbCheck.checkFile(in).entryCount();
    }
  }

  private static double cpuSeconds(Callable<Long> work) throws Exception {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    if (work.call() == 0) {
      throw new IllegalStateException("nothing was read");
    }
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9;
  }

  /// The CPU time of the child process, as the system counted it.
  private static double peer(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "TIMEFORMAT='%U %S'; time redis-check-rdb \"$0\" >/dev/null",
                file.toString())
            .start();
    String printed = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("redis-check-rdb failed: " + printed);
    }
    return Arrays.stream(printed.trim().split(" ")).mapToDouble(Double::parseDouble).sum();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
