package io.redrill.server.persistence;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.log.ServerLog;
import io.redrill.server.type.StoredValue;
import io.redrill.server.type.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Puts the records of one RDB into the keyspace, and keeps what the server has no use for but must
/// write back.
final class RdbLoader {

  private final Keyspace keyspace;
  private final CarriedRecords carried;
  private final ServerLog log;
  private final boolean dropExpired;
  private long loaded;
  private long expired;
  private String replicationId = "";
  private long replicationOffset = -1;

  /// Loads into `keyspace` and `carried`; keys whose time has passed are left out if `dropExpired`.
  RdbLoader(Keyspace keyspace, CarriedRecords carried, ServerLog log, boolean dropExpired) {
    this.keyspace = keyspace;
    this.carried = carried;
    this.log = log;
    this.dropExpired = dropExpired;
  }

  /// Loads the file.
  ///
  /// @throws FormatException if it is damaged
  /// @throws IOException if it cannot be read, or does not fit this server
  LoadReport load(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      return load(in);
    }
  }

  /// Loads the RDB that begins at the next byte of `in`, and takes exactly its bytes.
  LoadReport load(ByteInput in) throws IOException {
    RdbReader reader = new RdbReader(in);
    while (true) {
      switch (reader.next()) {
        case RdbRecord.Entry entry -> add(entry);
        case RdbRecord.Aux aux -> note(text(aux.name()), text(aux.value()));
        case RdbRecord.FunctionLibrary library -> carried.addFunctions(library.source());
        case RdbRecord.Verbatim verbatim -> carried.add(verbatim);
        case RdbRecord.SelectDb select -> database(select.db());
        case RdbRecord.HashTemplate _ -> {
          // Its hashes bring their fields with them.
        }
        case RdbRecord.ResizeDb _ -> {
          // A hint that is not needed: tables grow without a pause.
        }
        case RdbRecord.End _ -> {
          return new LoadReport(loaded, expired, replicationId, replicationOffset);
        }
      }
    }
  }

  private void add(RdbRecord.Entry entry) throws IOException {
    Database db = database(entry.db());
    if (dropExpired
        && entry.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY
        && entry.expireAtMillis() < keyspace.clock().millis()) {
      expired++;
      return;
    }
    if (db.peek(entry.key()) != null) {
      throw new LoadException(
          "RDB has duplicated key '%s' in DB %d".formatted(text(entry.key()), entry.db()));
    }
    Optional<Value> value = new StoredValue(entry.type(), entry.value()).toValue(keyspace.limits());
    if (value.isEmpty()) {
      log.notice("rdbLoadObject: skipping empty key: " + text(entry.key()));
      return;
    }
    KeyEntry added = db.load(entry.key(), value.get(), entry.expireAtMillis());
    if (entry.idleSeconds() >= 0) {
      added.usedAt(keyspace.clock().millis() - entry.idleSeconds() * 1000);
    }
    loaded++;
  }

  private Database database(int index) throws LoadException {
    if (index >= keyspace.databaseCount()) {
      throw new LoadException(
          "FATAL: Data file was created with a Redis server configured to handle more than %d databases. Exiting"
              .formatted(keyspace.databaseCount()));
    }
    return keyspace.database(index);
  }

  private void note(String name, String value) {
    switch (name) {
      case "redis-ver", "valkey-ver" -> log.notice("Loading RDB produced by version " + value);
      case "repl-id" -> replicationId = value;
      case "repl-offset" -> replicationOffset = number(value);
      default -> {
        // Fields about the writer that change nothing here.
      }
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
