package io.redrill.server.info;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory the process takes.
public final class MemoryUse {

  private static final Path PAGES = Path.of("/proc/self/statm");
  private static final int PAGE_BYTES = 4096;

  private long peak;

  /// Bytes of the heap in use, what waits for the collector included.
  public long used() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    peak = Math.max(peak, used);
    return used;
  }

  /// The most that [#used()] has answered.
  public long peak() {
    return peak;
  }

  /// Forgets the peak.
  public void resetPeak() {
    peak = 0;
  }

  /// Bytes of the process in RAM, or what the heap has where the system does not tell.
  public static long resident() {
    try {
      return Long.parseLong(Files.readString(PAGES).split(" ", -1)[1]) * PAGE_BYTES;
    } catch (IOException | NumberFormatException e) {
      return Runtime.getRuntime().totalMemory();
    }
  }
}
