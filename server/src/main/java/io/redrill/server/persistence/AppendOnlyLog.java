package io.redrill.server.persistence;

import io.redrill.aof.AofManifest;
import io.redrill.aof.AofManifest.Part;
import io.redrill.aof.AofNames;
import io.redrill.server.log.ServerLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The multi-part append-only log: which files it has, and what is appended to the last one.
///
/// **Appending.** Effects gather in a buffer, which is written before the replies of the commands
/// that had them leave ([#flush]). `appendfsync always` makes them durable at that point; with
/// `everysec` another thread does so about once a second.
///
/// **Rewriting.** At the instant of the new base's snapshot a new incremental file is begun and
/// listed, after the old base and the old files ([#beginRewrite]); the old list stays complete
/// whatever happens. When the new base is durable, one replacement of the manifest makes it the
/// base, and everything older history ([#finishRewrite]); then history is deleted, and dropped from
/// the list. A crash at any point leaves a manifest whose files are all there.
final class AppendOnlyLog implements Closeable {

  private final Path directory;
  private final AofNames names;
  private final ServerLog log;
  private final CommandBuffer buffer = new CommandBuffer();
  private final ExecutorService fsyncThread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("redrill-fsync").factory());
  private AofManifest manifest;
  private Optional<AofFile> file = Optional.empty();
  private long sizeBefore;
  private long sizeAtRewrite;
  private long unsyncedBytes;
  private long lastSyncNanos = System.nanoTime();
  private long lastMarkSecond = Long.MIN_VALUE;
  private boolean inTransaction;
  private volatile boolean syncing;
  private volatile Optional<String> syncError = Optional.empty();
  private Optional<String> writeError = Optional.empty();

  /// When appended effects are made durable; the values of `appendfsync`.
  enum Fsync {
    ALWAYS,
    EVERYSEC,
    NO;

    static Fsync of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /// Makes the log of `directory`, of which `manifest` lists the files; nothing is opened yet.
  AppendOnlyLog(Path directory, AofNames names, AofManifest manifest, ServerLog log)
      throws IOException {
    this.directory = directory;
    this.names = names;
    this.manifest = manifest;
    this.log = log;
    this.sizeBefore = sizeOf(manifest.loadOrder());
    this.sizeAtRewrite = sizeBefore;
  }

  /// Opens the last incremental file to append to it, or begins one.
  void open() throws IOException {
    Files.createDirectories(directory);
    Optional<Part> last = manifest.increments().stream().reduce((_, next) -> next);
    if (last.isPresent()) {
      AofFile opened = AofFile.open(directory.resolve(last.get().name()));
      file = Optional.of(opened);
      sizeBefore -= opened.size();
    } else {
      Part first = nextIncrement();
      file = Optional.of(AofFile.begin(directory.resolve(first.name())));
      store(with(first));
    }
    deleteHistory();
  }

  /// Whether effects are being appended.
  boolean isOpen() {
    return file.isPresent();
  }

  /// The files there are.
  AofManifest manifest() {
    return manifest;
  }

  /// Adds an effect to the buffer; `unixSeconds` marks it with a time, unless it is negative.
  void append(int db, byte[][] command, long unixSeconds) {
    if (unixSeconds >= 0 && unixSeconds != lastMarkSecond && !inTransaction) {
      lastMarkSecond = unixSeconds;
      buffer.append(("#TS:" + unixSeconds + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    buffer.append(db, command);
    if (command.length == 1) {
      inTransaction = !isWord(command[0], "EXEC") && (inTransaction || isWord(command[0], "MULTI"));
    }
  }

  /// Writes what has gathered, and makes it durable if `fsync` says always. After a failed write
  /// the effects stay in the buffer, to be tried again, and [#error()] tells.
  ///
  /// @throws IOException with `always` only: the effects are not durable, and their replies must
  ///   not leave
  void flush(Fsync fsync) throws IOException {
    AofFile target = file.orElse(null);
    if (target == null || (buffer.length() == 0 && !(fsync == Fsync.ALWAYS && unsyncedBytes > 0))) {
      return;
    }
    try {
      int length = buffer.length();
      target.append(buffer.array(), length);
      buffer.drop(length);
      unsyncedBytes += length;
      if (writeError.isPresent()) {
        log.warning("AOF write error looks solved, Redis can write again.");
        writeError = Optional.empty();
      }
      if (fsync == Fsync.ALWAYS) {
        target.force();
        unsyncedBytes = 0;
      }
    } catch (IOException e) {
      if (fsync == Fsync.ALWAYS) {
        throw e;
      }
      if (writeError.isEmpty()) {
        log.warning("Error writing to the AOF file: " + e.getMessage());
      }
      writeError = Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Does what is due from time to time: tries a failed write again, and with `everysec` starts an
  /// fsync when the last one was a second ago.
  void tick(Fsync fsync) throws IOException {
    flush(fsync);
    long now = System.nanoTime();
    if (fsync == Fsync.EVERYSEC
        && unsyncedBytes > 0
        && !syncing
        && now - lastSyncNanos >= TimeUnit.SECONDS.toNanos(1)) {
      lastSyncNanos = now;
      AofFile target = file.orElseThrow();
      unsyncedBytes = 0;
      syncing = true;
      fsyncThread.execute(() -> sync(target));
    }
  }

  /// Why effects could not be written or made durable last time, if so.
  Optional<String> error() {
    return writeError.or(() -> syncError);
  }

  /// Begins an incremental file for all effects from now on.
  ///
  /// @param first whether the log is only being switched on: then the file is listed together with
  ///   its base, when that is there
  void beginRewrite(boolean first) throws IOException {
    Files.createDirectories(directory);
    if (file.isPresent()) {
      flush(Fsync.ALWAYS);
    }
    Part next = nextIncrement();
    AofFile fresh = AofFile.begin(directory.resolve(next.name()));
    if (!first) {
      try {
        store(with(next));
      } catch (IOException e) {
        fresh.close();
        throw e;
      }
    } else {
      manifest = with(next);
    }
    if (file.isPresent()) {
      sizeBefore += file.get().size();
      file.get().close();
    }
    file = Optional.of(fresh);
    buffer.forgetDb();
    lastMarkSecond = Long.MIN_VALUE;
    unsyncedBytes = 0;
  }

  /// The file that the next base is to be.
  Path nextBase(boolean rdb) {
    return directory.resolve(names.base(nextSequence(AofManifest.Type.BASE), rdb));
  }

  /// A temporary file beside it.
  Path temporaryBase() {
    return directory.resolve("temp-rewriteaof-%d.aof".formatted(ProcessHandle.current().pid()));
  }

  /// Makes `base` the base, under the file begun with the rewrite; deletes what is superseded.
  void finishRewrite(Path base) throws IOException {
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part(
            base.getFileName().toString(),
            nextSequence(AofManifest.Type.BASE),
            AofManifest.Type.BASE));
    List<Part> increments = manifest.increments();
    int kept = file.isPresent() ? 1 : 0;
    int superseded = Math.max(0, increments.size() - kept);
    Stream.concat(manifest.base().stream(), increments.subList(0, superseded).stream())
        .map(old -> new Part(old.name(), old.sequence(), AofManifest.Type.HISTORY))
        .forEach(parts::add);
    parts.addAll(increments.subList(superseded, increments.size()));
    store(new AofManifest(parts));
    sizeBefore = Files.size(base);
    sizeAtRewrite = size();
    deleteHistory();
  }

  /// Bytes of the base and all incremental files.
  long size() {
    return sizeBefore + file.map(AofFile::size).orElse(0L);
  }

  /// What [#size()] was at the start or after the last rewrite.
  long sizeAtRewrite() {
    return sizeAtRewrite;
  }

  /// Bytes that wait to be written.
  int bufferedBytes() {
    return buffer.length();
  }

  /// Whether an fsync is under way on the other thread.
  boolean isSyncing() {
    return syncing;
  }

  /// Writes and makes durable everything, and closes the file.
  @Override
  public void close() throws IOException {
    try {
      flush(Fsync.ALWAYS);
    } finally {
      fsyncThread.close();
      if (file.isPresent()) {
        file.get().close();
        sizeBefore = size();
        file = Optional.empty();
      }
    }
  }

  private void sync(AofFile target) {
    try {
      target.force();
      syncError = Optional.empty();
    } catch (ClosedChannelException e) {
      // Whoever closed the file has made it durable before.
    } catch (IOException e) {
      log.warning("Error on fsync of the AOF file: " + e.getMessage());
      syncError = Optional.of(String.valueOf(e.getMessage()));
    } finally {
      syncing = false;
    }
  }

  private void deleteHistory() throws IOException {
    List<Part> live =
        manifest.parts().stream().filter(p -> p.type() != AofManifest.Type.HISTORY).toList();
    if (live.size() == manifest.parts().size()) {
      return;
    }
    for (Part part : manifest.parts()) {
      if (part.type() == AofManifest.Type.HISTORY) {
        Files.deleteIfExists(directory.resolve(part.name()));
      }
    }
    store(new AofManifest(live));
  }

  private void store(AofManifest next) throws IOException {
    next.store(directory, names.manifest());
    manifest = next;
  }

  private AofManifest with(Part part) {
    List<Part> parts = new ArrayList<>(manifest.parts());
    parts.add(part);
    return new AofManifest(parts);
  }

  private Part nextIncrement() {
    long sequence = nextSequence(AofManifest.Type.INCREMENTAL);
    return new Part(names.increment(sequence), sequence, AofManifest.Type.INCREMENTAL);
  }

  private long nextSequence(AofManifest.Type type) {
    return 1
        + manifest.parts().stream()
            .filter(part -> part.type() == type)
            .mapToLong(Part::sequence)
            .max()
            .orElse(0);
  }

  private long sizeOf(List<Part> parts) throws IOException {
    long bytes = 0;
    for (Part part : parts) {
      bytes += Files.size(directory.resolve(part.name()));
    }
    return bytes;
  }

  private static boolean isWord(byte[] word, String expected) {
    return word.length == expected.length()
        && new String(word, StandardCharsets.ISO_8859_1).equalsIgnoreCase(expected);
  }
}
