package io.redrill.cli.output;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// How far a long read has come, as a line on the terminal that rewrites itself: percentage, rate
/// and time left. Nothing is printed where nobody watches a terminal.
///
/// [#at] may be called for every record: it looks at the clock only after every mebibyte. For use
/// by one thread.
public final class Progress implements AutoCloseable {

  private static final long STEP_BYTES = 1 << 20;
  private static final Duration BETWEEN_LINES = Duration.ofMillis(200);

  private final Output output;
  private final InstantSource clock;
  private final String activity;
  private final long totalBytes;
  private final Instant begun;
  private Instant lastLine;
  private long nextBytes = STEP_BYTES;

  /// Begins now.
  ///
  /// @param activity what is being done, as `reading dump.rdb`
  /// @param totalBytes where it will end; 0 where that is not known
  public Progress(Output output, InstantSource clock, String activity, long totalBytes) {
    this.output = output;
    this.clock = clock;
    this.activity = activity;
    this.totalBytes = totalBytes;
    this.begun = clock.instant();
    this.lastLine = begun;
  }

  /// Says that `bytes` are done, counted from the beginning.
  public void at(long bytes) {
    if (bytes < nextBytes) {
      return;
    }
    nextBytes = bytes + STEP_BYTES;
    Instant now = clock.instant();
    if (Duration.between(lastLine, now).compareTo(BETWEEN_LINES) < 0) {
      return;
    }
    lastLine = now;
    output.progress(line(activity, bytes, totalBytes, Duration.between(begun, now)));
  }

  /// `in`, read through to the end, moves this on. Closing the result closes `in`.
  public InputStream watch(InputStream in) {
    return new FilterInputStream(in) {
      private long done;

      @Override
      public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int count = super.read(bytes, from, length);
        done += Math.max(0, count);
        at(done);
        return count;
      }
    };
  }

  static String line(String activity, long bytes, long totalBytes, Duration spent) {
    String rate = Quantity.rate(bytes, spent);
    if (totalBytes <= 0 || bytes <= 0) {
      return "%s: %s, %s".formatted(activity, Quantity.bytes(bytes), rate);
    }
    double left = spent.toMillis() / (double) bytes * Math.max(0, totalBytes - bytes);
    return "%s: %d%%, %s, %s left"
        .formatted(
            activity,
            Math.min(100, (long) (100.0 * bytes / totalBytes)),
            rate,
            left(Math.round(left / 1000)));
  }

  private static String left(long seconds) {
    return seconds < 60 ? seconds + " s" : Quantity.duration(Duration.ofSeconds(seconds));
  }

  /// Removes the line.
  @Override
  public void close() {
    output.endProgress();
  }
}
