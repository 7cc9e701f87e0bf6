package io.redrill.rdb.check;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbBatch;
import io.redrill.rdb.RdbBatcher;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.check.RdbCheck.Depth;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The check of one RDB, by one thread or by several.
///
/// With several, this thread cuts the file into batches and hands them out; where all are busy it
/// looks into a batch itself. What was found is added up in the order of the file, so that the
/// report is the same whatever the number of threads.
final class FileCheck {

  private static final int BATCH_BYTES = 1 << 20;

  private final ByteInput in;
  private final RdbCheckOptions options;
  private final Optional<DuplicateKeys> keys;
  private final CheckPass whole;
  private Optional<RdbHeader> header = Optional.empty();
  private Optional<RdbRecord.End> end = Optional.empty();

  FileCheck(ByteInput in, RdbCheckOptions options, Optional<DuplicateKeys> keys) {
    this.in = in;
    this.options = options;
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
    if (shouldEnd && end.isPresent() && goesOn()) {
      // An old version has no checksum to show that its header is damaged; but these files end
      // here.
      boolean isUnprotected = end.get().checksum() == RdbRecord.Checksum.ABSENT;
      whole.note(
          isUnprotected ? Severity.ERROR : Severity.WARNING,
          in.offset(),
          "bytes follow after the end of the RDB");
    }
    if (keys.isPresent()) {
      whole.addDuplicates(keys.get());
    }
    return whole.report(header, end);
  }

  private boolean goesOn() throws IOException {
    try {
      return !in.atEnd();
    } catch (FormatException e) {
      whole.damage(e); // of an envelope, which has bytes of its own behind those of the RDB
      return false;
    }
  }

  private void begin(RdbHeader read) {
    header = Optional.of(read);
    whole.header(read);
  }

  private void runAlone() throws IOException {
    RdbCursor cursor = new RdbCursor(in, options.reading());
    begin(cursor.header());
    if (whole.run(cursor) instanceof RdbRecord.End last) {
      end = Optional.of(last);
    }
  }

  private void runBatches() throws IOException {
    RdbBatcher batcher = new RdbBatcher(in, options.reading(), BATCH_BYTES);
    begin(batcher.header());
    Deque<Future<CheckPass>> open = new ArrayDeque<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(options.threads() - 1)) {
      try {
        for (Optional<RdbBatch> next = batcher.next(); next.isPresent(); next = batcher.next()) {
          RdbBatch batch = next.get();
          open.add(workers.submit(() -> pass(batch)));
          if (open.stream().filter(pass -> !pass.isDone()).count() > options.threads()) {
            // All are busy, and have another batch each to go on with.
            Optional<RdbBatch> own = batcher.next();
            if (own.isEmpty()) {
              break;
            }
            CheckPass pass = pass(own.get());
            open.add(CompletableFuture.completedFuture(pass));
          }
          while (open.size() > 3 * options.threads()
              || (!open.isEmpty() && open.getFirst().isDone())) {
            whole.plus(result(open.removeFirst()));
          }
        }
        end = Optional.of(batcher.end());
      } finally {
        while (!open.isEmpty()) {
          whole.plus(result(open.removeFirst()));
        }
      }
    }
  }

  private CheckPass pass(RdbBatch batch) throws IOException {
    CheckPass pass = new CheckPass(options, keys);
    pass.run(batch.cursor());
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
