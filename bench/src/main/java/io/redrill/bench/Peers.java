package io.redrill.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The programs that Redrill is measured beside, each a process of its own. They start in
/// milliseconds, which are not taken off.
final class Peers {

  /// What a peer took: CPU seconds, seconds, and its peak memory in kilobytes (0: not known).
  record Cost(double cpu, double wall, long peakKilobytes) {}

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on all of Linux
  private static final long LOAD_LIMIT_SECONDS = 300;

  private Peers() {}

  static boolean has(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /// `redis-check-rdb` or `redis-check-aof` over the whole file.
  static Cost check(String tool, Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "TIMEFORMAT='%U %S %R'; time \"$0\" \"$1\" >/dev/null",
                tool,
                file.toString())
            .start();
    String printed = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(tool + " failed: " + printed);
    }
    String[] times = printed.trim().split(" ", -1);
    return new Cost(
        Double.parseDouble(times[0]) + Double.parseDouble(times[1]),
        Double.parseDouble(times[2]),
        0);
  }

  /// A `redis-server` from its start with the RDB to its first answer.
  static Cost load(Path file) throws IOException, InterruptedException {
    Path absolute = file.toAbsolutePath();
    return load(
        file,
        "--dir",
        String.valueOf(absolute.getParent()),
        "--dbfilename",
        String.valueOf(absolute.getFileName()));
  }

  /// As above with a log of commands, as the base of an append-only file in a directory that goes
  /// afterwards.
  static Cost loadLog(Path file) throws IOException, InterruptedException {
    Path absolute = file.toAbsolutePath();
    Path data = Files.createTempDirectory(absolute.getParent(), ".loading");
    Path set = Files.createDirectory(data.resolve("appendonlydir"));
    Files.createSymbolicLink(set.resolve("base.aof"), absolute);
    Files.writeString(set.resolve("appendonly.aof.manifest"), "file base.aof seq 1 type b\n");
    try {
      return load(file, "--dir", data.toString(), "--appendonly", "yes");
    } finally {
      try (Stream<Path> left = Files.walk(data)) {
        for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private static Cost load(Path file, String... options) throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("redis-server", "--bind", "127.0.0.1", "--save", ""));
    command.addAll(List.of("--port", Integer.toString(port)));
    command.addAll(List.of(options));
    long before = System.nanoTime();
    Process server =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (!answers(port)) {
        if (!server.isAlive() || System.nanoTime() - before > LOAD_LIMIT_SECONDS * 1e9) {
          throw new IOException("redis-server did not load " + file);
        }
        Thread.sleep(10);
      }
      double wall = (System.nanoTime() - before) / 1e9;
      String pid = Long.toString(server.pid());
      String status = Files.readString(Path.of("/proc", pid, "stat"));
      String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
      double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
      return new Cost(cpu, wall, TaskRun.peakKilobytes(pid));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot read what redis-server took", e);
    } finally {
      server.destroyForcibly();
      server.waitFor(10, TimeUnit.SECONDS);
    }
  }

  /// Whether the server answers a PING; while it loads, it answers with an error.
  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] reply = socket.getInputStream().readNBytes(5);
      return new String(reply, StandardCharsets.US_ASCII).equals("+PONG");
    } catch (IOException e) {
      return false; // not yet listening, or busy with loading: asked again
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
