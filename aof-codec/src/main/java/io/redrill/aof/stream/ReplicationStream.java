package io.redrill.aof.stream;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReader;
import io.redrill.aof.resp.RespReply;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Follows a primary as a replica: Redis 2.8 and later, Valkey, and our own server.
///
/// ```java
/// try (ReplicationStream stream = ReplicationStream.connect(options)) {
///   switch (stream.sync()) {
///     case SyncResult.FullSync full -> {
///       readRdb(full.snapshot().input());
///       full.snapshot().finish();
///     }
///     case SyncResult.Continued _ -> {}
///   }
///   ByteInput commands = stream.commands();   // commands.offset() is the replication offset
///   …
///   stream.acknowledge(durableOffset);
/// }
/// ```
///
/// The conversation:
///
/// ```
/// AUTH …, PING, REPLCONF listening-port / capa eof capa psync2 / version / rdb-only
/// PSYNC ? -1                     or  PSYNC <replication ID> <offset + 1>
///   \n …                         signs of life while the primary prepares the snapshot
///   +FULLRESYNC <id> <offset>    then a SnapshotPayload, then commands
///   +CONTINUE [<id>]             then commands
/// REPLCONF ACK <offset>          from us, each second and whenever the offset rises
/// ```
///
/// The acknowledged offset is what the caller says, not what was read: whoever acknowledges only
/// what is durable makes `WAIT` on the primary a statement about backups. Where the stream is
/// resumed, that is at first where the caller was; behind a snapshot it is 0 until the caller says
/// more. `REPLCONF GETACK` in the stream needs no answer of its own, as each rise is sent at once.
///
/// One thread reads; [#acknowledge] and [#close] may be called from others.
public final class ReplicationStream implements Closeable {

  private static final Pattern FULL_RESYNC =
      Pattern.compile("FULLRESYNC ([0-9a-zA-Z]{40}) ([0-9]{1,18})");
  private static final Pattern CONTINUE = Pattern.compile("CONTINUE(?: ([0-9a-zA-Z]{40}))?\\s*");

  private final RespConnection connection;
  private final ReplicationOptions options;
  private volatile Optional<Acknowledgements> acknowledgements = Optional.empty();

  private ReplicationStream(RespConnection connection, ReplicationOptions options) {
    this.connection = connection;
    this.options = options;
  }

