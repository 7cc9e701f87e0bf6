package io.redrill.aof;

import io.redrill.aof.AofRecord.TimeMark;
import io.redrill.aof.resp.RespLimits;
import io.redrill.aof.resp.RespReader;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a command log record by record, in constant memory.
///
/// ```
/// *<n>\r\n …            a command, see RespReader
/// #TS:<seconds>\r\n     a server's time mark          aof-timestamp-enabled, Redis 7.0 and later
/// #REDRILL:T=<ms>\r\n   our own, in milliseconds      segments
/// #REDRILL:DB=<n>\r\n   the database of what follows  segments
/// #…\n                  any other annotation, at most 1024 bytes with its end
/// ```
///
/// An RDB in front ([AofPreamble]) is read from the same [ByteInput] before. The database is 0 at
/// first, as servers have it at the start of each file, and follows `SELECT`.
///
/// An input that ends in the middle of a record or transaction is no error: [AofRecord.End] says
/// so. Bytes that are no record are a [CorruptInputException], as are a `MULTI` inside `MULTI` and
/// an `EXEC` outside; [#goodOffset()] then tells how far the log can be trusted.
public final class AofReader {

  private static final int ANNOTATION_BYTES = 1024;

  /// Anything else after `TS:` is an annotation without a meaning: servers skip it.
  private static final Pattern SECONDS = Pattern.compile("TS:[0-9]{1,15}");

  private static final long NONE = -1;

  private final ByteInput in;
  private final RespReader commands;
  private int db;
  private Optional<TimeMark> time = Optional.empty();
  private long multiOffset = NONE;
  private long goodOffset;
  private Optional<AofRecord.End> end = Optional.empty();

  /// Reads from the next byte of `in` on; `in` stays the caller's to close.
  public AofReader(ByteInput in) {
    this(in, RespLimits.DEFAULT, 0);
  }

  /// As above, with other limits on what is believed, and the database selected before: that of a
  /// replication stream which goes on in the middle.
  public AofReader(ByteInput in, RespLimits limits, int db) {
    this.in = in;
    this.db = db;
    this.commands = new RespReader(in, limits);
    this.goodOffset = in.offset();
  }

  /// The next record; [AofRecord.End] when there is none. Blocks until the record is complete.
  ///
  /// @throws CorruptInputException if the next bytes are no record
  public AofRecord next() throws IOException {
    if (end.isPresent()) {
      return end.get();
    }
    long start = in.offset();
    try {
      if (in.atEnd()) {
        return endAt(new AofRecord.Tail.Clean());
      }
      AofRecord record = in.peek() == '#' ? annotation(start) : command(start);
      if (multiOffset == NONE) {
        goodOffset = in.offset();
      }
      return record;
    } catch (EOFException cutShort) {
      return endAt(new AofRecord.Tail.CutInCommand(start));
    }
  }

  /// The end of the last record that is complete and in no open transaction.
  public long goodOffset() {
    return goodOffset;
  }

  /// The database that the next command acts on.
  public int db() {
    return db;
  }

  /// The newest time mark so far.
  public Optional<TimeMark> time() {
    return time;
  }

  private AofRecord.End endAt(AofRecord.Tail tail) {
    AofRecord.Tail whole =
        multiOffset == NONE ? tail : new AofRecord.Tail.OpenTransaction(multiOffset);
    AofRecord.End last = new AofRecord.End(goodOffset, in.offset(), whole);
    end = Optional.of(last);
    return last;
  }

  private AofRecord.Command command(long start) throws IOException {
    List<byte[]> args = commands.readCommand().orElseThrow(() -> new EOFException(in.name()));
    AofRecord.Command bare =
        new AofRecord.Command(start, in.offset() - start, db, args, multiOffset != NONE, time);
    return switch (args.getFirst().length) {
      case 4 -> bare.is("EXEC") ? exec(bare) : bare;
      case 5 -> bare.is("MULTI") ? multi(bare) : bare;
      case 6 -> bare.is("SELECT") ? select(bare) : bare;
      default -> bare;
    };
  }

  private AofRecord.Command multi(AofRecord.Command multi) throws IOException {
    if (multiOffset != NONE) {
      throw corrupt("MULTI inside a transaction", multi.offset());
    }
    multiOffset = multi.offset();
    return new AofRecord.Command(
        multi.offset(), multi.length(), db, multi.args(), true, multi.time());
  }

  private AofRecord.Command exec(AofRecord.Command exec) throws IOException {
    if (multiOffset == NONE) {
      throw corrupt("EXEC outside a transaction", exec.offset());
    }
    multiOffset = NONE;
    return exec;
  }

  private AofRecord.Command select(AofRecord.Command select) throws IOException {
    String number =
        select.args().size() == 2
            ? new String(select.args().get(1), StandardCharsets.ISO_8859_1)
            : "";
    db = database(number, select.offset());
    return new AofRecord.Command(
        select.offset(), select.length(), db, select.args(), select.inTransaction(), select.time());
  }

  private AofRecord annotation(long start) throws IOException {
    String text = annotationText(start);
    long length = in.offset() - start;
    if (SECONDS.matcher(text).matches()) {
      long seconds = Long.parseLong(text.substring(3));
      return remember(new TimeMark(start, length, seconds * 1000));
    }
    if (text.startsWith("REDRILL:T=")) {
      return remember(new TimeMark(start, length, number(text.substring(10), start)));
    }
    if (text.startsWith("REDRILL:DB=")) {
      db = database(text.substring(11), start);
      return new AofRecord.DatabaseMark(start, length, db);
    }
    return new AofRecord.Annotation(start, length, text);
  }

  private TimeMark remember(TimeMark mark) {
    time = Optional.of(mark);
    return mark;
  }

  private String annotationText(long start) throws IOException {
    byte[] line = new byte[ANNOTATION_BYTES];
    int length = 0;
    do {
      if (length == line.length) {
        throw corrupt("annotation longer than %d bytes".formatted(line.length), start);
      }
      line[length] = (byte) in.readByte();
    } while (line[length++] != '\n');
    length--;
    if (length > 1 && line[length - 1] == '\r') {
      length--;
    }
    return new String(line, 1, length - 1, StandardCharsets.UTF_8);
  }

  private int database(String digits, long at) throws IOException {
    long number = number(digits, at);
    if (number > Integer.MAX_VALUE) {
      throw corrupt("database number out of range", at);
    }
    return (int) number;
  }

  private long number(String digits, long at) throws IOException {
    if (!digits.isEmpty()
        && digits.length() <= 18
        && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      return Long.parseLong(digits);
    }
    throw corrupt("not a number where one is due", at);
  }

  private CorruptInputException corrupt(String problem, long at) {
    return new CorruptInputException(problem, in.name(), at);
  }
}
