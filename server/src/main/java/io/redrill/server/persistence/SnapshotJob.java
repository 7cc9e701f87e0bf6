package io.redrill.server.persistence;

import io.redrill.rdb.RdbRecord;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.network.ServerLoop;
import io.redrill.server.persistence.RdbFileWriter.Written;
import io.redrill.server.type.StoredValue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// One snapshot on its way into a file: a [SnapshotWalk] that feeds an [RdbFileWriter].
///
/// The walk is sliced, and pauses while the file is behind. Entries that are about to change are
/// encoded before, however far the file is behind: if it is by much, the command waits.
final class SnapshotJob {

  private static final long SLICE_NANOS = 300_000;
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final SnapshotWalk walk;
  private final RdbFileWriter writer;
  private final ServerLoop loop;
  private Optional<String> failure = Optional.empty();
  private boolean handedOver;

  /// How it went: the file, or why there is none.
  sealed interface Outcome {
    record Saved(Written written) implements Outcome {}

    record Failed(String reason) implements Outcome {}
  }

  private SnapshotJob(
      Keyspace keyspace, List<RdbRecord> head, RdbFileWriter writer, ServerLoop loop) {
    this.writer = writer;
    this.loop = loop;
    head.forEach(writer::accept);
    this.walk = new SnapshotWalk(keyspace, this::encode);
  }

  /// Begins in the background: the data is saved as it is now. `done` runs on the loop in the end.
  static SnapshotJob start(
      Keyspace keyspace,
      List<RdbRecord> head,
      RdbFileWriter writer,
      ServerLoop loop,
      Consumer<Outcome> done) {
    SnapshotJob job = new SnapshotJob(keyspace, head, writer, loop);
    var _ =
        writer
            .result()
            .whenComplete((written, problem) ->
                loop.execute(() ->
                    done.accept(
                        problem == null
                            ? new Outcome.Saved(written)
                            : new Outcome.Failed(job.reason(problem)))));
    loop.execute(job::slice);
    return job;
  }

  /// Saves the data and waits for it.
  static Written run(Keyspace keyspace, List<RdbRecord> head, RdbFileWriter writer, ServerLoop loop)
      throws IOException {
    SnapshotJob job = new SnapshotJob(keyspace, head, writer, loop);
    job.walkToTheEnd();
    try {
      return writer.result().get();
    } catch (ExecutionException e) {
      throw new IOException(job.reason(e.getCause() == null ? e : e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while saving", e);
    }
  }

  /// Visits all that is left to visit, at once, so that another snapshot can begin; the file
  /// follows in the background. Blocks while the file is far behind.
  void hurry() {
    if (!handedOver) {
      walkToTheEnd();
    }
  }

  /// Gives up; the outcome will be a failure.
  void abort() {
    fail("aborted");
  }

  /// Waits until the file is whole, or gone.
  void awaitFile() {
    var _ = writer.result().handle((written, problem) -> true).join();
  }

  /// How many keys have been saved.
  long keysSaved() {
    return walk.visited();
  }

  /// How many keys there are to save.
  long keysTotal() {
    return walk.total();
  }

  private void slice() {
    if (handedOver) {
      return;
    }
    if (walk.step(SLICE_NANOS)) {
      handOver();
    } else if (writer.hasRoom()) {
      loop.execute(this::slice);
    } else {
      loop.after(PAUSE, this::slice);
    }
  }

  private void walkToTheEnd() {
    while (!walk.step(Long.MAX_VALUE)) {
      // One step does it all, as nothing else runs.
    }
    handOver();
  }

  private void encode(KeyEntry entry, int db) {
    if (handedOver) {
      return;
    }
    try {
      StoredValue value = StoredValue.of(entry.value(), writer.compresses());
      writer.accept(
          new RdbRecord.Entry(
              db,
              entry.key(),
              entry.isVolatile() ? entry.expireAtMillis() : RdbRecord.Entry.NO_EXPIRY,
              -1,
              -1,
              value.type(),
              value.bytes()));
    } catch (IOException | RuntimeException e) {
      fail("a value cannot be saved: " + e.getMessage());
    }
  }

  private void handOver() {
    if (!handedOver) {
      handedOver = true;
      walk.close();
      writer.finish();
    }
  }

  private void fail(String reason) {
    if (!handedOver) {
      handedOver = true;
      failure = Optional.of(reason);
      walk.close();
      writer.abort();
    }
  }

  private String reason(Throwable problem) {
    return failure.orElseGet(() -> String.valueOf(problem.getMessage()));
  }
}
