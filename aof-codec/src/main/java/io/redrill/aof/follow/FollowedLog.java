package io.redrill.aof.follow;

import io.redrill.aof.AofCursor;
import io.redrill.aof.AofManifest;
import io.redrill.aof.AofManifest.Part;
import io.redrill.aof.AofNames;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The append-only file that follows a primary: a base, and behind it the bytes of the replication
/// stream as they came, in files of limited size.
///
/// ```
/// appendonly.aof.1.base.rdb   the snapshot of the full synchronisation
/// appendonly.aof.1.incr.aof
///   #REDRILL:FOLLOWED times=receipt
///   *2 SELECT <db>            a server begins each file at database 0
///   #REDRILL:AT=<id>:<n>      what follows is the stream from offset n on
///   #TS:<second>              received in that second or later
///   <bytes of the stream>
/// appendonly.aof.2.incr.aof   goes on where the first ends
/// appendonly.aof.manifest
/// follow.lock                 held while somebody follows
/// ```
///
/// The bytes are the primary's own, `PING` included, so that the offset of each record follows from
/// those before it; only an expiry that is told relative to now, as primaries up to 6.2 do, is
/// written as a moment, behind a `#REDRILL:AS=<n>` that says what it took in the stream.
///
/// A full synchronisation in the middle begins a new generation: a base and a file of the next
/// number, which the manifest names once they are durable. What was there before stays as history:
/// a primary that lost its data would else take the last copy along.
///
/// Invariants: the manifest names only files that are durable up to what was acknowledged; files
/// are only appended to, and cut back only behind their last whole command or transaction. For use
/// by one thread.
final class FollowedLog implements Closeable {

  private static final String LOCK = "follow.lock";
  private static final long MOST_HEAD_BYTES = 256;
  private static final String TEMPORARY_BASE = "temp-followed.base.rdb";

  private final Path directory;
  private final AofNames names;
  private final long fileBytes;
  private final FileChannel lockFile;
  private List<Part> parts = new ArrayList<>();
  private Optional<StreamPlace> end = Optional.empty();
  private Optional<FollowedFile> file = Optional.empty();

  private FollowedLog(Path directory, AofNames names, long fileBytes, FileChannel lockFile) {
    this.directory = directory;
    this.names = names;
    this.fileBytes = fileBytes;
    this.lockFile = lockFile;
  }

  /// Opens `directory`, which is made if it is not there; else it is empty, or was written by this.
  ///
  /// @param fileBytes a file of this size is followed by another
  /// @throws FollowedLogException if it holds something else, is in use, or cannot be written
  static FollowedLog open(Path directory, AofNames names, long fileBytes) throws IOException {
    try {
      return opened(directory, names, fileBytes);
    } catch (FileSystemException e) {
      throw new FollowedLogException(directory, e);
    }
  }

