package io.redrill.server.persistence;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/// Writes the records of a snapshot to a new RDB file, on a thread of its own.
///
/// Records are handed over in batches through a queue of fixed length, so at most about
/// `QUEUE_BATCHES * BATCH_BYTES` wait (and one value of any size). [#hasRoom()] tells the one who
/// produces them when to pause; [#accept] blocks when the queue is full all the same.
///
/// When [#result()] completes, the file is durable under its target's name. When it fails, nothing
/// is left of it, and what had that name before is untouched.
final class RdbFileWriter implements RecordSink {

  private static final int BATCH_BYTES = 256 * 1024;
  private static final int QUEUE_BATCHES = 32;
  private static final int ENTRY_OVERHEAD_BYTES = 64;

  private record Batch(List<RdbRecord> records, boolean last, boolean aborted) {}

  /// What was written.
  record Written(Path file, long sizeBytes, int version) {}

  private final Path file;
  private final Path target;
  private final Options options;
  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(QUEUE_BATCHES);
  private final CompletableFuture<Written> result = new CompletableFuture<>();
  private List<RdbRecord> batch = new ArrayList<>();
  private long batchBytes;

  /// Used by the writing thread only.
  private boolean lastTaken;

  /// How a file is written.
  ///
  /// @param valkeyForms whether values of Valkey's own dialect may be among the records
  record Options(boolean compression, boolean checksum, boolean valkeyForms) {}

  private RdbFileWriter(Path file, Path target, Options options) {
    this.file = file;
    this.target = target;
    this.options = options;
  }

  /// Starts writing to `file`, which is to become `target` once it is whole; both may be the same.
  static RdbFileWriter start(Path file, Path target, Options options) {
    RdbFileWriter writer = new RdbFileWriter(file, target, options);
    Thread.ofPlatform().daemon().name("redrill-rdb").start(writer::run);
    return writer;
  }

  @Override
  public void accept(RdbRecord record) {
    batch.add(record);
    batchBytes += ENTRY_OVERHEAD_BYTES;
    if (record instanceof RdbRecord.Entry entry) {
      batchBytes += entry.key().length + entry.value().length;
    }
    if (batchBytes >= BATCH_BYTES) {
      handOver(new Batch(batch, false, false));
    }
  }

  /// Whether the producer may go on at leisure.
  boolean hasRoom() {
    return queue.remainingCapacity() > QUEUE_BATCHES / 2;
  }

  /// Whether long strings are to be packed.
  boolean compresses() {
    return options.compression();
  }

  /// Says that all records have been accepted.
  void finish() {
    handOver(new Batch(batch, true, false));
  }

  /// Gives up: the file goes, and the result fails.
  void abort() {
    handOver(new Batch(List.of(), true, true));
  }

  /// Completes on the writing thread.
  CompletableFuture<Written> result() {
    return result;
  }

  private void handOver(Batch full) {
    batch = new ArrayList<>();
    batchBytes = 0;
    boolean interrupted = false;
    while (true) {
      try {
        queue.put(full);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      RdbVersion version = new RdbVersion(options.valkeyForms());
      try {
        write(version);
        version.stamp(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      } catch (Throwable e) {
        Files.deleteIfExists(file);
        throw e;
      } finally {
        drain();
      }
      if (!target.equals(file)) {
        DurableFiles.rename(file, target);
      }
      result.complete(new Written(target, Files.size(target), version.needed()));
    } catch (Throwable e) {
      // Also an error: the server, which waits for the file when it saves or ends, would for ever.
      result.completeExceptionally(e);
    }
  }

  private void write(RdbVersion version) throws IOException, InterruptedException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      BufferedOutputStream out =
          new BufferedOutputStream(Channels.newOutputStream(channel), 128 * 1024);
      RdbWriter rdb =
          new RdbWriter(
              out,
              new RdbWriterOptions(version.written(), options.compression(), options.checksum()));
      while (true) {
        Batch next = queue.take();
        lastTaken = next.last();
        if (next.aborted()) {
          throw new AbortedException();
        }
        for (RdbRecord record : next.records()) {
          version.note(record);
          rdb.write(record);
        }
        if (next.last()) {
          rdb.end();
          out.flush();
          return;
        }
      }
    }
  }

  /// Lets the producer finish although nothing is written any more.
  private void drain() throws InterruptedException {
    while (!lastTaken) {
      lastTaken = queue.take().last();
    }
  }

  /// The producer gave up; the batch that said so was the last one.
  private static final class AbortedException extends IOException {
    private static final long serialVersionUID = 1L;

    AbortedException() {
      super("the snapshot was given up");
    }
  }
}
