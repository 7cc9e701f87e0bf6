package io.redrill.aof;

import io.redrill.aof.resp.RespWriter;
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
    if (db != this.db) {
      commands.writeCommand("SELECT", Integer.toString(db));
      this.db = db;
    }
    commands.writeCommand(args);
    inTransaction = inTransaction ? !isName(args, "EXEC") : isName(args, "MULTI");
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

  private static boolean isName(List<byte[]> args, String wanted) {
    byte[] name = args.getFirst();
    return name.length == wanted.length()
        && new String(name, StandardCharsets.ISO_8859_1).equalsIgnoreCase(wanted);
  }
}
