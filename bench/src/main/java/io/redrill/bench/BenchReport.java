package io.redrill.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures Redrill's tasks and its peers on RDB files, and those whose names end in `.aof`, and
/// prints one table for each file.
///
/// `BenchReport WARM_ROUNDS ROUNDS FILE...`. Each task has a JVM of its own with a heap of at most
/// 64 MB. MB/s and keys/s (or commands/s) are per second of the whole process' CPU, without the
/// JVM's start.
public final class BenchReport {

  private static final String ROW = "%-30s %8s %9s %7s %7s %7s %8s %6s%n";

  private final int warm;
  private final int rounds;

  private BenchReport(int warm, int rounds) {
    this.warm = warm;
    this.rounds = rounds;
  }

  /// Runs all.
  public static void main(String[] arguments) throws Exception {
    BenchReport report =
        new BenchReport(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    for (int i = 2; i < arguments.length; i++) {
      report.table(Path.of(arguments[i]));
    }
  }

  private void table(Path file) throws IOException, InterruptedException {
    double megabytes = Files.size(file) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%n%s, %.0f MB; median of %d after %d to warm up; seconds%n",
        file.getFileName(),
        megabytes,
        rounds,
        warm);
    boolean isLog = file.toString().endsWith(".aof");
    String each = isLog ? "cmds/s" : "keys/s";
    System.out.printf(ROW, "", "MB/s", each, "CPU", "thread", "wall", "peak MB", "start");
    for (BenchTask task : isLog ? AofBenchTasks.ALL : BenchTasks.ALL) {
      String[] figures = child(task, file);
      double cpu = Double.parseDouble(figures[1]);
      long keys = Long.parseLong(figures[4]);
      row(
          task.what(),
          megabytes / cpu,
          keys == 0 ? "-" : "%.2f M".formatted(keys / cpu / 1e6),
          figures[1],
          figures[2],
          figures[3],
          Long.parseLong(figures[5]),
          figures[6]);
    }
    String tool = isLog ? "redis-check-aof" : "redis-check-rdb";
    peer(tool, tool, file, megabytes, checked -> Peers.check(tool, checked));
    peer(
        "redis-server",
        "redis-server, loading",
        file,
        megabytes,
        isLog ? Peers::loadLog : Peers::load);
  }

  private interface Measured {
    Peers.Cost run(Path file) throws IOException, InterruptedException;
  }

  private void peer(String program, String what, Path file, double megabytes, Measured measured)
      throws IOException, InterruptedException {
    if (!Peers.has(program)) {
      System.out.printf("%-30s not measured: the program is not installed%n", what);
      return;
    }
    double[] cpu = new double[rounds];
    double[] wall = new double[rounds];
    long peak = 0;
    for (int round = 0; round < rounds; round++) {
      Peers.Cost cost = measured.run(file);
      cpu[round] = cost.cpu();
      wall[round] = cost.wall();
      peak = Math.max(peak, cost.peakKilobytes());
    }
    double median = TaskRun.median(cpu);
    String seconds = "%.3f".formatted(median);
    row(
        what,
        megabytes / median,
        "-",
        seconds,
        "-",
        "%.3f".formatted(TaskRun.median(wall)),
        peak,
        "-");
  }

  private static void row(
      String what,
      double speed,
      String keys,
      String cpu,
      String thread,
      String wall,
      long peakKilobytes,
      String start) {
    String peak = peakKilobytes == 0 ? "-" : "%.0f".formatted(peakKilobytes / 1e3);
    System.out.printf(ROW, what, "%.0f".formatted(speed), keys, cpu, thread, wall, peak, start);
  }

  /// Runs the task in a JVM of its own and returns its line of figures.
  private String[] child(BenchTask task, Path file) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TaskRun.class.getName(), task.name(), file.toString()));
    command.addAll(List.of(Integer.toString(warm), Integer.toString(rounds)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the task " + task.name() + " failed: " + printed);
    }
    return printed
        .lines()
        .filter(line -> line.startsWith("figures "))
        .findFirst()
        .orElseThrow(() -> new IOException("the task " + task.name() + " printed no figures"))
        .split(" ", -1);
  }
}
