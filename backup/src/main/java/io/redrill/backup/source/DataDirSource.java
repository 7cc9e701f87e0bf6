package io.redrill.backup.source;

import io.redrill.aof.AofManifest;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Manifest;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/// Has a server on this host write its files, and reads them from its directory.
///
/// A snapshot is a `BGSAVE`, and it counts only if *this* save succeeded. The server tells the time
/// of its last save in whole seconds, which cannot tell two saves apart; the file can: a save makes
/// a new file and renames it over the old one. The old file is held open meanwhile, so that its
/// identity cannot come back.
///
/// ```
/// open old file ── BGSAVE ── wait: no save in progress ── status ok? ── another file? ── read it
/// ```
public final class DataDirSource implements Source {

  private static final int ATTEMPTS = 3;

  private final ServerEndpoint endpoint;
  private final Optional<Path> directory;
  private final Duration saveTimeout;
  private final InstantSource clock;

  /// A source at `endpoint`, which must run on this host.
  ///
  /// @param directory where the server's files are seen here, if not where the server says
  /// @param saveTimeout how long a save or rewrite may take
  public DataDirSource(
      ServerEndpoint endpoint,
      Optional<Path> directory,
      Duration saveTimeout,
      InstantSource clock) {
    this.endpoint = endpoint;
    this.directory = directory;
    this.saveTimeout = saveTimeout;
    this.clock = clock;
  }

  @Override
  public CaptureMode capture() {
    return CaptureMode.DATA_DIR;
  }

  @Override
  public String location() {
    return SourceUrl.location(endpoint);
  }

  @Override
  public SnapshotFeed snapshot() {
    try (RespConnection connection = Greeting.connect(endpoint)) {
      Path file = serverDirectory(connection).resolve(name(connection, "dbfilename", "dump.rdb"));
      ServerInfo info = ServerInfo.ask(connection, "server");
      info.requireStandalone(location());
      Manifest.Server server = info.server();
      for (int attempt = 1; ; attempt++) {
        Optional<SnapshotFeed> feed = save(connection, file, server);
        if (feed.isPresent()) {
          return feed.get();
        }
        if (attempt == ATTEMPTS) {
          throw new RedrillException(
              ErrorCode.SAVE_FAILED,
              "source",
              location(),
              "problem",
              "other saves ran, or replaced the file before it could be opened, each time");
        }
      }
    } catch (IOException e) {
      throw Failures.of(e, "source", location());
    }
  }

  /// One save; empty if another one was begun first, or replaced its file before it could be
  /// opened.
  private Optional<SnapshotFeed> save(RespConnection connection, Path file, Manifest.Server server)
      throws IOException {
    ServerWait wait = new ServerWait(connection, location(), saveTimeout, clock);
    wait.untilIdle("rdb_bgsave_in_progress", "aof_rewrite_in_progress");
    Optional<FileChannel> oldFile = openIfThere(file);
    try {
      Optional<Object> oldKey = key(file);
      long savesBefore = ServerInfo.ask(connection, "persistence").number("rdb_saves", -1);
      if (!begin(connection)) {
        return Optional.empty();
      }
      Instant takenAt = clock.instant();
      ServerInfo after = wait.untilIdle("rdb_bgsave_in_progress");
      String status = after.field("rdb_last_bgsave_status").orElse("unknown");
      if (!status.equals("ok")) {
        throw failed("the server says of its last save: " + status);
      }
      if (!Files.exists(file)) {
        throw new RedrillException(
            ErrorCode.DIRECTORY_UNREADABLE,
            "source",
            location(),
            "path",
            file,
            "problem",
            "the server saved, but there is no such file here; is it another directory?");
      }
      if (key(file).equals(oldKey)) {
        throw failed(
            "the server says that it saved, but %s is still the file of before: is this its directory?"
                .formatted(file));
      }
      FileChannel channel = open(file);
      long saves = ServerInfo.ask(connection, "persistence").number("rdb_saves", -1);
      if (saves > savesBefore + 1 && savesBefore >= 0) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(feed(channel, file, takenAt, server));
    } finally {
      if (oldFile.isPresent()) {
        oldFile.get().close();
      }
    }
  }

  /// Whether the save that runs now is ours.
  private boolean begin(RespConnection connection) throws IOException {
    try {
      connection.call("BGSAVE");
      return true;
    } catch (RespErrorException e) {
      if (e.serverText().contains("in progress")) {
        return false;
      }
      throw RedrillException.causedBy(
          e, ErrorCode.SAVE_REFUSED, "source", location(), "answer", e.serverText());
    }
  }

  private RedrillException failed(String problem) {
    return new RedrillException(ErrorCode.SAVE_FAILED, "source", location(), "problem", problem);
  }

  private Optional<FileChannel> openIfThere(Path file) throws IOException {
    return Files.exists(file) ? Optional.of(open(file)) : Optional.empty();
  }

