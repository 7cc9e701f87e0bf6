package io.redrill.aof;

import io.redrill.aof.resp.RespLimits;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Writes the commands of a chain of logs, up to a cut, into one file that any server loads.
///
/// Offsets are those of the command stream: annotations do not count. Commands before the first
/// offset wanted, and those that two inputs both hold, are left out; so are commands that only
/// steer a stream (`SELECT`, `PING`, `REPLCONF`), while `SELECT` is written anew where the database
/// changes. Our own annotations become `#TS:` lines, which servers know, and expiries that are told
/// relative to them become absolute ([AbsoluteExpiry]).
///
/// One pass, in constant memory: what turns out to lie behind the cut, such as a transaction that
/// was never finished, is cut off the file again at the end.
///
/// Invariant: `good…` describes the file up to the last record outside a transaction; `next` is the
/// offset of the first command not yet seen.
public final class LogCutter implements Closeable {

  private static final int BUFFER_BYTES = 256 * 1024;

  private final FileChannel file;
  private final CountingOutput out;
  private final AofWriter writer;
  private final LogCut cut;
  private final CommandMatcher matcher;
  private long next;
  private long matches;
  private long commands;
  private boolean reached;

  /// The last mark of the inputs before, which holds until there is another.
  private Optional<AofRecord.TimeMark> time = Optional.empty();

  private AofRecord.Tail tail = new AofRecord.Tail.Clean();

  /// What is wrong with the input before if there is another.
  private Optional<CorruptInputException> torn = Optional.empty();

  private long goodOffset;
  private long goodCommands;
  private long goodBytes;
  private Optional<AofRecord.TimeMark> goodTime = Optional.empty();

  /// Creates `target`, which must not exist. The first command that is kept is the one at
  /// `firstOffset`.
  public LogCutter(Path target, LogCut cut, long firstOffset) throws IOException {
    this.file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.out =
        new CountingOutput(new BufferedOutputStream(Channels.newOutputStream(file), BUFFER_BYTES));
    this.writer = new AofWriter(out);
    this.cut = cut;
    this.matcher = new CommandMatcher(cut);
    this.next = firstOffset;
    this.goodOffset = firstOffset;
  }

  /// Goes on with `log`, whose first command has the offset at which the input before ended.
  public boolean append(ByteInput log) throws IOException {
    return append(log, next);
  }

  /// Goes on with `log`, whose first command has the offset `logOffset`. Returns whether the cut is
  /// still to come; once it is reached, further inputs are not read. Does not close `log`.
  ///
  /// @throws CorruptInputException if `log` is no log, or the input before it ended in the middle
  /// @throws IllegalArgumentException if there is a gap before `log`
  public boolean append(ByteInput log, long logOffset) throws IOException {
    if (logOffset > next) {
      throw new IllegalArgumentException("gap in the log from %d to %d".formatted(next, logOffset));
    }
    if (torn.isPresent()) {
      throw torn.get();
    }
    AofCursor cursor = new AofCursor(log, 0, time);
    long offset = logOffset;
    while (!reached) {
      switch (cursor.next()) {
        case COMMAND -> {
          append(cursor, offset, log.name());
          offset += cursor.length();
        }
        case TIME_MARK -> append(cursor.time().orElseThrow());
        case DATABASE_MARK, POSITION_MARK, LENGTH_MARK, ANNOTATION -> {
          // The writer selects databases itself; other notes concern the input, not the data.
        }
        case END -> {
          ended(cursor.end(), log.name());
          time = cursor.time();
          return true;
        }
      }
    }
    return false;
  }

  private void ended(AofRecord.End end, String input) {
    tail = end.tail();
    if (!(tail instanceof AofRecord.Tail.Clean)) {
      torn =
          Optional.of(
              new CorruptInputException(
                  "ends in the middle, and another part of the log follows", input, end.offset()));
    }
  }

  /// Writes the command first, and then decides whether it counts: a long one shows its end, and
  /// all of its keys, only while it passes.
  private void append(AofCursor log, long offset, String input) throws IOException {
    if (offset < next) {
      pass(log, offset, input);
      return;
    }
    matcher.begin(log.argumentCount());
    boolean isSteering = isSteering(log);
    if (!(isSteering ? log.visit(matcher) : write(log))) {
      return; // The log ends in the middle of it.
    }
    long end = offset + log.length();
    if (isCutBefore(end)) {
      reached = true;
      return;
    }
    next = end;
    commands += isSteering ? 0 : 1;
    if (!log.isInTransaction() || log.is("EXEC")) {
      goodOffset = end;
      goodCommands = commands;
      goodBytes = out.count();
      goodTime = log.time();
    }
  }

  /// Passes over a command that lies before what is wanted.
  private void pass(AofCursor log, long offset, String input) throws IOException {
    if (log.complete() && offset + log.length() > next) {
      throw new CorruptInputException(
          "no command begins at log offset " + next, input, log.offset());
    }
  }

  private boolean write(AofCursor log) throws IOException {
    if (log.time().isPresent()) {
      writer.mark(log.time().get().unixMillis());
    }
    if (log.time().isEmpty() || !AbsoluteExpiry.mayChange(log)) {
      return writer.copy(log, matcher);
    }
    Optional<List<byte[]>> args = log.arguments(RespLimits.LOG);
    if (args.isEmpty()) {
      return false;
    }
    matcher.show(args.get());
    writer.write(log.db(), AbsoluteExpiry.of(args.get(), log.time().get().unixMillis()));
    return true;
  }

  private boolean isCutBefore(long end) {
    return switch (cut) {
      case LogCut.AtEnd _, LogCut.AtTime _ -> false;
      case LogCut.AtOffset(long offset) -> end > offset;
      case LogCut.BeforeMatch match -> matcher.matches() && ++matches == match.nth();
    };
  }

  private void append(AofRecord.TimeMark mark) {
    if (cut instanceof LogCut.AtTime(var instant)) {
      reached = mark.unixMillis() > instant.toEpochMilli();
    }
  }

  private static boolean isSteering(AofCursor log) {
    return log.is("SELECT") || log.is("PING") || log.is("REPLCONF");
  }

  /// Cuts off what must not stay, and makes the file durable.
  public LogCutReport finish() throws IOException {
    out.flush();
    file.truncate(goodBytes);
    file.force(true);
    return new LogCutReport(goodOffset, goodCommands, goodTime, reached, tail, goodBytes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
