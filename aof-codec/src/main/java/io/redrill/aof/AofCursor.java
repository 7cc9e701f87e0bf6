package io.redrill.aof;

import io.redrill.aof.AofRecord.TimeMark;
import io.redrill.aof.resp.RespLimits;
import io.redrill.aof.resp.RespReader;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Steps through a command log, in constant memory and without an object for each record: what
/// [AofReader] gives as records, for those who look at a few arguments or only at positions.
///
/// ```
/// *<n>\r\n …            a command                     strings of any bytes, each with its length
/// #TS:<seconds>\r\n     a server's time mark          aof-timestamp-enabled, Redis 7.0 and later
/// #REDRILL:T=<ms>\r\n   our own, in milliseconds      segments
/// #REDRILL:DB=<n>\r\n   the database of what follows  segments
/// #REDRILL:AT=<id>:<n>  where in a replication stream what follows stands     followed logs
/// #REDRILL:AS=<n>       how many bytes of the stream the next command stands for
/// #…\n                  any other annotation, at most 1024 bytes with its end
/// ```
///
/// ```java
/// AofCursor log = new AofCursor(in);
/// for (Step step = log.next(); step != Step.END; step = log.next()) {
///   if (step == Step.COMMAND && log.is("FLUSHALL")) {
///     report(log.offset(), log.time());
///   }
/// }
/// log.end();   // how it ended
/// ```
///
/// An RDB in front ([AofPreamble]) is read from the same [ByteInput] before. The database is 0 at
/// first, as servers have it at the start of each file, and follows `SELECT`.
///
/// A command of up to 128 KiB is whole when it is handed out. Of a longer one the first arguments
/// are at hand, and the rest has not been looked at: [#complete] says whether the log holds it all,
/// and only then the command counts. The next step calls it, and is the end of the log if not.
///
/// An input that ends in the middle of a record or transaction is no error: [#end()] says so. Bytes
/// that are no record are a [CorruptInputException], as are a `MULTI` inside `MULTI` and an `EXEC`
/// outside; [#goodOffset()] then tells how far the log can be trusted.
public final class AofCursor {

  /// What a step has come to.
  public enum Step {
    /// A command.
    COMMAND,
    /// A [AofRecord.TimeMark].
    TIME_MARK,
    /// A [AofRecord.DatabaseMark].
    DATABASE_MARK,
    /// A [AofRecord.PositionMark].
    POSITION_MARK,
    /// A [AofRecord.LengthMark].
    LENGTH_MARK,
    /// A [AofRecord.Annotation].
    ANNOTATION,
    /// The end of the input, for good.
    END
  }

  private static final long NONE = -1;
  private static final ArgumentVisitor UNSEEN = (index, start, lengthBytes) -> {};

  private final ByteInput in;
  private final CommandScanner scanner;
  private final Annotations annotations;
  private final ByteSlice name = new ByteSlice();
  private final ByteSlice slice = new ByteSlice();
  private int db;
  private long multiOffset = NONE;
  private long goodOffset;

  private Optional<AofRecord.End> end = Optional.empty();

  private long offset;
  private long length;
  private boolean isInTransaction;

  /// Whether the command that was handed out last has not been read to its end.
  private boolean isPending;

  /// Reads from the next byte of `in` on; `in` stays the caller's to close.
  public AofCursor(ByteInput in) {
    this(in, 0);
  }

  /// As above, with the database selected before: that of a replication stream which goes on in the
  /// middle.
  public AofCursor(ByteInput in, int db) {
    this(in, db, Optional.empty());
  }

  /// As above, with the time mark that holds until there is another.
  AofCursor(ByteInput in, int db, Optional<TimeMark> time) {
    this.in = in;
    this.scanner = new CommandScanner(in);
    this.db = db;
    this.annotations = new Annotations(in, time);
    this.goodOffset = in.offset();
  }

