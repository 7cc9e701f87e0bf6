package io.redrill.aof.stream;

import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.io.InputStream;

/// The RDB in the bytes that a replica received, where somebody kept them in a file: line feeds and
/// the answer to `PSYNC` where they were kept too, then a [SnapshotFrame].
///
/// Whoever reads such a file does not know beforehand that it holds an RDB at all, and may read
/// ahead; so the end is found here, by the length or the mark. Commands behind it are left unread.
/// Where the recording ends before that, all of it is handed out: whether the RDB is whole, its
/// reader sees, and [#endsEarly] tells of the frame.
public abstract sealed class RecordedSnapshot extends InputStream {

  /// What stands in front of the RDB is not longer: a primary sends a line feed each second while
  /// it prepares the RDB, and nobody waits for most of a day. Whoever is not sure that there is one
  /// can go back by as much.
  public static final int MOST_BYTES_BEFORE = 1 << 16;

  private static final int MOST_LINE_BYTES = 256;

  final InputStream in;
  boolean endsEarly;

  private RecordedSnapshot(InputStream in) {
    this.in = in;
  }

  /// Whether `first`, the first byte of a file, may begin a recorded synchronisation. No RDB does.
  public static boolean mayBegin(int first) {
    return first == '$' || first == '+' || first == '\n';
  }

  /// The RDB in `in`, whose next byte is the first of the recording. Closing it closes `in`.
  ///
  /// @param name what errors call the file
  /// @throws CorruptInputException if `in` does not begin as a full synchronisation does
  public static RecordedSnapshot open(InputStream in, String name) throws IOException {
    Before before = new Before(in, name);
    String line = before.line();
    while (line.isEmpty() || line.startsWith("+FULLRESYNC ")) {
      line = before.line();
    }
    SnapshotFrame frame =
        SnapshotFrame.of(line)
            .orElseThrow(() ->
                new CorruptInputException(
                    "this is no RDB, and no full synchronisation with one: a line before it is"
                        + " neither +FULLRESYNC nor $<length> nor $EOF:<mark>",
                    name,
                    0));
    return switch (frame) {
      case SnapshotFrame.OfLength(long lengthBytes) -> new Counted(in, lengthBytes);
      case SnapshotFrame.UntilMark(byte[] mark) -> new Marked(in, mark);
    };
  }

  /// The lines in front of the RDB.
  private static final class Before {

    private final InputStream in;
    private final String name;
    private int count;

    Before(InputStream in, String name) {
      this.in = in;
      this.name = name;
    }

    String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = read(); next != '\n'; next = read()) {
        if (next < 0 || line.length() > MOST_LINE_BYTES) {
          throw new CorruptInputException(
              "this is no RDB, and no full synchronisation with one", name, 0);
        }
        line.append((char) next);
      }
      return line.toString().stripTrailing();
    }

    private int read() throws IOException {
      if (count == MOST_BYTES_BEFORE) {
        throw new CorruptInputException(
            "this is no RDB, and no full synchronisation with one: the first 64 KiB hold lines only",
            name,
            0);
      }
      count++;
      return in.read();
    }
  }

  /// Whether the end of the recording was met before that of the frame: its mark is missing or
  /// another, or bytes are.
  public boolean endsEarly() {
    return endsEarly;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] target, int from, int wanted) throws IOException;

  @Override
  public void close() throws IOException {
    in.close();
  }

  /// As many bytes as were announced.
  private static final class Counted extends RecordedSnapshot {

    private long left;

    Counted(InputStream in, long lengthBytes) {
      super(in);
      this.left = lengthBytes;
    }

    @Override
    public int read(byte[] target, int from, int wanted) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(target, from, (int) Math.min(wanted, left));
      endsEarly = count < 0;
      left -= Math.max(0, count);
      return count;
    }
  }

  /// The bytes before a mark. `ahead[position, safe)` can be handed out; after it there is less
  /// than a mark, or the mark.
  private static final class Marked extends RecordedSnapshot {

    private static final int AHEAD_BYTES = 64 * 1024;

    private final byte[] mark;
    private final byte[] ahead = new byte[AHEAD_BYTES];
    private int position;
    private int safe;
    private int limit;
    private boolean isMarkFound;

    Marked(InputStream in, byte[] mark) {
      super(in);
      this.mark = mark;
    }

    @Override
    public int read(byte[] target, int from, int wanted) throws IOException {
      if (wanted == 0) {
        return 0;
      }
      while (position == safe) {
        if (isMarkFound || endsEarly) {
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
      limit -= safe;
      position = 0;
      safe = 0;
      int count = in.read(ahead, limit, ahead.length - limit);
      if (count < 0) {
        endsEarly = true;
        safe = limit;
        return;
      }
      limit += count;
      int found = find();
      isMarkFound = found >= 0;
      safe = isMarkFound ? found : Math.max(0, limit - mark.length + 1);
    }

    /// Where the mark begins, or -1.
    private int find() {
      for (int at = 0; at + mark.length <= limit; at++) {
        int same = 0;
        while (same < mark.length && ahead[at + same] == mark[same]) {
          same++;
        }
        if (same == mark.length) {
          return at;
        }
      }
      return -1;
    }
  }
}
