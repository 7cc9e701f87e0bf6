package io.redrill.aof;

import io.redrill.aof.resp.RespLimits;
import io.redrill.aof.resp.RespWriter;
import io.redrill.rdb.ByteSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

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

  /// Appends the command at hand of `log`, a replication stream, with its own `SELECT`s, and so
  /// completes it: byte for byte, behind a mark of `nowMillis` where the second is a new one; but
  /// an expiry that counts from receipt becomes a moment ([AbsoluteExpiry]), behind a note of what
  /// it takes in the stream. False says that the stream ends in the middle of it.
  public boolean receive(AofCursor log, long nowMillis) throws IOException {
    mark(nowMillis);
    if (!AbsoluteExpiry.mayChange(log)) {
      return copyAsIs(log);
    }
    Optional<List<byte[]>> args = log.arguments(RespLimits.LOG);
    if (args.isEmpty()) {
      return false;
    }
    List<byte[]> absolute = AbsoluteExpiry.of(args.get(), nowMillis);
    if (!absolute.equals(args.get())) {
      note("REDRILL:AS=" + log.length());
    }
    commands.writeCommand(absolute);
    noteTransaction(log.name());
    return true;
  }

  private boolean copyAsIs(AofCursor log) throws IOException {
    if (!log.copyTo(out)) {
      return false;
    }
    noteTransaction(log.name());
    return true;
  }

  /// Appends an annotation, without `#` and line end. Servers skip it.
  public void note(String text) throws IOException {
    out.write(("#" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Appends `SELECT`, if another database or none is selected.
  public void select(int db) throws IOException {
    if (db != this.db) {
      commands.writeCommand("SELECT", Integer.toString(db));
      this.db = db;
    }
  }

  /// Whether a transaction is open: it has had its `MULTI`, and not its `EXEC`.
  public boolean isInTransaction() {
    return inTransaction;
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
      note("TS:" + second);
    }
  }
}