  /// Steps to the next record. Blocks until it is there, or the beginning of a long one.
  ///
  /// @throws CorruptInputException if the next bytes are no record
  public Step next() throws IOException {
    if (!complete()) {
      return Step.END;
    }
    offset = in.offset();
    int first = in.peek();
    if (first < 0) {
      return endAt(new AofRecord.Tail.Clean());
    }
    Step step = first == '#' ? readAnnotation() : readCommand();
    if (multiOffset == NONE && !isPending && step != Step.END) {
      goodOffset = in.offset();
    }
    return step;
  }

  private Step readCommand() throws IOException {
    isInTransaction = multiOffset != NONE;
    isPending = false;
    switch (scanner.scan()) {
      case CUT -> {
        return endAt(new AofRecord.Tail.CutInCommand(offset));
      }
      case LARGE -> isPending = true;
      case WHOLE -> {
        length = in.offset() - offset;
        annotations.count(length);
      }
    }
    name.set(name.array(), 0, 0);
    if (scanner.held() > 0) {
      scanner.argument(0, name);
    }
    switch (name.length()) {
      case 4 -> {
        if (is("EXEC")) {
          exec();
        }
      }
      case 5 -> {
        if (is("MULTI")) {
          multi();
        }
      }
      case 6 -> {
        if (is("SELECT")) {
          select();
        }
      }
      default -> {
        // Nothing that steers the log.
      }
    }
    return Step.COMMAND;
  }

  private void multi() throws IOException {
    if (isInTransaction) {
      throw corrupt("MULTI inside a transaction", offset);
    }
    multiOffset = offset;
    isInTransaction = true;
  }

  private void exec() throws IOException {
    if (!isInTransaction) {
      throw corrupt("EXEC outside a transaction", offset);
    }
    multiOffset = NONE;
  }

  private void select() throws IOException {
    String digits = "";
    if (scanner.count() == 2 && scanner.held() == 2) {
      scanner.argument(1, slice);
      digits = text(slice);
    }
    db = annotations.database(digits, offset);
  }

  private Step readAnnotation() throws IOException {
    isPending = false;
    try {
      Step step = annotations.read();
      length = in.offset() - offset;
      db = step == Step.DATABASE_MARK ? annotations.db() : db;
      return step;
    } catch (EOFException cutShort) {
      return endAt(new AofRecord.Tail.CutInCommand(offset));
    }
  }

  private Step endAt(AofRecord.Tail tail) {
    AofRecord.Tail whole =
        multiOffset == NONE ? tail : new AofRecord.Tail.OpenTransaction(multiOffset);
    end = Optional.of(new AofRecord.End(goodOffset, in.offset(), whole));
    return Step.END;
  }

  /// Reads the command to its end, if that has not been done; the arguments at hand stay so. False
  /// says that the log ends in the middle of it: the next step is the end.
  ///
  /// @throws CorruptInputException if the bytes are no command
  public boolean complete() throws IOException {
    return isPending ? pass(OutputStream.nullOutputStream(), UNSEEN) : end.isEmpty();
  }

  /// Shows the command's arguments to `visitor`, and so completes it; once for each command. False
  /// says that the log ends in the middle of it, after some of them.
  ///
  /// @throws CorruptInputException if the bytes are no command
  public boolean visit(ArgumentVisitor visitor) throws IOException {
    if (isPending) {
      return pass(OutputStream.nullOutputStream(), visitor);
    }
    scanner.visit(visitor);
    return true;
  }

  /// Writes the command byte for byte as it stands in the log, and so completes it; once for each
  /// command. False says that the log ends in the middle of it; some of it may have been written.
  ///
  /// @throws CorruptInputException if the bytes are no command
  public boolean copyTo(OutputStream out) throws IOException {
    return copyTo(out, UNSEEN);
  }

  /// As above, and shows the arguments to `visitor`.
  public boolean copyTo(OutputStream out, ArgumentVisitor visitor) throws IOException {
    if (isPending) {
      return pass(out, visitor);
    }
    scanner.bytes(slice);
    out.write(slice.array(), slice.offset(), slice.length());
    scanner.visit(visitor);
    return true;
  }

