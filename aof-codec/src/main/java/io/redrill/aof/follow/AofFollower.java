package io.redrill.aof.follow;

import io.redrill.aof.AofCursor;
import io.redrill.aof.AofNames;
import io.redrill.aof.stream.PrimaryLocator;
import io.redrill.aof.stream.ReplicationOptions;
import io.redrill.aof.stream.ReplicationRefusedException;
import io.redrill.aof.stream.ReplicationStream;
import io.redrill.aof.stream.SyncResult;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Follows a primary as a replica that only writes an append-only file.
///
/// ```java
/// try (AofFollower follower = new AofFollower(options, directory, …)) {
///   follower.run();   // until another thread closes it
/// }
/// ```
///
/// What was received is made durable whenever nothing more waits to be read, and only then
/// acknowledged: `WAIT 1` on the primary returns when a write is on this disk. After a loss it
/// connects again, in pauses that become longer, and goes on where the durable log ends; where the
/// primary no longer has what follows, it takes a new snapshot, and the listener is told of the
/// gap. A failure of the disk, or a refusal that will not pass, ends it.
public final class AofFollower implements Closeable {

  private static final byte[] STREAM_DB = "repl-stream-db".getBytes(StandardCharsets.ISO_8859_1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final int MOST_DAMAGED = 5;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// Is told what happens, by the thread that runs. Nothing may be waited for there.
  public interface Listener {

    /// A full synchronisation has begun: the snapshot is that of `start`. `before` is where the log
    /// that is there ends, if there is one; what lies between is not in any log.
    void snapshot(StreamPlace start, Optional<StreamPlace> before);

    /// The stream is followed from `start` on.
    void following(StreamPlace start);

    /// Everything before `end` is durable.
    void durable(StreamPlace end);

    /// The primary was lost, or does not answer; the next attempt is after `pause`.
    void lost(IOException cause, Duration pause);
  }

  private final ReplicationOptions options;
  private final PrimaryLocator locator;
  private final FollowedLog log;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closeRequested = lock.newCondition();
  private boolean closing;
  private Optional<ReplicationStream> open = Optional.empty();

  /// Opens the directory, which is made if it is not there, or goes on with what was followed into
  /// it before.
  ///
  /// @param options how to attach; the address in them does not matter
  /// @param locator where the primary is, asked before each connection
  /// @param fileBytes a file of the log of this size is followed by another
  /// @throws FollowedLogException if it holds something else, is in use, or cannot be written
  public AofFollower(
      ReplicationOptions options,
      PrimaryLocator locator,
      Path directory,
      long fileBytes,
      InstantSource clock,
      RandomGenerator random,
      Listener listener)
      throws IOException {
    this.options = options;
    this.locator = locator;
    this.log = FollowedLog.open(directory, AofNames.DEFAULT, fileBytes);
    this.clock = clock;
    this.random = random;
    this.listener = listener;
  }

  /// Where the durable log ends; empty as long as there is none. To be asked before [#run] or by
  /// the listener.
  public Optional<StreamPlace> end() {
    return log.end();
  }

  /// Follows until [#close] is called; then everything received is durable. Blocks.
  ///
  /// @throws FollowedLogException if the disk fails
  /// @throws FormatException if what the primary sends cannot be read, several times at one place
  /// @throws ReplicationRefusedException if the primary refuses, for a reason that stays
  public void run() throws IOException {
    Duration pause = FIRST_PAUSE;
    int damaged = 0;
    try (log) {
      while (!isClosing()) {
        Optional<StreamPlace> before = log.end();
        IOException cause = follow();
        if (log.end().isPresent()) {
          log.sync(); // what was received before the loss, too
        }
        if (isClosing()) {
          return;
        }
        damaged = cause instanceof FormatException && log.end().equals(before) ? damaged + 1 : 0;
        if (damaged == MOST_DAMAGED) {
          throw cause; // the same bytes again and again, and not a connection that breaks
        }
        pause = log.end().equals(before) ? pause : FIRST_PAUSE;
        Duration varied = Duration.ofNanos((long) (pause.toNanos() * (0.5 + random.nextDouble())));
        listener.lost(cause, varied);
        sleep(varied);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
      }
    }
  }

  /// Follows one connection; how it ended.
  private IOException follow() throws IOException {
    try (ReplicationStream stream = ReplicationStream.connect(options.at(locator.locate()))) {
      if (!opened(stream)) {
        return new EOFException("closed");
      }
      begin(stream);
      follow(stream);
      return new EOFException("the primary hung up");
    } catch (FollowedLogException disk) {
      throw disk;
    } catch (ReplicationRefusedException refusal) {
      if (!refusal.mayPass()) {
        throw refusal;
      }
      return refusal;
    } catch (IOException lost) {
      return lost;
    } finally {
      lock.lock();
      try {
        open = Optional.empty();
      } finally {
        lock.unlock();
      }
    }
  }

  private void begin(ReplicationStream stream) throws IOException {
    Optional<StreamPlace> before = log.end();
    SyncResult result =
        before.isPresent()
            ? stream.resume(before.get().replicationId(), before.get().offset())
            : stream.sync();
    switch (result) {
      case SyncResult.FullSync full -> {
        StreamPlace start = new StreamPlace(full.replicationId(), full.offset(), 0);
        listener.snapshot(start, before);
        int db = receive(full);
        log.commitBase(new StreamPlace(start.replicationId(), start.offset(), db));
        stream.acknowledge(start.offset());
      }
      case SyncResult.Continued continued -> log.goOn(continued.replicationId());
    }
    listener.following(log.end().orElseThrow());
  }

  /// Stores the snapshot as it comes, and reads its structure and checksum on the way.
  ///
  /// @return the database that is selected in the stream behind it: a primary selects one anew, but
  ///   a replica passes on what its own primary sends, and only the snapshot says what is selected
  private int receive(SyncResult.FullSync full) throws IOException {
    ByteInput in = full.snapshot().input();
    int db = 0;
    try (OutputStream base = log.beginBase()) {
      in.tap(base::write);
      RdbCursor rdb = new RdbCursor(in);
      for (RdbCursor.Step step = rdb.next(); step != RdbCursor.Step.END; step = rdb.next()) {
        if (step != RdbCursor.Step.KEY
            && rdb.record() instanceof RdbRecord.Aux(byte[] name, byte[] value)
            && Arrays.equals(name, STREAM_DB)) {
          db = number(value);
        }
      }
      in.tap((bytes, offset, length) -> {});
      base.flush();
    }
    full.snapshot().finish();
    return db;
  }

  private static int number(byte[] digits) {
    String text = new String(digits, StandardCharsets.ISO_8859_1);
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private void follow(ReplicationStream stream) throws IOException {
    ByteInput in = stream.commands();
    AofCursor commands = new AofCursor(in, log.end().orElseThrow().db());
    boolean isDurable = true;
    while (true) {
      if (!isDurable && in.buffered() == 0) {
        sync(stream);
        isDurable = true;
      }
      switch (commands.next()) {
        case COMMAND -> {
          if (!log.append(commands, clock.millis())) {
            sync(stream);
            return;
          }
          isDurable = false;
        }
        case TIME_MARK, DATABASE_MARK, POSITION_MARK, LENGTH_MARK, ANNOTATION -> {
          // A primary sends none.
        }
        case END -> {
          sync(stream);
          return;
        }
      }
    }
  }

  private void sync(ReplicationStream stream) throws IOException {
    long durable = log.sync();
    listener.durable(log.end().orElseThrow());
    stream.acknowledge(durable);
  }

  private boolean opened(ReplicationStream stream) {
    lock.lock();
    try {
      open = closing ? Optional.empty() : Optional.of(stream);
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void sleep(Duration pause) {
    lock.lock();
    try {
      long nanos = pause.toNanos();
      while (!closing && nanos > 0) {
        nanos = closeRequested.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    } finally {
      lock.unlock();
    }
  }

  /// Has [#run] end soon: hangs up, and what was received becomes durable. May be called by any
  /// thread, more than once. An attempt to connect ends by its timeout.
  @Override
  public void close() throws IOException {
    Optional<ReplicationStream> stream;
    lock.lock();
    try {
      closing = true;
      closeRequested.signalAll();
      stream = open;
    } finally {
      lock.unlock();
    }
    if (stream.isPresent()) {
      stream.get().close();
    }
  }
}
