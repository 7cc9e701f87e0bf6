package io.redrill.aof;

import io.redrill.aof.resp.RespWriter;
import io.redrill.rdb.ByteSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Appends commands to an append-only file, with `SELECT` wherever the database changes.
///
/// The first command is always preceded by `SELECT`, as in the files that servers write. The
/// `OutputStream` should be buffered; nothing is flushed here. Not safe for use by several threads.
public final class AofWriter {

  private static final int UNKNOWN = -1;

  private final OutputStream out;
  private final RespWriter commands;
  private int db = UNKNOWN;
  private long markedSecond = Long.MIN_VALUE;
  private boolean inTransaction;

  /// Writes to `out`, which stays the caller's to flush and close.
  public AofWriter(OutputStream out) {
    this.out = out;
    this.commands = new RespWriter(out);
  }

  /// Appends a command that acts on database `db`. `SELECT` itself is not for the caller to write.
  public void write(int db, List<byte[]> args) throws IOException {
    select(db);
    commands.writeCommand(args);
    noteTransaction(ByteSlice.of(args.getFirst()));
  }

  /// Appends the command at hand of `log`, byte for byte, and so completes it; false says that the
  /// log ends in the middle of it, and some of it is written.
  ///
  /// @param visitor is shown the arguments
  public boolean copy(AofCursor log, ArgumentVisitor visitor) throws IOException {
    select(log.db());
    if (!log.copyTo(out, visitor)) {
      return false;
    }
    noteTransaction(log.name());
    return true;
  }

  private void select(int db) throws IOException {
    if (db != this.db) {
      commands.writeCommand("SELECT", Integer.toString(db));
      this.db = db;
    }
  }

  private void noteTransaction(ByteSlice name) {
    inTransaction = inTransaction ? !CommandName.is(name, "EXEC") : CommandName.is(name, "MULTI");
  }

  /// Says that what follows is written at `unixMillis`: a `#TS:` line if the second is another than
  /// that of the last mark, and no transaction is open.
  public void mark(long unixMillis) throws IOException {
    long second = Math.floorDiv(unixMillis, 1000);
    if (second != markedSecond && !inTransaction) {
      markedSecond = second;
      out.write(("#TS:" + second + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
  }
}
