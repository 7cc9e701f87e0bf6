package io.redrill.backup.recovery;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.source.DatasetSummarizer;
import io.redrill.backup.source.ServerInfo;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.DumpStream;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.digest.DatasetDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads everything that a running server holds, with `SCAN` and `DUMP`, and compares it with an
/// RDB file by digest. Values of any size are read as they come.
///
/// Keys that have expired, or will before the comparison can be over, are left out on both sides.
/// Before 7.0 a server does not tell when a key expires, only how long it has left, which is not
/// exact; there the expiries themselves are not compared.
///
/// While a server's table of keys shrinks, `SCAN` may name a key twice. Reading a key moves the
/// table on, so that a second reading is free of it; only what differs twice is a difference.
final class TargetComparison {

  /// How far ahead an expiry must lie to be sure to outlive the comparison.
  private static final Duration MARGIN = Duration.ofMinutes(10);

  /// How many keys are asked for at once, about.
  private static final byte[] PAGE = bytes("100");

  /// A larger payload is read as it comes.
  private static final int HELD_BYTES = RdbReading.DEFAULT.heldBytes();

  private static final DumpPayload NO_VALUE = new DumpPayload(RdbType.STRING, new byte[0]);

  private final RespConnection connection;
  private final String address;
  private final Path rdb;
  private RdbDialect dialect = RdbDialect.REDIS;

  TargetComparison(RespConnection connection, String address, Path rdb) {
    this.connection = connection;
    this.address = address;
    this.rdb = rdb;
  }

  /// @throws RedrillException with [ErrorCode#TARGET_DIFFERS] if the two are not equal
  void run(Instant now) throws IOException {
    long horizon = now.plus(MARGIN).toEpochMilli();
    Manifest.Server server = ServerInfo.ask(connection, "server").server();
    dialect = server.product().equals("valkey") ? RdbDialect.VALKEY : RdbDialect.REDIS;
    boolean exact = tellsExpiry();
    Side expected = new Side(horizon, exact);
    int databases = readFile(expected);
    Side found = readServer(databases, horizon, exact, now);
    if (!expected.digest.equals(found.digest)) {
      found = readServer(databases, horizon, exact, now);
    }
    if (!expected.digest.equals(found.digest)) {
      throw new RedrillException(
          ErrorCode.TARGET_DIFFERS,
          "target",
          address,
          "expected",
          DatasetSummarizer.summary(expected.digest).keys() + " keys, " + expected.fingerprint(),
          "found",
          DatasetSummarizer.summary(found.digest).keys() + " keys, " + found.fingerprint());
    }
  }

  private boolean tellsExpiry() throws IOException {
    try {
      connection.call("PEXPIRETIME", "redrill:no-such-key");
      return true;
    } catch (RespErrorException e) {
      if (e.code().equals("ERR")) {
        return false; // it has no such command
      }
      throw e;
    }
  }

  /// What one of the two holds, without what expires before the horizon.
  private static final class Side {

    private final DatasetDigest digest;
    private final long horizon;
    private final boolean exact;

    Side(long horizon, boolean exact) {
      this.digest = DatasetDigest.notExpiredAt(horizon);
      this.horizon = horizon;
      this.exact = exact;
    }

    /// Adds the key that `cursor` is at, whose value may be of any size.
    void add(RdbCursor cursor) throws IOException {
      if (exact || cursor.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY) {
        digest.add(cursor);
      } else {
        add(cursor.entry());
      }
    }

    void add(RdbRecord.Entry entry) throws IOException {
      boolean expires = entry.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY;
      if (expires && entry.expireAtMillis() <= horizon) {
        return;
      }
      digest.add(
          exact || !expires
              ? entry
              : new RdbRecord.Entry(
                  entry.db(),
                  entry.key(),
                  RdbRecord.Entry.NO_EXPIRY,
                  -1,
                  -1,
                  entry.type(),
                  entry.value()));
    }

    String fingerprint() {
      return digest.fingerprint().hex();
    }
  }

  private int readFile(Side side) throws IOException {
    int databases = 0;
    try (ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
      RdbCursor cursor = new RdbCursor(in);
      for (Step step = cursor.next(); step != Step.END; step = cursor.next()) {
        if (step == Step.KEY) {
          databases = Math.max(databases, cursor.db() + 1);
          side.add(cursor);
        }
      }
    }
    return databases;
  }

  private Side readServer(int databases, long horizon, boolean exact, Instant now)
      throws IOException {
    Side side = new Side(horizon, exact);
    for (int db = 0; db < databases; db++) {
      readDatabase(db, side, exact, now);
    }
    return side;
  }

  private void readDatabase(int db, Side side, boolean exact, Instant now) throws IOException {
    connection.call("SELECT", String.valueOf(db));
    byte[] cursor = bytes("0");
    do {
      List<RespReply> page =
          connection.call(List.of(bytes("SCAN"), cursor, bytes("COUNT"), PAGE)).asList();
      cursor = page.get(0).asBytes();
      List<RespReply> keys = page.get(1).asList();
      for (RespReply key : keys) {
        connection.send(List.of(bytes(exact ? "PEXPIRETIME" : "PTTL"), key.asBytes()));
        connection.send(List.of(bytes("DUMP"), key.asBytes()));
      }
      for (RespReply key : keys) {
        add(db, key.asBytes(), side, exact, now);
      }
    } while (!"0".equals(new String(cursor, StandardCharsets.US_ASCII)));
  }

  /// A key that cannot be read is not one that is not there.
  private static void refuse(String command, RespReply reply) throws RespErrorException {
    if (reply instanceof RespReply.ErrorReply(String text)) {
      throw new RespErrorException(command, text);
    }
  }

  private void add(int db, byte[] key, Side side, boolean exact, Instant now) throws IOException {
    RespReply answer = connection.receive();
    refuse(exact ? "PEXPIRETIME" : "PTTL", answer);
    long time = answer.asLong();
    long expireAt = time < 0 ? RdbRecord.Entry.NO_EXPIRY : exact ? time : now.toEpochMilli() + time;
    Optional<RespReply> payload =
        connection.receive(
            HELD_BYTES,
            (bytes, length) ->
                DumpStream.read(
                    bytes, length, dialect, entry(db, key, expireAt, NO_VALUE), side::add));
    if (payload.isPresent()) {
      refuse("DUMP", payload.get());
      if (payload.get() instanceof RespReply.BulkString(byte[] bytes)) {
        side.add(entry(db, key, expireAt, DumpPayload.parse(bytes)));
      }
    }
  }

  private static RdbRecord.Entry entry(int db, byte[] key, long expireAt, DumpPayload value) {
    return new RdbRecord.Entry(db, key, expireAt, -1, -1, value.type(), value.value());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
