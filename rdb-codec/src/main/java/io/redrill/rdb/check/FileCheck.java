package io.redrill.rdb.check;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbBatch;
import io.redrill.rdb.RdbBatcher;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.TrailingBytes;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.check.RdbCheck.Depth;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// The check of one RDB, by one thread or by several.
///
/// With several, this thread cuts the file into batches and hands them out; where all are busy it
/// looks into a batch itself. What was found is added up in the order of the file, so that the
/// report is the same whatever the number of threads. A value that is too large for a batch is
/// looked into by this thread, so that memory is that of one thread and some batches.
final class FileCheck {

  private static final int BATCH_BYTES = 1 << 20;

  /// Larger values are walked as they come, by one thread or several.
  private static final int MOST_HELD_BYTES = 4 * BATCH_BYTES;

  private final ByteInput in;
  private final RdbCheckOptions options;
  private final RdbReading reading;
  private final Optional<DuplicateKeys> keys;
  private final CheckPass whole;
  private final Deque<Future<CheckPass>> open = new ArrayDeque<>();
  private Optional<RdbHeader> header = Optional.empty();
  private Optional<RdbRecord.End> end = Optional.empty();

  FileCheck(ByteInput in, RdbCheckOptions options, Optional<DuplicateKeys> keys) {
    this.in = in;
    this.options = options;
    RdbReading asked = options.reading();
    this.reading = asked.holding(Math.min(asked.heldBytes(), MOST_HELD_BYTES));
    this.keys = keys;
    this.whole = new CheckPass(options, keys);
  }

  RdbCheckReport run(boolean shouldEnd) throws IOException {
    try {
      if (options.threads() > 1 && options.depth() == Depth.ELEMENTS) {
        runBatches();
      } else {
        runAlone();
      }
    } catch (FormatException e) {
      whole.damage(e);
    }
    end.ifPresent(whole::end);
    whole.doubts();
    if (shouldEnd && end.isPresent()) {
      tail(end.get());
    }
    if (keys.isPresent()) {
      whole.addDuplicates(keys.get());
    }
    return whole.report(header, end);
  }

  private void tail(RdbRecord.End last) throws IOException {
    try {
      if (TrailingBytes.follow(in, last)) {
        whole.note(Severity.WARNING, in.offset(), TrailingBytes.SENTENCE);
      }
    } catch (FormatException e) {
      whole.damage(e); // or of an envelope, which has bytes of its own behind those of the RDB
    }
  }

  private void begin(RdbHeader read) {
    header = Optional.of(read);
    whole.header(read);
  }

  private void runAlone() throws IOException {
    RdbCursor cursor = new RdbCursor(in, reading);
    begin(cursor.header());
    if (whole.run(cursor) instanceof RdbRecord.End last) {
      end = Optional.of(last);
    }
  }

  private void runBatches() throws IOException {
    RdbBatcher batcher = new RdbBatcher(in, reading, BATCH_BYTES);
    begin(batcher.header());
    try (ExecutorService workers = Executors.newFixedThreadPool(options.threads() - 1)) {
      try {
        boolean goesOn = true;
        while (goesOn) {
          // All are busy where this is true, and have another batch each to go on with.
          boolean here = open.stream().filter(pass -> !pass.isDone()).count() > options.threads();
          goesOn = takeBatch(batcher, here ? Runnable::run : workers);
          addUp(3 * options.threads());
        }
        end = Optional.of(batcher.end());
      } finally {
        addUp(0);
      }
    }
  }

  /// Has the next batch checked, and the large value behind it, and says whether there was one. (No
  /// variable of a longer life knows it, so that it is gone when it is done.)
  private boolean takeBatch(RdbBatcher batcher, Executor executor) throws IOException {
    Optional<RdbBatch> next = batcher.next();
    if (next.isEmpty()) {
      return false;
    }
    RdbBatch batch = next.get();
    executor.execute(opened(() -> pass(batch)));
    Optional<RdbCursor> large = batcher.largeValue();
    if (large.isPresent()) {
      opened(() -> pass(large.get())).run();
      addUp(0);
    }
    return true;
  }

  private FutureTask<CheckPass> opened(Callable<CheckPass> pass) {
    FutureTask<CheckPass> task = new FutureTask<>(pass);
    open.add(task);
    return task;
  }

  /// Adds up what is done, in the order of the file, until at most `most` batches are left.
  private void addUp(int most) throws IOException {
    while (open.size() > most || (!open.isEmpty() && open.getFirst().isDone())) {
      whole.plus(result(open.removeFirst()));
    }
  }

  private CheckPass pass(RdbBatch batch) throws IOException {
    CheckPass pass = new CheckPass(options, keys);
    pass.run(batch.cursor());
    return pass;
  }

  /// Looks into the one key that `cursor` is at.
  private CheckPass pass(RdbCursor cursor) throws IOException {
    CheckPass pass = new CheckPass(options, keys);
    pass.key(cursor);
    return pass;
  }

  private static CheckPass result(Future<CheckPass> pass) throws IOException {
    try {
      return pass.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof OutOfMemoryError exhausted) {
        throw exhausted; // the command says what it could not hold
      }
      throw new IllegalStateException("a batch could not be checked", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the check was interrupted");
    }
  }
}
