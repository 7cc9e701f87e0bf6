package io.redrill.backup.log;

import io.redrill.aof.AofCursor;
import io.redrill.aof.AofRecord;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.DataDirSource;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.backup.source.Source;
import io.redrill.rdb.ByteInput;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the log of a source and ships it into a repository, until closed.
///
/// ```
/// open the stretch after the last stored segment
///   └─ the source sends a snapshot instead? store it          (the gap shows in the listing)
/// read commands ──▶ SegmentShipper ──▶ store ──▶ acknowledge to the source
/// source lost ──▶ store what was received ──▶ wait, longer each time ──▶ open again
/// ```
///
/// Only what is durable is acknowledged, so that `WAIT` on a primary speaks of the repository. A
/// store that fails is tried again until it works; meanwhile at most two segments are held in
/// memory, and then the source has to wait. Where the log cannot be gone on with (its stored end is
/// damaged, or a command is larger than memory allows), it begins anew with a snapshot. Another
/// archiver of the same source is no harm while both read the same log; else one of them ends as
/// [ArchiverStatus.State#FAILED].
///
/// Runs on virtual threads of its own. All methods may be called by any thread.
public final class LogArchiver implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(LogArchiver.class);

  private final Repository repository;
  private final SourceName name;
  private final Source source;
  private final LogOrigin origin;
  private final SnapshotTaker taker;
  private final ArchiverOptions options;
  private final InstantSource clock;
  private final RandomGenerator random;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closeRequested = lock.newCondition();
  private final Thread thread;
  private boolean closing;
  private boolean connecting;
  private boolean beginAnew;
  private Optional<LogFeed> open = Optional.empty();
  private Optional<RedrillException> lost = Optional.empty();
  private ArchiverStatus status = ArchiverStatus.initial();

  private LogArchiver(
      Repository repository,
      SourceName name,
      Source source,
      SnapshotTaker taker,
      ArchiverOptions options,
      InstantSource clock,
      RandomGenerator random) {
    this.repository = repository;
    this.name = name;
    this.source = source;
    this.taker = taker;
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.origin =
        switch (source) {
          case PsyncSource psync -> new ReplicationOrigin(psync, repository, name);
          case DataDirSource dataDir ->
              new AofOrigin(
                  dataDir,
                  repository,
                  taker,
                  name,
                  random,
                  options.firstPause(),
                  failure -> update(status -> status.failed(failure)));
        };
    this.thread = Thread.ofVirtual().name("archive " + name).unstarted(this::run);
  }

  /// Begins to archive the log of `source` as `name`. Returns at once; [#status] tells the rest.
  ///
  /// @param taker stores the snapshots that the source sends on its own
  public static LogArchiver start(
      Repository repository,
      SourceName name,
      Source source,
      SnapshotTaker taker,
      ArchiverOptions options,
      InstantSource clock,
      RandomGenerator random) {
    LogArchiver archiver = new LogArchiver(repository, name, source, taker, options, clock, random);
    archiver.thread.start();
    return archiver;
  }

  /// What it is doing now.
  public ArchiverStatus status() {
    lock.lock();
    try {
      return status;
    } finally {
      lock.unlock();
    }
  }

  /// Hangs up, and stores everything that was received.
  ///
  /// @throws RedrillException if some of it could not be stored in time
  @Override
  public void close() {
    Optional<LogFeed> feed;
    lock.lock();
    try {
      closing = true;
      feed = open;
      closeRequested.signalAll();
      if (connecting) {
        // Nothing can be hung up yet; a virtual thread leaves its socket when interrupted.
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
    feed.ifPresent(LogArchiver::hangUp);
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw Failures.of(e, "source", name);
    }
    if (lost.isPresent()) {
      throw lost.get();
    }
  }

  private static void hangUp(LogFeed feed) {
    try {
      feed.close();
    } catch (IOException e) {
      LOG.debug("closing a connection failed", e);
    }
  }

  private void run() {
    Duration pause = options.firstPause();
    while (!isClosing()) {
      long before = status().segments();
      try {
        update(status -> status.in(ArchiverStatus.State.CONNECTING));
        boolean lossAtEnd = archive();
        if (!lossAtEnd || isClosing()) {
          continue;
        }
        failed(new RedrillException(ErrorCode.SOURCE_LOST, "source", source.location()));
      } catch (Throwable e) {
        // Also an error: a thread that ended unsaid would look like one that follows.
        RedrillException failure = Failures.of(e, "source", source.location());
        beginAnew |= failure.code() == ErrorCode.DATA_TOO_LARGE && origin.beginsBehindTheLog();
        if (!isClosing()) {
          failed(failure);
        }
      }
      if (status().state() == ArchiverStatus.State.FAILED) {
        return;
      }
      pause = status().segments() > before ? options.firstPause() : pause;
      sleep(pause);
      pause = min(pause.multipliedBy(2), options.longestPause());
    }
    update(status -> status.in(ArchiverStatus.State.CLOSED));
  }

  /// Archives one stretch; whether its end means that the source was lost.
  private boolean archive() throws IOException, InterruptedException {
    try (LogFeed feed = connect()) {
      if (!opened(feed)) {
        feed.release();
        return true;
      }
      if (feed.snapshot().isPresent()) {
        update(status -> status.in(ArchiverStatus.State.SNAPSHOT));
        taker.store(name, feed.snapshot().get(), source.capture());
        acknowledge(feed, feed.offset());
        beginAnew = false;
      }
      update(status -> status.following(feed.offset()));
      LOG.info("following the log of {} from {}:{}", name, feed.timeline(), feed.offset());
      follow(feed);
      return feed.endIsLoss();
    } finally {
      lock.lock();
      try {
        open = Optional.empty();
      } finally {
        lock.unlock();
      }
    }
  }

  private LogFeed connect() throws IOException {
    lock.lock();
    try {
      connecting = !closing;
    } finally {
      lock.unlock();
    }
    try {
      return beginAnew ? origin.begin() : goOn();
    } finally {
      lock.lock();
      try {
        connecting = false;
      } finally {
        lock.unlock();
      }
      boolean _ = Thread.interrupted();
    }
  }

  private LogFeed goOn() throws IOException {
    try {
      Optional<LogTail> tail = LogTail.find(repository, name, origin::owns);
      tail.ifPresent(this::found);
      return origin.open(tail);
    } catch (RedrillException e) {
      if (e.status() != ExitStatus.CHECK_FAILED) {
        throw e;
      }
      // To wait for a damaged object to mend would leave the source without any protection.
      LOG.warn("the log of {} begins anew: {}", name, e.getMessage());
      return origin.begin();
    }
  }

  private void follow(LogFeed feed) throws IOException, InterruptedException {
    SegmentShipper shipper =
        new SegmentShipper(
            repository,
            name,
            feed,
            options,
            shipped -> stored(feed, shipped),
            this::shippingFailed,
            () -> hangUp(feed));
    shipper.start();
    Progress progress = new Progress(feed);
    try {
      read(feed, shipper, progress);
    } finally {
      try {
        finish(shipper);
      } finally {
        feed.release();
      }
    }
    if (progress.whole) {
      feed.finished(progress.offset, progress.db);
    }
  }

  private void finish(SegmentShipper shipper) throws InterruptedException {
    try {
      shipper.finish(this::isClosing);
    } catch (RedrillException e) {
      lost = isClosing() ? Optional.of(e) : Optional.empty();
      throw e;
    }
  }

  /// How far a stretch was read.
  private static final class Progress {
    private long offset;
    private int db;

    /// Whether it was read to its end, and that lies behind a whole command.
    private boolean whole;

    Progress(LogFeed feed) {
      offset = feed.offset();
      db = feed.db();
    }
  }

  private void read(LogFeed feed, SegmentShipper shipper, Progress progress)
      throws IOException, InterruptedException {
    ByteInput in = feed.commands();
    AofCursor log = new AofCursor(in, feed.db());
    PendingBytes pending = new PendingBytes(largestCommandBytes());
    in.tap(pending::write);
    boolean writes = false;
    long offset = feed.offset();
    Optional<FileOrigin> start = feed.origin();
    long fileFirst = start.map(FileOrigin::first).orElse(0L);
    while (true) {
      AofCursor.Step step = log.next();
      boolean isWhole = log.complete();
      in.flushTap();
      switch (step) {
        case COMMAND -> {
          if (!isWhole) {
            continue; // and the end is next
          }
          offset += log.length();
          boolean housekeeping = log.is("PING") || log.is("REPLCONF");
          writes |= !housekeeping;
          if (!log.isInTransaction() || log.is("EXEC")) {
            long end = in.offset();
            long first = fileFirst;
            shipper.append(
                pending.bytes(),
                pending.size(),
                moment(log.time()),
                writes,
                log.db(),
                start.map(origin -> new FileOrigin(origin.file(), first, end)));
            pending.reset();
            writes = false;
            fileFirst = end;
            progress.offset = offset;
            progress.db = log.db();
            noteReceived(offset);
          }
        }
        case TIME_MARK, DATABASE_MARK, POSITION_MARK, LENGTH_MARK, ANNOTATION ->
            pending.drop(log.length());
        case END -> {
          progress.whole = log.end().tail() instanceof AofRecord.Tail.Clean;
          return;
        }
      }
    }
  }

  /// What a command or transaction may have: it is held several times, read, pending, in a segment
  /// that grows, and packed.
  private static long largestCommandBytes() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  /// The time of receipt, or less where a server's own mark says that it must have been earlier: a
  /// mark of a whole second stands for all of it.
  private long moment(Optional<AofRecord.TimeMark> mark) {
    long now = clock.millis();
    return mark.map(second -> Math.min(now, second.unixMillis() + 999)).orElse(now);
  }

  private void noteReceived(long offset) {
    update(status -> status.received(offset));
  }

  private boolean opened(LogFeed feed) {
    lock.lock();
    try {
      if (closing) {
        return false;
      }
      open = Optional.of(feed);
      return true;
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

  private void found(LogTail tail) {
    update(status -> status.found(tail.segment().finish(), tail.header().lastAt()));
  }

  private void stored(LogFeed feed, SegmentShipper.Shipped shipped) {
    LogPosition end = shipped.segment().finish();
    update(status -> status.stored(end, shipped.lastAt()));
    acknowledge(feed, end.offset());
  }

  private void acknowledge(LogFeed feed, long offset) {
    try {
      feed.acknowledge(offset);
    } catch (IOException e) {
      // The source is gone; the reader of its stream finds out, too, and goes on from there.
      LOG.debug("could not acknowledge to {}", source.location(), e);
    }
  }

  private void shippingFailed(RedrillException failure) {
    LOG.warn("could not store the log of {}: {}", name, failure.getMessage());
    update(status -> status.failed(failure));
  }

  private void failed(RedrillException failure) {
    LOG.warn("archiving the log of {} was interrupted: {}", name, failure.getMessage());
    ArchiverStatus.State next =
        isForGood(failure) ? ArchiverStatus.State.FAILED : ArchiverStatus.State.WAITING;
    update(status -> status.lost(next, failure));
  }

  private static boolean isForGood(RedrillException failure) {
    return failure.code() == ErrorCode.OBJECT_EXISTS || failure.code() == ErrorCode.INTERRUPTED;
  }

  private void update(UnaryOperator<ArchiverStatus> change) {
    lock.lock();
    try {
      status = change.apply(status);
    } finally {
      lock.unlock();
    }
  }

  /// Half to one and a half times `pause`, or until closed.
  private void sleep(Duration pause) {
    long nanos = (long) (pause.toNanos() * (0.5 + random.nextDouble()));
    lock.lock();
    try {
      while (!closing && nanos > 0) {
        nanos = closeRequested.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
