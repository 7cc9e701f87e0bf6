package io.redrill.backup.recovery;

import io.redrill.aof.RestoreCommands;
import io.redrill.aof.RestoreOptions;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Manifest;
import io.redrill.backup.source.ServerInfo;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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

  /// Returns how the target takes keys.
  ///
  /// @throws RedrillException with one of the codes `TARGET_…` if the target is not fit
  RestoreOptions run() throws IOException {
    ServerInfo info = ServerInfo.ask(connection, "server", "replication", "keyspace");
    info.requireStandalone(address);
    if (info.field("role").filter("slave"::equals).isPresent()) {
      throw refused(ErrorCode.TARGET_IS_REPLICA);
    }
    if (!replace && (info.holdsKeys() || !new TargetFunctions(connection).names().isEmpty())) {
      throw refused(ErrorCode.TARGET_NOT_EMPTY);
    }
    RestoreOptions options =
        new RestoreOptions(
            /* replace= */ true, /* expand= */ false, isSince70(info), /* metadata= */ true);
    int databases = probeTypes(options, info);
    if (databases > 0
        && ask(List.of(bytes("SELECT"), bytes(String.valueOf(databases - 1))))
            instanceof RespReply.ErrorReply(String answer)) {
      if (!answer.startsWith("ERR ")) {
        throw new RespErrorException("SELECT", answer);
      }
      throw refused(ErrorCode.TARGET_DATABASES, "needed", databases, "answer", answer);
    }
    connection.call("SELECT", "0");
    return options;
  }

  private static boolean isSince70(ServerInfo info) {
    Manifest.Server server = info.server();
    return server.product().equals("valkey") || !server.version().matches("[0-6]\\..*");
  }

  /// Redis before 6.2 does not refuse a value of a module that it lacks: it ends. What its modules
  /// can hold cannot be asked, but whether it has any; and that only where it matters, as old or
  /// rented servers do not know the question.
  private boolean endsOnModules(ServerInfo info) throws IOException {
    return info.server().version().matches("([0-5]|6\\.[01])\\..*")
        && connection.call("MODULE", "LIST")
            instanceof RespReply.ArrayReply(List<RespReply> modules)
        && modules.isEmpty();
  }

  /// Tries a key of each type that is written as it is stored, and returns how many databases the
  /// file needs.
  private int probeTypes(RestoreOptions options, ServerInfo info) throws IOException {
    RestoreCommands commands = new RestoreCommands(OutputStream.nullOutputStream(), options);
    Set<RdbType> tried = EnumSet.noneOf(RdbType.class);
    int databases = 0;
    try (ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
      RdbCursor cursor = new RdbCursor(in, RestoreCommands.reading());
      for (Step step = cursor.next(); step != Step.END; step = cursor.next()) {
        if (step == Step.KEY) {
          databases = Math.max(databases, cursor.db() + 1);
          if (!tried.contains(cursor.type()) && commands.isRestored(cursor)) {
            if (cursor.type() == RdbType.MODULE_2 && endsOnModules(info)) {
              throw tooOld(cursor.entry(), "it has no modules");
            }
            probe(cursor.entry());
            tried.add(cursor.type());
          }
        }
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
      throw tooOld(sample, answer);
    }
  }

  private RedrillException tooOld(RdbRecord.Entry sample, String answer) {
    return refused(
        ErrorCode.TARGET_TOO_OLD,
        "type",
        sample.type(),
        "key",
        KeyText.of(sample.key()),
        "answer",
        answer);
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