  /// Connects and introduces itself; [#sync] or [#resume] is next.
  ///
  /// @throws ReplicationRefusedException if the server refuses
  /// @throws IOException if the server cannot be reached
  public static ReplicationStream connect(ReplicationOptions options) throws IOException {
    RespConnection connection = connection(options);
    try {
      ReplicationStream stream = new ReplicationStream(connection, options);
      stream.introduce();
      return stream;
    } catch (IOException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  private static RespConnection connection(ReplicationOptions options) throws IOException {
    try {
      return RespConnection.connect(options.endpoint());
    } catch (RespErrorException refused) {
      throw ReplicationRefusedException.of("AUTH", refused.serverText());
    }
  }

  private void introduce() throws IOException {
    try {
      connection.call("PING");
    } catch (RespErrorException refused) {
      throw ReplicationRefusedException.of("PING", refused.serverText());
    }
    if (options.listeningPort().isPresent()) {
      configure("listening-port", Integer.toString(options.listeningPort().getAsInt()));
    }
    configure("capa", "eof", "capa", "psync2");
    if (options.announcedVersion().isPresent()) {
      configure("version", options.announcedVersion().get());
    }
    if (options.rdbOnly()) {
      configure("rdb-only", "1");
    }
  }

  /// Each server knows some of these; the others answer with an error that means nothing, except
  /// for those that `PSYNC` would meet as well.
  private void configure(String... words) throws IOException {
    String[] command = new String[words.length + 1];
    command[0] = "REPLCONF";
    System.arraycopy(words, 0, command, 1, words.length);
    connection.send(command);
    if (connection.receive() instanceof RespReply.ErrorReply(String text)) {
      ReplicationRefusedException refusal = ReplicationRefusedException.of("REPLCONF", text);
      switch (refusal.reason()) {
        case CREDENTIALS, PERMISSION -> throw refusal;
        case LOADING, NO_PRIMARY, UNSUPPORTED, OTHER -> {
          // An unknown option, or the answer to PSYNC says it too.
        }
      }
    }
  }

  /// Asks for everything: a snapshot, then the commands after it. Blocks until the primary has the
  /// snapshot ready, which may take as long as its `BGSAVE`.
  ///
  /// @throws ReplicationRefusedException if the server refuses
  public SyncResult.FullSync sync() throws IOException {
    return sync(() -> {});
  }

  /// As above; runs `whenAnswered` when the primary says that the snapshot begins, which is the
  /// moment that the snapshot shows, long before it is ready.
  public SyncResult.FullSync sync(Runnable whenAnswered) throws IOException {
    String answer = psync("?", -1);
    whenAnswered.run();
    Matcher full = FULL_RESYNC.matcher(answer);
    if (!full.matches()) {
      throw unexpected("answer to PSYNC", answer);
    }
    return fullSync(full);
  }

  /// Asks for the commands after `offset` of the stream `replicationId`. A primary that no longer
  /// has them answers with a full synchronisation.
  ///
  /// @throws ReplicationRefusedException if the server refuses
  public SyncResult resume(String replicationId, long offset) throws IOException {
    return resume(replicationId, offset, () -> {});
  }

  /// As above; runs `whenAnswered` as [#sync(Runnable)] does.
  public SyncResult resume(String replicationId, long offset, Runnable whenAnswered)
      throws IOException {
    String answer = psync(replicationId, offset + 1);
    whenAnswered.run();
    Matcher full = FULL_RESYNC.matcher(answer);
    if (full.matches()) {
      return fullSync(full);
    }
    Matcher partial = CONTINUE.matcher(answer);
    if (!partial.matches()) {
      throw unexpected("answer to PSYNC", answer);
    }
    beginCommands(offset, offset);
    return new SyncResult.Continued(
        Optional.ofNullable(partial.group(1)).orElse(replicationId), offset);
  }

  private String psync(String replicationId, long nextOffset) throws IOException {
    connection.send("PSYNC", replicationId, Long.toString(nextOffset));
    connection.flush();
    skipSignsOfLife();
    return switch (connection.receive()) {
      case RespReply.SimpleString(String text) -> text;
      case RespReply.ErrorReply(String text) -> throw ReplicationRefusedException.of("PSYNC", text);
      case RespReply other -> throw unexpected("answer to PSYNC", other.getClass().getSimpleName());
    };
  }

  private SyncResult.FullSync fullSync(Matcher answer) throws IOException {
    long offset = Long.parseLong(answer.group(2));
    return new SyncResult.FullSync(answer.group(1), offset, snapshot(offset));
  }

  private SnapshotPayload snapshot(long offset) throws IOException {
    ByteInput in = connection.input();
    skipSignsOfLife();
    if (in.peek() == '-'
        && new RespReader(in).readReply() instanceof RespReply.ErrorReply(String text)) {
      throw ReplicationRefusedException.of("PSYNC", text);
    }
    String line = line();
    in.renumber(0);
    SnapshotFrame frame =
        SnapshotFrame.of(line).orElseThrow(() -> unexpected("frame of the snapshot", line));
    return new SnapshotPayload(in, frame, () -> beginCommands(offset, 0));
  }

  private void beginCommands(long offset, long processed) {
    connection.input().renumber(offset);
    if (!options.rdbOnly()) {
      acknowledgements =
          Optional.of(Acknowledgements.start(connection, options.acknowledgeInterval(), processed));
    }
  }

  private void skipSignsOfLife() throws IOException {
    while (connection.input().peek() == '\n') {
      connection.input().skip(1);
    }
  }

  private String line() throws IOException {
    ByteInput in = connection.input();
    StringBuilder line = new StringBuilder();
    for (int next = in.readByte(); next != '\n'; next = in.readByte()) {
      if (line.length() > SnapshotFrame.MOST_LINE_BYTES) {
        throw unexpected("frame of the snapshot", line.toString());
      }
      line.append((char) next);
    }
    return line.toString();
  }

  private CorruptInputException unexpected(String where, String found) {
    String printable = found.replaceAll("[^ -~]", "?");
    return new CorruptInputException(
        "unexpected %s: %s".formatted(where, printable),
        connection.input().name(),
        connection.input().offset());
  }

  /// The command stream. Its [ByteInput#offset()] is the replication offset: the number of stream
  /// bytes consumed so far. It ends when the primary hangs up.
  ///
  /// @throws IllegalStateException before the snapshot was finished, or if only that was wanted
  public ByteInput commands() {
    if (acknowledgements.isEmpty()) {
      throw new IllegalStateException("the command stream has not begun");
    }
    return connection.input();
  }

  /// Says that everything before `offset` has been processed; a lower offset than before is
  /// ignored. Never waits for the network.
  ///
  /// @throws IOException if an earlier acknowledgement could not be sent
  /// @throws IllegalStateException as for [#commands()]
  public void acknowledge(long offset) throws IOException {
    acknowledgements
        .orElseThrow(() -> new IllegalStateException("the command stream has not begun"))
        .raise(offset);
  }

  /// Hangs up. A thread that waits for bytes gets an exception.
  @Override
  public void close() throws IOException {
    acknowledgements.ifPresent(Acknowledgements::close);
    connection.close();
  }
}
