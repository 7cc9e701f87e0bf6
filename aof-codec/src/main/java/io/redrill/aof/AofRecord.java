package io.redrill.aof;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One record of a command log: an append-only file, a segment, or a replication stream.
///
/// Offsets are those of the input that was read; a record spans `[offset, offset + length)`.
public sealed interface AofRecord {

  /// The offset of the record's first byte.
  long offset();

  /// A command.
  ///
  /// @param db the database it acts on; for `SELECT`, the one that it selects
  /// @param args the name and its arguments; shared, to be treated as constant
  /// @param inTransaction whether it is `MULTI`, `EXEC`, or stands between them
  /// @param time the time mark that it stands under, if there was any before it
  record Command(
      long offset,
      long length,
      int db,
      List<byte[]> args,
      boolean inTransaction,
      Optional<TimeMark> time)
      implements AofRecord {

    /// The name in capitals.
    public String name() {
      return new String(args.getFirst(), StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
    }

    /// Whether the name is `wanted`, which is in capitals.
    public boolean is(String wanted) {
      return CommandName.is(args.getFirst(), wanted);
    }
  }

  /// What follows was written at this time or later: `#TS:<seconds>` of a server, or our own
  /// `#REDRILL:T=<milliseconds>`.
  ///
  /// A server's clock may step back, so marks need not rise.
  record TimeMark(long offset, long length, long unixMillis) implements AofRecord {}

  /// Our own `#REDRILL:DB=<n>`: what follows acts on database `db`.
  record DatabaseMark(long offset, long length, int db) implements AofRecord {}

  /// Our own `#REDRILL:AT=<replication ID>:<n>`: what follows are the bytes of that replication
  /// stream from its offset `streamOffset` on.
  record PositionMark(long offset, long length, String replicationId, long streamOffset)
      implements AofRecord {}

  /// Our own `#REDRILL:AS=<n>`: the command that follows stands for one that takes `streamLength`
  /// bytes in the replication stream.
  record LengthMark(long offset, long length, long streamLength) implements AofRecord {}

  /// Any other line that begins with `#`. Servers skip it.
  ///
  /// @param text the line without `#` and line end
  record Annotation(long offset, long length, String text) implements AofRecord {}

  /// The end of the input: always the last record, returned again by each further call.
  ///
  /// @param offset where the log would have to be cut to be whole: the end of the last record that
  ///   is complete and in no open transaction
  /// @param inputEnd the end of the input; what lies between is lost by such a cut
  record End(long offset, long inputEnd, Tail tail) implements AofRecord {

    /// How many bytes a cut at [#offset()] would drop.
    public long lostBytes() {
      return inputEnd - offset;
    }
  }

  /// How an input ends.
  sealed interface Tail {

    /// After a whole record, in no transaction.
    record Clean() implements Tail {}

    /// In the middle of the record that begins at `offset`.
    record CutInCommand(long offset) implements Tail {}

    /// In the transaction whose `MULTI` stands at `multiOffset`, after a whole record or not.
    record OpenTransaction(long multiOffset) implements Tail {}
  }
}