  private FileChannel open(Path file) {
    try {
      return FileChannel.open(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static Optional<Object> key(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return Optional.of(
        Objects.requireNonNullElse(attributes.fileKey(), attributes.lastModifiedTime()));
  }

  private RedrillException unreadable(Path path, IOException cause) {
    return RedrillException.causedBy(
        cause, ErrorCode.DIRECTORY_UNREADABLE, "source", location(), "path", path);
  }

  private static SnapshotFeed feed(
      FileChannel channel, Path file, Instant takenAt, Manifest.Server server) {
    ByteInput input = new ByteInput(Channels.newInputStream(channel), file.toString());
    return new FileFeed(input, takenAt, Optional.empty(), server);
  }

  /// Has the server rewrite its append-only file, and waits until *this* rewrite has succeeded.
  ///
  /// @throws RedrillException with [ErrorCode#AOF_DISABLED], [ErrorCode#REWRITE_FAILED] or
  ///   [ErrorCode#SAVE_TIMEOUT]
  public void rewriteLog() {
    try (RespConnection connection = Greeting.connect(endpoint)) {
      AofLocation aof = aof(connection);
      String before = aof.manifest().base().map(AofManifest.Part::name).orElse("");
      ServerWait wait = new ServerWait(connection, location(), saveTimeout, clock);
      wait.untilIdle("rdb_bgsave_in_progress", "aof_rewrite_in_progress", "aof_rewrite_scheduled");
      try {
        connection.call("BGREWRITEAOF");
      } catch (RespErrorException e) {
        throw RedrillException.causedBy(
            e, ErrorCode.REWRITE_FAILED, "source", location(), "answer", e.serverText());
      }
      ServerInfo after = wait.untilIdle("aof_rewrite_in_progress", "aof_rewrite_scheduled");
      String status = after.field("aof_last_bgrewrite_status").orElse("unknown");
      if (!status.equals("ok")
          || aof.manifest().base().map(AofManifest.Part::name).orElse("").equals(before)) {
        throw new RedrillException(
            ErrorCode.REWRITE_FAILED, "source", location(), "status", status);
      }
    } catch (IOException e) {
      throw Failures.of(e, "source", location());
    }
  }

  /// Where the server's append-only file lies.
  ///
  /// @throws RedrillException with [ErrorCode#AOF_DISABLED]
  public AofLocation aof() {
    try (RespConnection connection = Greeting.connect(endpoint)) {
      return aof(connection);
    } catch (IOException e) {
      throw Failures.of(e, "source", location());
    }
  }

  /// The base of a multi-part AOF as an image that stands at `position`. Its moment is the start of
  /// the rewrite, which the RDB gives in whole seconds: the end of that second is said.
  ///
  /// @throws RedrillException with [ErrorCode#AOF_BASE_NOT_RDB], or if it is gone already
  public SnapshotFeed base(AofLocation location, AofManifest.Part base, LogPosition position) {
    Path file = location.path(base);
    try {
      Instant takenAt = requireRdb(file).plusMillis(999);
      Manifest.Server server = server();
      ByteInput input = new ByteInput(Files.newInputStream(file), file.toString());
      return new FileFeed(input, takenAt, Optional.of(position), server);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// When the RDB in `file` was begun, in whole seconds.
  ///
  /// @throws RedrillException with [ErrorCode#AOF_BASE_NOT_RDB] if it is none
  public Instant requireRdb(Path file) {
    try {
      return RdbAux.created(file)
          .orElseThrow(() -> new RedrillException(ErrorCode.AOF_BASE_NOT_RDB, "file", file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private AofLocation aof(RespConnection connection) throws IOException {
    if (ServerInfo.ask(connection, "persistence").number("aof_enabled", 0) == 0) {
      throw new RedrillException(ErrorCode.AOF_DISABLED, "source", location());
    }
    ServerInfo.ask(connection, "server").requireStandalone(location());
    Path aofDirectory =
        serverDirectory(connection).resolve(name(connection, "appenddirname", "appendonlydir"));
    AofLocation location =
        new AofLocation(aofDirectory, name(connection, "appendfilename", "appendonly.aof"));
    if (directory.isPresent() && !isOf(connection, location)) {
      throw new RedrillException(
          ErrorCode.DIRECTORY_UNREADABLE,
          "source",
          location(),
          "path",
          aofDirectory,
          "problem",
          "the append-only file there has another size than the server says of its own");
    }
    return location;
  }

  /// Whether the files are the server's own, as far as their size tells. A directory that somebody
  /// named may be that of another server.
  private static boolean isOf(RespConnection connection, AofLocation location) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      AofManifest before = location.manifest();
      long atLeast = location.sizeBytes(before);
      ServerInfo info = ServerInfo.ask(connection, "persistence");
      long size = info.number("aof_current_size", -1);
      boolean fits = atLeast <= size && size <= location.sizeBytes(before);
      boolean unsettled =
          size < 0
              || info.number("aof_rewrite_in_progress", 0) != 0
              || !location.manifest().equals(before);
      if (fits || unsettled) {
        return true;
      }
    }
    return false;
  }

  /// Who the server says it is.
  public Manifest.Server server() {
    try (RespConnection connection = Greeting.connect(endpoint)) {
      return ServerInfo.ask(connection, "server").server();
    } catch (IOException e) {
      throw Failures.of(e, "source", location());
    }
  }

  private Path serverDirectory(RespConnection connection) throws IOException {
    Path path = directory.isPresent() ? directory.get() : toldDirectory(connection);
    if (!Files.isDirectory(path)) {
      throw new RedrillException(
          ErrorCode.DIRECTORY_UNREADABLE, "source", location(), "path", path);
    }
    return path;
  }

  private Path toldDirectory(RespConnection connection) throws IOException {
    String text = told(connection, "dir").orElse("");
    if (text.isEmpty()) {
      throw new RedrillException(
          ErrorCode.DIRECTORY_UNREADABLE,
          "source",
          location(),
          "problem",
          "the server does not tell its directory (CONFIG GET dir)");
    }
    return Path.of(text);
  }

  private static String name(RespConnection connection, String setting, String otherwise)
      throws IOException {
    return told(connection, setting).orElse(otherwise);
  }

  /// The value of a setting; empty where the server has none or may not tell it.
  private static Optional<String> told(RespConnection connection, String setting)
      throws IOException {
    try {
      return ServerInfo.setting(connection, setting).filter(value -> !value.isEmpty());
    } catch (RespErrorException e) {
      return Optional.empty();
    }
  }
}
