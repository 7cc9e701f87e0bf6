package io.redrill.backup.recovery;

import io.redrill.aof.RestoreCommands;
import io.redrill.aof.RestoreOptions;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes the keys and function libraries of an RDB file into a running server, in the place of
/// those of the same names: [RestoreCommands], pipelined.
///
/// Memory: the largest value that is held, and the keys whose commands have not been answered.
final class TargetWriter {

  /// How many bytes may be on their way to the target without an answer.
  private static final long WINDOW_BYTES = 8L * 1024 * 1024;

  /// How many commands may be.
  private static final int WINDOW_COMMANDS = 1_000;

  private final RespConnection connection;
  private final String address;
  private final RestoreCommands commands;

  /// The keys that no answer has come to yet.
  private final Deque<Sent> unanswered = new ArrayDeque<>();

  private final Set<String> libraries = new HashSet<>();
  private final List<String> unrestored = new ArrayList<>();
  private Sent about = new Sent(0, 0, new byte[0]);
  private long windowBytes;
  private long answered;

  /// A key, from whose first command on the answers are about it.
  private record Sent(long firstCommand, int db, byte[] key) {}

  /// @param options how the target takes keys
  TargetWriter(RespConnection connection, String address, RestoreOptions options) {
    this.connection = connection;
    this.address = address;
    this.commands = new RestoreCommands(new Window(), options);
  }

  /// Writes everything in the file `rdb`, which is read as `how` says.
  ///
  /// @throws RedrillException with [ErrorCode#RESTORE_INCOMPLETE] if the target refuses a key
  void write(Path rdb, RdbReading how) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(rdb), rdb.toString())) {
      RdbCursor cursor = new RdbCursor(in, how);
      while (true) {
        switch (cursor.next()) {
          case KEY -> {
            long before = commands.commands();
            unanswered.add(new Sent(before, cursor.db(), cursor.key().toByteArray()));
            commands.key(cursor);
            if (commands.commands() == before) {
              unanswered.removeLast(); // a collection without elements, of which nobody answers
            }
            if (commands.commands() - answered >= WINDOW_COMMANDS) {
              settle();
            }
          }
          case RECORD -> {
            if (cursor.record() instanceof RdbRecord.FunctionLibrary library) {
              load(library);
            }
          }
          case END -> {
            settle();
            return;
          }
        }
      }
    }
  }

  /// What goes to the target, which takes a pause for answers where there is much of it.
  private final class Window extends OutputStream {

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      connection.output().write(bytes, from, length);
      windowBytes += length;
      if (windowBytes >= WINDOW_BYTES) {
        // The last command may not be complete.
        receiveUpTo(commands.commands() - 1);
        windowBytes = 0;
      }
    }
  }

  private void settle() throws IOException {
    commands.flush();
    receiveUpTo(commands.commands());
    windowBytes = 0;
  }

  private void receiveUpTo(long command) throws IOException {
    while (answered < command) {
      while (!unanswered.isEmpty() && unanswered.element().firstCommand() <= answered) {
        about = unanswered.remove();
      }
      if (connection.receive() instanceof RespReply.ErrorReply(String text)) {
        throw new RedrillException(
            ErrorCode.RESTORE_INCOMPLETE,
            "target",
            address,
            "db",
            about.db(),
            "key",
            KeyText.of(about.key()),
            "answer",
            text);
      }
      answered++;
    }
  }

  private void load(RdbRecord.FunctionLibrary library) throws IOException {
    settle();
    try {
      libraries.add(
          connection
              .call(List.of(bytes("FUNCTION"), bytes("LOAD"), bytes("REPLACE"), library.source()))
              .asText());
    } catch (RespErrorException e) {
      unrestored.add("a function library was refused by the target: " + e.getMessage());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// How many keys wait for answers: none once all is written.
  int unanswered() {
    return unanswered.size();
  }

  /// How many keys were written.
  long keys() {
    return commands.keys();
  }

  /// The names of the libraries that were loaded.
  Set<String> libraries() {
    return Set.copyOf(libraries);
  }

  /// What the target could not take, as sentences.
  List<String> unrestored() {
    List<String> all = new ArrayList<>(unrestored);
    commands
        .losses()
        .forEach((loss, count) ->
            all.add(
                "%s: %s (%s: %,d)".formatted(loss.content(), loss.effect(), loss.unit(), count)));
    return all;
  }
}
