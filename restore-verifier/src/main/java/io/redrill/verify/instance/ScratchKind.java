package io.redrill.verify.instance;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Which program a scratch instance runs.
public sealed interface ScratchKind {

  /// The bundled server, in a child process of the Java runtime that runs now. It keeps expired
  /// keys, so that all of a backup can be read back however old it is.
  ///
  /// @param heapMegabytes the most memory that its heap may take
  record Bundled(int heapMegabytes) implements ScratchKind {}

  /// A `redis-server` or `valkey-server` on this machine.
  ///
  /// @param executable a path, or a name that is looked up in `PATH`
  /// @param maxMemoryMegabytes its `maxmemory`: beyond it, writes fail and loading does not
  record Executable(Path executable, int maxMemoryMegabytes) implements ScratchKind {

    /// Whether there is such a program that may be run.
    public boolean isInstalled() {
      String path = System.getenv().getOrDefault("PATH", "");
      return executable.getNameCount() > 1
          ? Files.isExecutable(executable)
          : Stream.of(path.split(File.pathSeparator, -1))
              .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(executable)));
    }
  }

  /// The bundled server with a heap of at most 1 GiB.
  static ScratchKind bundled() {
    return new Bundled(1024);
  }

  /// `redis-server` from `PATH`, without a memory limit of its own.
  static Executable redisServer() {
    return new Executable(Path.of("redis-server"), 0);
  }

  /// The program in a word, as it is chosen on the command line.
  default String words() {
    return switch (this) {
      case Bundled _ -> "bundled";
      case Executable(Path executable, int _) -> String.valueOf(executable.getFileName());
    };
  }
}
