package io.redrill.aof;

import io.redrill.aof.AofRecord.TimeMark;
import io.redrill.aof.resp.RespLimits;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Reads a command log record by record, with all arguments of a command in memory: [AofCursor] for
/// those who need them all, or keep what they read.
public final class AofReader {

  private final AofCursor cursor;
  private final RespLimits limits;

  /// Reads from the next byte of `in` on; `in` stays the caller's to close.
  public AofReader(ByteInput in) {
    this(in, RespLimits.LOG, 0);
  }

  /// As above, with other limits on what is believed, and the database selected before: that of a
  /// replication stream which goes on in the middle.
  public AofReader(ByteInput in, RespLimits limits, int db) {
    this.cursor = new AofCursor(in, db);
    this.limits = limits;
  }

  /// The next record; [AofRecord.End] when there is none. Blocks until the record is complete.
  ///
  /// @throws CorruptInputException if the next bytes are no record
  public AofRecord next() throws IOException {
    return switch (cursor.next()) {
      case COMMAND -> command();
      case TIME_MARK -> cursor.time().orElseThrow();
      case DATABASE_MARK ->
          new AofRecord.DatabaseMark(cursor.offset(), cursor.length(), cursor.db());
      case POSITION_MARK ->
          new AofRecord.PositionMark(
              cursor.offset(),
              cursor.length(),
              cursor.replicationId().orElseThrow(),
              cursor.streamOffset());
      case LENGTH_MARK ->
          new AofRecord.LengthMark(cursor.offset(), cursor.length(), cursor.streamLength());
      case ANNOTATION ->
          new AofRecord.Annotation(cursor.offset(), cursor.length(), cursor.annotation());
      case END -> cursor.end();
    };
  }

  private AofRecord command() throws IOException {
    Optional<List<byte[]>> args = cursor.arguments(limits);
    return args.isEmpty()
        ? cursor.end()
        : new AofRecord.Command(
            cursor.offset(),
            cursor.length(),
            cursor.db(),
            args.get(),
            cursor.isInTransaction(),
            cursor.time());
  }

  /// The end of the last record that is complete and in no open transaction.
  public long goodOffset() {
    return cursor.goodOffset();
  }

  /// The database that the next command acts on.
  public int db() {
    return cursor.db();
  }

  /// The newest time mark so far.
  public Optional<TimeMark> time() {
    return cursor.time();
  }
}
