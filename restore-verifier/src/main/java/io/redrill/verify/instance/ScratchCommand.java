package io.redrill.verify.instance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line that starts a scratch instance.
///
/// Both kinds take the directives of `redis.conf` as options. None of them names a secret: the
/// instance listens on loopback only, and lives for a drill.
final class ScratchCommand {

  private static final String SERVER_MAIN = "io.redrill.server.ServerMain";

  private ScratchCommand() {}

  /// @param databases how many databases the data needs
  static List<String> of(ScratchKind kind, Path data, int port, int databases) {
    List<String> command = new ArrayList<>();
    switch (kind) {
      case ScratchKind.Bundled(int heapMegabytes) -> command.addAll(java(heapMegabytes));
      case ScratchKind.Executable(Path executable, int _) -> command.add(executable.toString());
    }
    option(command, "port", String.valueOf(port));
    option(command, "bind", "127.0.0.1");
    option(command, "dir", data.toString());
    option(command, "databases", String.valueOf(Math.max(16, databases)));
    option(command, "save", "");
    option(command, "appendonly", hasAppendOnlyFile(data) ? "yes" : "no");
    option(command, "appendfsync", "no");
    option(command, "auto-aof-rewrite-percentage", "0");
    // A log that was cut short is damage, and must not be passed over.
    option(command, "aof-load-truncated", "no");
    switch (kind) {
      case ScratchKind.Bundled _ -> option(command, "redrill-keep-expired", "yes");
      case ScratchKind.Executable(Path _, int maxMemoryMegabytes) ->
          option(command, "maxmemory", maxMemoryMegabytes + "mb");
    }
    return command;
  }

  private static List<String> java(int heapMegabytes) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + heapMegabytes + "m",
        "-XX:+UseCompactObjectHeaders",
        "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        SERVER_MAIN);
  }

  private static void option(List<String> command, String name, String value) {
    command.add("--" + name);
    command.add(value);
  }

  /// Redis looks for the append-only file first, and reads `dump.rdb` only if that is switched off.
  private static boolean hasAppendOnlyFile(Path data) {
    return Files.isDirectory(data.resolve("appendonlydir"));
  }
}
