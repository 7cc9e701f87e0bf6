package io.redrill.aof.stream;

import io.redrill.rdb.CorruptInputException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The RDB in the bytes that a replica received, where somebody kept them in a file: line feeds and
/// the answer to `PSYNC` where they were kept too, then one of the frames of [SnapshotPayload].
///
/// Whoever reads such a file does not know beforehand that it holds an RDB at all, and may read
/// ahead; so the end is found here, by the length or the mark. Commands behind it are left unread.
public final class RecordedSnapshot {

  private static final int MARK_BYTES = 40;
  private static final int MOST_LINE_BYTES = 256;
  private static final Pattern LENGTH = Pattern.compile("\\$([0-9]{1,18})");
  private static final Pattern MARK = Pattern.compile("\\$EOF:(.{" + MARK_BYTES + "})");

  private RecordedSnapshot() {}

  /// Whether `first`, the first byte of a file, may begin a recorded synchronisation. No RDB does.
  public static boolean mayBegin(int first) {
    return first == '$' || first == '+' || first == '\n';
  }

  /// The RDB in `in`, whose next byte is the first of the recording. Closing it closes `in`.
  ///
  /// Reading the RDB throws a [CorruptInputException] where the recording ends before its frame
  /// does.
  ///
  /// @param name what errors call the file
  /// @throws CorruptInputException if `in` does not begin as a full synchronisation does
  public static InputStream open(InputStream in, String name) throws IOException {
    String line = line(in, name);
    while (line.isEmpty() || line.startsWith("+FULLRESYNC ")) {
      line = line(in, name);
    }
    Matcher length = LENGTH.matcher(line);
    if (length.matches()) {
      return new Counted(in, name, Long.parseLong(length.group(1)));
    }
    Matcher mark = MARK.matcher(line);
    if (mark.matches()) {
      return new Marked(in, name, mark.group(1).getBytes(StandardCharsets.ISO_8859_1));
    }
    throw new CorruptInputException(
        "this is no RDB, and no full synchronisation with one: a line before it is neither"
            + " +FULLRESYNC nor $<length> nor $EOF:<mark>",
        name,
        0);
  }

  private static String line(InputStream in, String name) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() > MOST_LINE_BYTES) {
        throw new CorruptInputException(
            "this is no RDB, and no full synchronisation with one", name, 0);
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  private static CorruptInputException endsEarly(String name, long offset) {
    return new CorruptInputException(
        "the recorded synchronisation ends inside its RDB", name, offset);
  }

  /// As many bytes as were announced.
  private static final class Counted extends FilterInputStream {

    private final String name;
    private final long length;
    private long offset;

    Counted(InputStream in, String name, long length) {
      super(in);
      this.name = name;
      this.length = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int wanted) throws IOException {
      if (offset == length) {
        return -1;
      }
      int count = in.read(target, from, (int) Math.min(wanted, length - offset));
      if (count < 0) {
        throw endsEarly(name, offset);
      }
      offset += count;
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] skipped = new byte[Math.clamp(count, 0, 8192)];
      return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public int available() {
      return 0;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  /// The bytes before a mark. `ahead[position, safe)` can be handed out; after it there is less
  /// than a mark, or the mark.
  private static final class Marked extends InputStream {

    private static final int AHEAD_BYTES = 64 * 1024;

    private final InputStream in;
    private final String name;
    private final byte[] mark;
    private final byte[] ahead = new byte[AHEAD_BYTES];
    private int position;
    private int safe;
    private int limit;
    private long base;
    private boolean isMarkFound;

    Marked(InputStream in, String name, byte[] mark) {
      this.in = in;
      this.name = name;
      this.mark = mark;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int wanted) throws IOException {
      if (wanted == 0) {
        return 0;
      }
      while (position == safe) {
        if (isMarkFound) {
          return -1;
        }
        fill();
      }
      int count = Math.min(wanted, safe - position);
      System.arraycopy(ahead, position, target, from, count);
      position += count;
      return count;
    }

    /// Reads on, and looks how far no mark begins.
    private void fill() throws IOException {
      System.arraycopy(ahead, safe, ahead, 0, limit - safe);
      base += safe;
      limit -= safe;
      position = 0;
      safe = 0;
      int count = in.read(ahead, limit, ahead.length - limit);
      if (count < 0) {
        throw endsEarly(name, base + limit);
      }
      limit += count;
      Optional<Integer> found = find();
      isMarkFound = found.isPresent();
      safe = found.orElse(Math.max(0, limit - mark.length + 1));
    }

    private Optional<Integer> find() {
      for (int at = 0; at + mark.length <= limit; at++) {
        int same = 0;
        while (same < mark.length && ahead[at + same] == mark[same]) {
          same++;
        }
        if (same == mark.length) {
          return Optional.of(at);
        }
      }
      return Optional.empty();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
