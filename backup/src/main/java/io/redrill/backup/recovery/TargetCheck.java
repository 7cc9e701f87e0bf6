package io.redrill.backup.recovery;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.ServerInfo;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Finds out, before anything is changed, whether a running server can take what an RDB file holds.
///
/// Whether it knows a type is tried with the real payload of the first key of that type: under a
/// name of our own, with an expiry in the past, for which `RESTORE` checks the payload and then
/// leaves nothing behind.
final class TargetCheck {

  private static final byte[] PROBE = bytes("redrill:restore-probe");

  private final RespConnection connection;
  private final String address;
  private final Path rdb;
  private final boolean replace;

  TargetCheck(RespConnection connection, String address, Path rdb, boolean replace) {
    this.connection = connection;
    this.address = address;
    this.rdb = rdb;
    this.replace = replace;
  }

  /// @throws RedrillException with one of the codes `TARGET_…` if the target is not fit
  void run() throws IOException {
    ServerInfo info = ServerInfo.ask(connection, "server", "replication", "keyspace");
    info.requireStandalone(address);
    if (info.field("role").filter("slave"::equals).isPresent()) {
      throw refused(ErrorCode.TARGET_IS_REPLICA);
    }
    if (!replace && (info.holdsKeys() || !new TargetFunctions(connection).names().isEmpty())) {
      throw refused(ErrorCode.TARGET_NOT_EMPTY);
    }
    Map<RdbType, RdbRecord.Entry> samples = new EnumMap<>(RdbType.class);
    int databases = readFile(samples);
    if (databases > 0
        && ask(List.of(bytes("SELECT"), bytes(String.valueOf(databases - 1))))
            instanceof RespReply.ErrorReply(String answer)) {
      if (!answer.startsWith("ERR ")) {
        throw new RespErrorException("SELECT", answer);
      }
      throw refused(ErrorCode.TARGET_DATABASES, "needed", databases, "answer", answer);
    }
    for (RdbRecord.Entry sample : samples.values()) {
      probe(sample);
    }
    connection.call("SELECT", "0");
  }

  /// Keeps the first key of each type, and returns how many databases the file needs.
  private int readFile(Map<RdbType, RdbRecord.Entry> samples) throws IOException {
    int databases = 0;
    try (ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
      RdbReader reader = new RdbReader(in);
      RdbRecord read = reader.next();
      while (!(read instanceof RdbRecord.End)) {
        if (read instanceof RdbRecord.Entry entry) {
          databases = Math.max(databases, entry.db() + 1);
          samples.putIfAbsent(entry.type(), entry);
        }
        read = reader.next();
      }
    }
    return databases;
  }

  private void probe(RdbRecord.Entry sample) throws IOException {
    RespReply reply =
        ask(
            List.of(
                bytes("RESTORE"),
                PROBE,
                bytes("1"),
                DumpPayload.of(sample),
                bytes("REPLACE"),
                bytes("ABSTTL")));
    if (reply instanceof RespReply.ErrorReply(String answer)) {
      if (!answer.contains("Bad data format") && !answer.contains("payload version")) {
        throw new RespErrorException("RESTORE", answer);
      }
      throw refused(
          ErrorCode.TARGET_TOO_OLD,
          "type",
          sample.type(),
          "key",
          new String(sample.key(), StandardCharsets.UTF_8),
          "answer",
          answer);
    }
  }

  private RespReply ask(List<byte[]> command) throws IOException {
    connection.send(command);
    return connection.receive();
  }

  private RedrillException refused(ErrorCode code, Object... context) {
    Object[] all = new Object[context.length + 2];
    all[0] = "target";
    all[1] = address;
    System.arraycopy(context, 0, all, 2, context.length);
    return new RedrillException(code, all);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
