package io.redrill.backup.log;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Collects received commands in a segment, and stores it when it is due, on a virtual thread of
/// its own. One shipper serves one unbroken stretch of log.
///
/// Two segments exist at most: the one that is being filled, and the one that is being stored. When
/// the store is slower than the source, [#append] blocks.
final class SegmentShipper {

  private final Repository repository;
  private final SourceName source;
  private final String timeline;
  private final ArchiverOptions options;
  private final Consumer<Shipped> whenStored;
  private final Consumer<RedrillException> whenFailing;
  private final Runnable whenGivenUp;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private SegmentBuilder filling;
  private long firstAppendNanos;
  private int db;
  private boolean ending;
  private long deadlineNanos = Long.MAX_VALUE;
  private Optional<RedrillException> failure = Optional.empty();
  private final Thread thread;

  /// A segment that is durable now.
  record Shipped(SegmentName segment, Instant lastAt) {}

  /// Begins at `feed`'s offset.
  ///
  /// @param whenStored is told of each durable segment, in order
  /// @param whenFailing is told of each failed attempt
  /// @param whenGivenUp is run if one of them ends the shipper: nobody else may notice before the
  ///   source has something to say
  SegmentShipper(
      Repository repository,
      SourceName source,
      LogFeed feed,
      ArchiverOptions options,
      Consumer<Shipped> whenStored,
      Consumer<RedrillException> whenFailing,
      Runnable whenGivenUp) {
    this.repository = repository;
    this.source = source;
    this.timeline = feed.timeline();
    this.options = options;
    this.whenStored = whenStored;
    this.whenFailing = whenFailing;
    this.whenGivenUp = whenGivenUp;
    this.db = feed.db();
    this.filling = new SegmentBuilder(source, timeline, feed.offset(), db, feed.after());
    this.thread = Thread.ofVirtual().name("ship " + source).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Adds a whole command or transaction.
  ///
  /// @param dbAfter the database that is selected after it
  /// @throws RedrillException if an earlier segment could not be stored, for good
  void append(
      byte[] bytes,
      int length,
      long atMillis,
      boolean writes,
      int dbAfter,
      Optional<FileOrigin> origin)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (failure.isEmpty() && filling.sizeBytes() >= options.segmentBytes()) {
        changed.await();
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      if (filling.isEmpty()) {
        firstAppendNanos = System.nanoTime();
      }
      filling.append(bytes, length, atMillis, writes);
      origin.ifPresent(filling::origin);
      db = dbAfter;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Stores what was appended, and waits for it, however long the store fails; from the moment that
  /// `hurry` says so, only as long as the options allow.
  ///
  /// @throws RedrillException if it could not be stored
  void finish(BooleanSupplier hurry) throws InterruptedException {
    end(Long.MAX_VALUE);
    boolean hurried = false;
    while (!thread.join(Duration.ofMillis(100))) {
      if (!hurried && hurry.getAsBoolean()) {
        hurried = true;
        end(System.nanoTime() + options.closePatience().toNanos());
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private void end(long deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      ending = true;
      deadlineNanos = deadline;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      Optional<SegmentBuilder> due = take();
      while (due.isPresent()) {
        ship(due.get());
        due = take();
      }
    } catch (RedrillException e) {
      fail(e);
    } catch (Throwable e) {
      // Also an error: whoever appends would wait for ever for a thread that ended unsaid.
      fail(Failures.of(e, "source", source));
    }
  }

  private void fail(RedrillException cause) {
    lock.lock();
    try {
      failure = Optional.of(cause);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    whenFailing.accept(cause);
    whenGivenUp.run();
  }

  /// Waits for a segment that is due; empty when all is shipped and no more will come.
  private Optional<SegmentBuilder> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (filling.isEmpty() && ending) {
          return Optional.empty();
        }
        long wait = nanosUntilDue();
        if (wait <= 0) {
          SegmentBuilder due = filling;
          filling = new SegmentBuilder(source, timeline, due.end(), db, Optional.empty());
          changed.signalAll();
          return Optional.of(due);
        }
        changed.awaitNanos(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntilDue() {
    if (filling.isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (ending || filling.sizeBytes() >= options.segmentBytes()) {
      return 0;
    }
    Duration longest = filling.hasWrites() ? options.shipInterval() : options.idleInterval();
    return longest.toNanos() - (System.nanoTime() - firstAppendNanos);
  }

  /// Tries until the segment is stored; only a conflict, or the end of patience, ends it otherwise.
  private void ship(SegmentBuilder segment) throws InterruptedException {
    byte[] object = segment.compressed(options.level());
    String commandsSha256 = segment.commandsSha256();
    long pauseMillis = options.firstPause().toMillis();
    while (true) {
      try {
        store(segment.name(), object, commandsSha256);
        whenStored.accept(new Shipped(segment.name(), segment.lastAt()));
        return;
      } catch (IOException | RedrillException e) {
        RedrillException failed = Failures.of(e, "segment", segment.name());
        if (!isCuredByWaiting(failed) || isOutOfPatience()) {
          throw failed;
        }
        whenFailing.accept(failed);
      }
      pause(pauseMillis);
      pauseMillis = Math.min(options.longestPause().toMillis(), pauseMillis * 2);
    }
  }

  /// Neither another object of that name is, nor one that is damaged.
  private static boolean isCuredByWaiting(RedrillException failure) {
    return failure.code() != ErrorCode.OBJECT_EXISTS
        && failure.code() != ErrorCode.REPOSITORY_DAMAGED;
  }

  private boolean isOutOfPatience() {
    lock.lock();
    try {
      return ending && deadlineNanos != Long.MAX_VALUE && System.nanoTime() > deadlineNanos;
    } finally {
      lock.unlock();
    }
  }

  /// A pause that being in a hurry cuts short.
  private void pause(long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean hurried = deadlineNanos != Long.MAX_VALUE;
      long left = Duration.ofMillis(hurried ? Math.min(millis, 200) : millis).toNanos();
      while (left > 0 && hurried == (deadlineNanos != Long.MAX_VALUE)) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void store(SegmentName name, byte[] object, String commandsSha256) throws IOException {
    ObjectKey key = RepositoryKeys.segment(source, name);
    try {
      repository.store().put(key, new ByteArrayInputStream(object), object.length);
    } catch (ObjectExistsException e) {
      if (!commandsSha256.equals(storedCommandsSha256(name))) {
        throw e;
      }
    }
  }

  /// What the stored segment of that name holds. The same commands are no conflict: another
  /// archiver, or an attempt of ours whose answer was lost, was there before.
  private String storedCommandsSha256(SegmentName name) throws IOException {
    CommandDigest digest = new CommandDigest();
    try (SegmentReader reader = SegmentReader.open(repository, source, name)) {
      for (Optional<LogRecord> record = reader.next(); record.isPresent(); record = reader.next()) {
        digest.add(record.get().command().args());
      }
    }
    return digest.hex();
  }
}
