package io.redrill.backup.recovery;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Removes from a running server the keys that an RDB file does not have.
///
/// Memory is bounded: the target's keys are taken from `SCAN` a batch at a time, and for each batch
/// the file is read once to see which of them it has. Keys that other clients add meanwhile may or
/// may not be seen.
final class SurplusKeys {

  /// How many bytes of keys one batch may hold.
  private static final long BATCH_BYTES = 64L * 1024 * 1024;

  /// What a key costs beside its bytes, about.
  private static final int KEY_OVERHEAD_BYTES = 100;

  private static final String PAGE = "1000";

  private final RespConnection connection;
  private final Path rdb;

  /// Keys as text of one byte a character, which costs as much as the bytes and can be looked up.
  private final Set<String> batch = new HashSet<>();

  private long batchBytes;
  private long removed;

  SurplusKeys(RespConnection connection, Path rdb) {
    this.connection = connection;
    this.rdb = rdb;
  }

  /// Returns how many keys were removed.
  long remove() throws IOException {
    for (int db = 0; isDatabase(db); db++) {
      byte[] cursor = bytes("0");
      do {
        List<RespReply> reply =
            connection.call(List.of(bytes("SCAN"), cursor, bytes("COUNT"), bytes(PAGE))).asList();
        cursor = reply.get(0).asBytes();
        for (RespReply key : reply.get(1).asList()) {
          add(key.asBytes());
        }
        if (batchBytes >= BATCH_BYTES) {
          settle(db);
        }
      } while (!"0".equals(new String(cursor, StandardCharsets.US_ASCII)));
      settle(db);
    }
    return removed;
  }

  private boolean isDatabase(int db) throws IOException {
    connection.send("SELECT", String.valueOf(db));
    return !(connection.receive() instanceof RespReply.ErrorReply);
  }

  private void add(byte[] key) {
    if (batch.add(text(key))) {
      batchBytes += key.length + KEY_OVERHEAD_BYTES;
    }
  }

  /// Removes what remains of the batch when the keys of the file are taken out of it.
  private void settle(int db) throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    try (ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
      RdbCursor cursor = new RdbCursor(in);
      for (Step step = cursor.next(); step != Step.END; step = cursor.next()) {
        if (step == Step.KEY && cursor.db() == db) {
          batch.remove(text(cursor.key().toByteArray()));
        }
      }
    }
    List<byte[]> command = new ArrayList<>(List.of(bytes("DEL")));
    for (String key : batch) {
      command.add(key.getBytes(StandardCharsets.ISO_8859_1));
      if (command.size() > 500) {
        removed += connection.call(command).asLong();
        command = new ArrayList<>(List.of(bytes("DEL")));
      }
    }
    if (command.size() > 1) {
      removed += connection.call(command).asLong();
    }
    batch.clear();
    batchBytes = 0;
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
