package io.redrill.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/// Runs one task in this JVM and prints one line of figures, for [BenchReport], which starts it.
///
/// `TaskRun TASK FILE WARM_ROUNDS ROUNDS` prints the medians of CPU seconds of the process, CPU
/// seconds of the working thread and seconds, then the keys, the peak memory in kilobytes and the
/// CPU seconds of the JVM's start. The process' CPU includes the compiler and the collector.
public final class TaskRun {

  private TaskRun() {}

  /// Measures.
  public static void main(String[] arguments) throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    double start = system.getProcessCpuTime() / 1e9;
    BenchTask task =
        Stream.concat(BenchTasks.ALL.stream(), AofBenchTasks.ALL.stream())
            .filter(candidate -> candidate.name().equals(arguments[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no task " + arguments[0]));
    Path file = Path.of(arguments[1]);
    int warm = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    double[] process = new double[rounds];
    double[] thread = new double[rounds];
    double[] wall = new double[rounds];
    long keys = 0;
    for (int round = -warm; round < rounds; round++) {
      long processBefore = system.getProcessCpuTime();
      long threadBefore = threads.getCurrentThreadCpuTime();
      long wallBefore = System.nanoTime();
      keys = task.work().run(file);
      if (round >= 0) {
        wall[round] = (System.nanoTime() - wallBefore) / 1e9;
        thread[round] = (threads.getCurrentThreadCpuTime() - threadBefore) / 1e9;
        process[round] = (system.getProcessCpuTime() - processBefore) / 1e9;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "figures %.3f %.3f %.3f %d %d %.3f%n",
        median(process),
        median(thread),
        median(wall),
        keys,
        peakKilobytes("self"),
        start);
  }

  /// The most memory that the process `pid` has had resident (VmHWM).
  static long peakKilobytes(String pid) throws Exception {
    return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