  private boolean pass(OutputStream out, ArgumentVisitor visitor) throws IOException {
    isPending = false;
    if (!scanner.pass(out, visitor)) {
      endAt(new AofRecord.Tail.CutInCommand(offset));
      return false;
    }
    completed();
    return true;
  }

  private void completed() {
    length = in.offset() - offset;
    annotations.count(length);
    if (multiOffset == NONE) {
      goodOffset = in.offset();
    }
  }

  /// All arguments of the command, in arrays of their own, which completes it; empty if the log
  /// ends in the middle of it.
  ///
  /// @param limits what is believed of a long command; of others, everything
  /// @throws CorruptInputException if the bytes are no command, or exceed the limits
  public Optional<List<byte[]>> arguments(RespLimits limits) throws IOException {
    if (!isPending) {
      return Optional.of(heldArguments());
    }
    isPending = false;
    try {
      Optional<List<byte[]>> arguments = new RespReader(in, limits).readCommand();
      completed();
      return arguments;
    } catch (EOFException cutShort) {
      endAt(new AofRecord.Tail.CutInCommand(offset));
      return Optional.empty();
    }
  }

  private List<byte[]> heldArguments() {
    List<byte[]> arguments = new ArrayList<>(scanner.held());
    for (int i = 0; i < scanner.held(); i++) {
      scanner.argument(i, slice);
      arguments.add(slice.toByteArray());
    }
    return arguments;
  }

  /// The offset of the record's first byte.
  public long offset() {
    return offset;
  }

  /// The length of the record in bytes; of a long command, only once it is complete.
  public long length() {
    return length;
  }

  /// The database that the next command acts on, or the one at hand; that which it selects.
  public int db() {
    return db;
  }

  /// Whether the command is `MULTI`, `EXEC`, or stands between them.
  public boolean isInTransaction() {
    return isInTransaction;
  }

  /// The newest time mark so far.
  public Optional<TimeMark> time() {
    return annotations.time();
  }

  /// The ID of the replication stream whose bytes the commands are, where a mark tells it.
  public Optional<String> replicationId() {
    return annotations.replicationId();
  }

  /// The offset in that stream behind the record at hand; of a long command, once it is complete.
  public long streamOffset() {
    return annotations.streamOffset();
  }

  /// How many bytes of the stream the next command stands for; of a [Step#LENGTH_MARK].
  long streamLength() {
    return annotations.streamLength();
  }

  /// The text of an annotation without a meaning of its own, without `#` and line end.
  public String annotation() {
    return annotations.text();
  }

  /// How many arguments the command has, its name among them.
  public int argumentCount() {
    return scanner.count();
  }

  /// How many of them can be had without reading on: all, unless the command is a long one.
  public int argumentsAtHand() {
    return scanner.held();
  }

  /// Shows an argument at hand in `target`, where it stays until the next step.
  public void argument(int index, ByteSlice target) {
    scanner.argument(index, target);
  }

  /// The command's name as it stands in the log, until the next step; empty if it is longer than
  /// any name.
  public ByteSlice name() {
    return name;
  }

  /// Whether the command's name is `wanted`, which is in capitals.
  public boolean is(String wanted) {
    return CommandName.is(name, wanted);
  }

  /// The end of the last record that is complete and in no open transaction.
  public long goodOffset() {
    return goodOffset;
  }

  /// How the log ended.
  ///
  /// @throws java.util.NoSuchElementException before [Step#END]
  public AofRecord.End end() {
    return end.orElseThrow();
  }

  private static String text(ByteSlice argument) {
    return new String(
        argument.array(), argument.offset(), argument.length(), StandardCharsets.ISO_8859_1);
  }

  private CorruptInputException corrupt(String problem, long at) {
    return new CorruptInputException(problem, in.name(), at);
  }
}
