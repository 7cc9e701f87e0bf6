package io.redrill.aof.follow;

import io.redrill.aof.AofCursor;
import io.redrill.aof.AofWriter;
import io.redrill.rdb.ByteInput;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// One file of a [FollowedLog], to which commands are appended.
///
/// Invariant: the first `goodBytes` bytes end behind a whole command, in no transaction, at `end`.
final class FollowedFile implements Closeable {

  private static final String FOLLOWED = "REDRILL:FOLLOWED times=receipt";
  private static final int BUFFER_BYTES = 256 * 1024;

  private final Path path;
  private final FileChannel channel;
  private final LocalOutput out;
  private long bytesBefore;
  private AofWriter writer;
  private StreamPlace end;
  private StreamPlace next;
  private long goodBytes;

  private FollowedFile(Path path, FileChannel channel, StreamPlace end) throws IOException {
    this.path = path;
    this.channel = channel;
    this.bytesBefore = channel.size();
    channel.position(bytesBefore);
    this.out =
        new LocalOutput(
            new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES), path);
    this.writer = new AofWriter(out);
    this.end = end;
    this.next = end;
    this.goodBytes = bytesBefore;
  }

  /// Makes a file that begins at `start`.
  static FollowedFile begin(Path path, StreamPlace start) throws IOException {
    // One of this name that no manifest names is left from an attempt that was interrupted.
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      FollowedFile file = new FollowedFile(path, channel, start);
      file.writer.note(FOLLOWED);
      file.writer.select(start.db());
      file.mark(start);
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Opens a file that was begun before, and cuts off what stands behind its last whole command or
  /// transaction.
  ///
  /// @throws FollowedLogException if it is none
  static FollowedFile reopen(Path path) throws IOException {
    Found found = read(path);
    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
    try {
      channel.truncate(found.bytes());
      channel.force(true);
      return new FollowedFile(path, channel, found.end());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Changes nothing.
  ///
  /// @throws FollowedLogException if the file was not followed into
  static void requireFollowed(Path path) throws IOException {
    read(path);
  }

  private record Found(StreamPlace end, long bytes) {}

  private static Found read(Path path) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(path), path.toString())) {
      AofCursor log = new AofCursor(in);
      boolean isOurs = log.next() == AofCursor.Step.ANNOTATION && log.annotation().equals(FOLLOWED);
      Found found = new Found(new StreamPlace("", 0, 0), 0);
      while (isOurs && log.next() != AofCursor.Step.END) {
        if (log.complete() && log.goodOffset() == in.offset()) {
          found =
              new Found(
                  new StreamPlace(log.replicationId().orElse(""), log.streamOffset(), log.db()),
                  in.offset());
        }
      }
      if (found.end().replicationId().isEmpty()) {
        throw new FollowedLogException(path, "this is no log that was followed");
      }
      return found;
    }
  }

  /// Says where in a stream what follows stands.
  void mark(StreamPlace at) throws IOException {
    writer.note("REDRILL:AT=%s:%d".formatted(at.replicationId(), at.offset()));
    end = at;
    next = at;
    goodBytes = size();
  }

  /// Drops what was appended behind [#end()].
  void rewind() throws IOException {
    out.flush();
    try {
      channel.truncate(goodBytes);
      channel.position(goodBytes);
    } catch (IOException e) {
      throw new FollowedLogException(path, e);
    }
    bytesBefore = goodBytes - out.count();
    writer = new AofWriter(out); // which knows of no open transaction
    next = end;
  }

  /// Appends the command at hand of `log`; false says that the stream ends in the middle of it.
  boolean append(AofCursor log, long nowMillis) throws IOException {
    if (!writer.receive(log, nowMillis)) {
      return false;
    }
    next = new StreamPlace(next.replicationId(), next.offset() + log.length(), log.db());
    if (isBetweenTransactions()) {
      end = next;
      goodBytes = size();
    }
    return true;
  }

  /// Whether the last command is in no transaction that is still open.
  boolean isBetweenTransactions() {
    return !writer.isInTransaction();
  }

  /// Where the log ends: behind the last command that is in no open transaction.
  StreamPlace end() {
    return end;
  }

  /// How many bytes it has, with what has not been written yet.
  long size() {
    return bytesBefore + out.count();
  }

  /// Makes everything durable.
  void sync() throws IOException {
    out.flush();
    if (!Files.exists(path)) {
      throw new FollowedLogException(path, "somebody removed the file that is written to");
    }
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new FollowedLogException(path, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
