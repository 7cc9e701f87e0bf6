package io.redrill.aof;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  private long next;
  private long matches;
  private long commands;
  private boolean reached;
  private AofRecord.Tail tail = new AofRecord.Tail.Clean();
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
    if (!(tail instanceof AofRecord.Tail.Clean)) {
      throw new CorruptInputException("the log before ends in the middle", log.name(), 0);
    }
    AofReader reader = new AofReader(log);
    long offset = logOffset;
    while (!reached) {
      switch (reader.next()) {
        case AofRecord.Command command -> {
          append(command, offset, log.name());
          offset += command.length();
        }
        case AofRecord.TimeMark mark -> append(mark);
        case AofRecord.DatabaseMark _, AofRecord.Annotation _ -> {
          // The writer selects databases itself; other notes concern the input, not the data.
        }
        case AofRecord.End end -> {
          tail = end.tail();
          return true;
        }
      }
    }
    return false;
  }

  private void append(AofRecord.Command command, long offset, String input) throws IOException {
    long end = offset + command.length();
    if (end <= next) {
      return;
    }
    if (offset < next) {
      throw new CorruptInputException(
          "no command begins at log offset " + next, input, command.offset());
    }
    if (isCutBefore(command, end)) {
      reached = true;
      return;
    }
    next = end;
    if (!isSteering(command)) {
      if (command.time().isPresent()) {
        writer.mark(command.time().get().unixMillis());
      }
      writer.write(command.db(), AbsoluteExpiry.of(command));
      commands++;
    }
    if (!command.inTransaction() || command.is("EXEC")) {
      goodOffset = end;
      goodCommands = commands;
      goodBytes = out.count();
      goodTime = command.time();
    }
  }

  private boolean isCutBefore(AofRecord.Command command, long end) {
    return switch (cut) {
      case LogCut.AtEnd _, LogCut.AtTime _ -> false;
      case LogCut.AtOffset(long offset) -> end > offset;
      case LogCut.BeforeMatch match -> match.matches(command) && ++matches == match.nth();
    };
  }

  private void append(AofRecord.TimeMark mark) {
    if (cut instanceof LogCut.AtTime(var instant)) {
      reached = mark.unixMillis() > instant.toEpochMilli();
    }
  }

  private static boolean isSteering(AofRecord.Command command) {
    return command.is("SELECT") || command.is("PING") || command.is("REPLCONF");
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