  private static FollowedLog opened(Path directory, AofNames names, long fileBytes)
      throws IOException {
    Files.createDirectories(directory);
    if (Files.exists(directory.resolve(names.manifest()))) {
      FollowedFile.requireFollowed(lastFile(directory, names));
    } else {
      requireNothingElse(directory, names);
    }
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      requireAlone(lockFile, directory);
      FollowedLog log = new FollowedLog(directory, names, fileBytes, lockFile);
      log.load();
      return log;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static void requireAlone(FileChannel lockFile, Path directory) throws IOException {
    boolean isAlone;
    try {
      isAlone = lockFile.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      isAlone = false; // somebody in this process
    }
    if (!isAlone) {
      throw new FollowedLogException(directory, "somebody else follows into this directory");
    }
  }

  private void load() throws IOException {
    Path manifest = directory.resolve(names.manifest());
    if (!Files.exists(manifest)) {
      return; // what else is here is left from an attempt that ended before its manifest
    }
    parts = new ArrayList<>(AofManifest.load(manifest).parts());
    FollowedFile opened = FollowedFile.reopen(lastFile(directory, names));
    file = Optional.of(opened);
    end = Optional.of(opened.end());
  }

  private static Path lastFile(Path directory, AofNames names) throws IOException {
    Path manifest = directory.resolve(names.manifest());
    List<Part> increments = AofManifest.load(manifest).increments();
    if (increments.isEmpty()) {
      throw new FollowedLogException(manifest, "this is no log that was followed");
    }
    return directory.resolve(increments.getLast().name());
  }

  /// Without a manifest there may be what an attempt left that ended before its first one: a base,
  /// and a log without a command.
  private static void requireNothingElse(Path directory, AofNames names) throws IOException {
    boolean isOurs = Files.exists(directory.resolve(LOCK));
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        String name = String.valueOf(entry.getFileName());
        boolean isLeft =
            name.equals(LOCK)
                || name.equals(TEMPORARY_BASE)
                || name.equals("temp-" + names.manifest())
                || name.equals(names.base(1, true))
                || (name.equals(names.increment(1)) && Files.size(entry) <= MOST_HEAD_BYTES);
        if (!isOurs || !isLeft) {
          throw new FollowedLogException(
              entry, "the directory is not empty, and no log that was followed");
        }
      }
    }
  }

  /// Where the log ends: everything before is durable when the directory has just been opened.
  Optional<StreamPlace> end() {
    return end;
  }

  /// Where to write the base of a new generation. What is there stays as it is.
  OutputStream beginBase() throws IOException {
    return new LocalOutput(
        new BufferedOutputStream(Files.newOutputStream(directory.resolve(TEMPORARY_BASE)), 1 << 18),
        directory.resolve(TEMPORARY_BASE));
  }

  /// Begins a new generation with the base that was written, and a log at `start`.
  void commitBase(StreamPlace start) throws IOException {
    try {
      long sequence = 1 + parts.stream().mapToLong(Part::sequence).max().orElse(0);
      String base = names.base(sequence, true);
      Path temporary = directory.resolve(TEMPORARY_BASE);
      try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(temporary, directory.resolve(base), StandardCopyOption.REPLACE_EXISTING);
      List<Part> generation = new ArrayList<>();
      generation.add(new Part(base, sequence, AofManifest.Type.BASE));
      List<Part> history = new ArrayList<>();
      for (Part part : parts) {
        history.add(
            new Part(
                part.name(),
                part.sequence(),
                AofManifest.Type.HISTORY,
                part.startOffset(),
                part.endOffset()));
      }
      closeFile();
      generation.addAll(history);
      parts = generation;
      end = Optional.of(start);
      beginFile(sequence);
    } catch (FollowedLogException e) {
      throw e;
    } catch (IOException e) {
      throw new FollowedLogException(directory, e);
    }
  }

  /// Goes on at [#end()] in the stream `replicationId`: the one before or, after a failover, the
  /// one that continues it. What was appended behind the end, of a transaction or command that was
  /// not finished, goes.
  void goOn(String replicationId) throws IOException {
    StreamPlace at = end.orElseThrow();
    end = Optional.of(new StreamPlace(replicationId, at.offset(), at.db()));
    file.orElseThrow().rewind();
    file.orElseThrow().mark(end.get());
  }

  /// Begins another file, made durable and named by the manifest.
  private void beginFile(long sequence) throws IOException {
    StreamPlace start = end.orElseThrow();
    String name = names.increment(sequence);
    FollowedFile begun = FollowedFile.begin(directory.resolve(name), start);
    file = Optional.of(begun);
    begun.sync();
    parts.add(
        new Part(
            name,
            sequence,
            AofManifest.Type.INCREMENTAL,
            OptionalLong.of(start.offset()),
            OptionalLong.empty()));
    new AofManifest(parts).store(directory, names.manifest());
  }

  private void closeFile() throws IOException {
    if (file.isPresent()) {
      FollowedFile open = file.get();
      file = Optional.empty();
      try (open) {
        open.rewind();
        open.sync();
      }
    }
  }

  /// Appends the command at hand of `log`, and so completes it; false says that the stream ends in
  /// the middle of it.
  ///
  /// @param nowMillis when it was received
  /// @throws FollowedLogException if it cannot be written
  boolean append(AofCursor log, long nowMillis) throws IOException {
    FollowedFile open = file.orElseThrow();
    if (!open.append(log, nowMillis)) {
      return false;
    }
    if (open.isBetweenTransactions()) {
      end = Optional.of(open.end());
      if (open.size() >= fileBytes) {
        try {
          long next = parts.getLast().sequence() + 1;
          closeFile();
          beginFile(next);
        } catch (FollowedLogException e) {
          throw e;
        } catch (IOException e) {
          throw new FollowedLogException(directory, e);
        }
      }
    }
    return true;
  }

  /// Makes everything appended durable, and says how far that is: the offset behind the last
  /// command outside of a transaction.
  long sync() throws IOException {
    file.orElseThrow().sync();
    return end.orElseThrow().offset();
  }

  @Override
  public void close() throws IOException {
    try (lockFile) {
      closeFile();
    }
  }
}
