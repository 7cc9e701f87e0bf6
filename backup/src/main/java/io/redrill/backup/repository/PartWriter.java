package io.redrill.backup.repository;

import com.github.luben.zstd.ZstdOutputStream;
import io.redrill.backup.Failures;
import io.redrill.rdb.ByteTap;
import io.redrill.storage.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Takes the bytes of an RDB as a [ByteTap], and stores them as the parts of a snapshot.
///
/// ```
/// caller ──chunks──▶ compressor (one thread) ──whole parts──▶ uploads (a virtual thread each)
/// ```
///
/// Parsing and compressing cost about the same, so each has its own thread; the queue between them
/// is short, and the number of uploads is limited: memory is bounded by [PartOptions]. A failure of
/// the compressor or of an upload reaches the caller with its next call.
///
/// Either [#finish] or [#abandon] ends the writing. For use by one thread.
public final class PartWriter implements ByteTap, Closeable {

  private static final int CHUNK_BYTES = 256 * 1024;
  private static final int QUEUED_CHUNKS = 8;
  private static final byte[] END = new byte[0];

  private final ObjectStore store;
  private final SourceName source;
  private final SnapshotId snapshot;
  private final PartOptions options;
  private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUED_CHUNKS);
  private final ExecutorService uploads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore uploadSlots;
  private final FutureTask<Written> compressor = new FutureTask<>(this::compress);
  private final Thread compressorThread;
  private byte[] chunk = new byte[CHUNK_BYTES];
  private int filled;
  private boolean ended;

  /// What was written.
  ///
  /// @param rawBytes the length of the RDB
  /// @param rawSha256 of the RDB
  public record Written(List<Manifest.Part> parts, long rawBytes, String rawSha256) {

    /// Copies the list.
    public Written {
      parts = List.copyOf(parts);
    }
  }

  /// Begins the parts of `snapshot`.
  public PartWriter(
      Repository repository, SourceName source, SnapshotId snapshot, PartOptions options) {
    this.store = repository.store();
    this.source = source;
    this.snapshot = snapshot;
    this.options = options;
    this.uploadSlots = new Semaphore(options.uploads());
    // Not a virtual thread: it computes, and would keep others from running.
    this.compressorThread =
        Thread.ofPlatform().daemon().name("compress " + snapshot).unstarted(compressor);
    compressorThread.start();
  }

  /// Takes the next bytes; blocks while the store is slower than the source.
  ///
  /// @throws IOException if an earlier part could not be stored
  @Override
  public void accept(byte[] buffer, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = Math.min(length - done, CHUNK_BYTES - filled);
      System.arraycopy(buffer, offset + done, chunk, filled, count);
      filled += count;
      done += count;
      if (filled == CHUNK_BYTES) {
        enqueue(chunk);
        chunk = new byte[CHUNK_BYTES];
        filled = 0;
      }
    }
  }

  /// Stores the rest and waits until every part is durable.
  public Written finish() throws IOException {
    if (filled > 0) {
      enqueue(Arrays.copyOf(chunk, filled));
    }
    enqueue(END);
    ended = true;
    return result();
  }

  private void enqueue(byte[] bytes) throws IOException {
    try {
      while (!queue.offer(bytes, 100, TimeUnit.MILLISECONDS)) {
        if (compressor.isDone()) {
          result();
          throw new IOException("the compressor ended early");
        }
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Written result() throws IOException {
    try {
      return compressor.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private static IOException unwrapped(ExecutionException wrapper) {
    return switch (wrapper.getCause()) {
      case IOException io -> io;
      case null -> throw Failures.of(wrapper);
      case Throwable other -> throw Failures.of(other);
    };
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException wrapped = new InterruptedIOException("interrupted");
    wrapped.initCause(cause);
    return wrapped;
  }

  /// Gives the snapshot up, and removes the parts that were stored as far as the store allows it;
  /// what stays is invisible. Returns whether everything was removed.
  public boolean abandon() {
    close();
    // An interrupt is no reason to leave them: it would make every write to a file fail.
    boolean interrupted = Thread.interrupted();
    boolean removed = true;
    String prefix = RepositoryKeys.snapshots(source) + snapshot + "/";
    try (var objects = store.list(prefix)) {
      for (var object : objects.toList()) {
        store.delete(object.key());
      }
    } catch (IOException | UncheckedIOException e) {
      removed = false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return removed;
  }

  /// Stops compressor and uploads, and waits for them. Without [#finish] before, stored parts stay,
  /// invisible.
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      compressorThread.interrupt();
    }
    uploads.close();
  }

  private Written compress() throws IOException, InterruptedException {
    MessageDigest raw = Sha256.digest();
    List<Future<Manifest.Part>> parts = new ArrayList<>();
    long rawBytes = 0;
    OpenPart part = new OpenPart();
    for (byte[] next = queue.take(); next.length > 0; next = queue.take()) {
      raw.update(next);
      rawBytes += next.length;
      int done = 0;
      while (done < next.length) {
        if (part.rawBytes == options.partBytes()) {
          parts.add(part.upload(parts.size()));
          part = new OpenPart();
        }
        done += part.take(next, done);
      }
    }
    if (part.rawBytes > 0) {
      parts.add(part.upload(parts.size()));
    }
    List<Manifest.Part> stored = new ArrayList<>();
    for (Future<Manifest.Part> each : parts) {
      stored.add(await(each));
    }
    return new Written(stored, rawBytes, Sha256.hex(raw));
  }

  private static Manifest.Part await(Future<Manifest.Part> part)
      throws IOException, InterruptedException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  /// The part that is being compressed.
  private final class OpenPart {
    private final PartBuffer buffer = new PartBuffer();
    private final ZstdOutputStream zstd;
    private int rawBytes;

    OpenPart() throws IOException, InterruptedException {
      uploadSlots.acquire();
      zstd = new ZstdOutputStream(buffer, options.level());
      zstd.setChecksum(true);
    }

    int take(byte[] bytes, int from) throws IOException {
      int count = Math.min(bytes.length - from, options.partBytes() - rawBytes);
      zstd.write(bytes, from, count);
      rawBytes += count;
      return count;
    }

    Future<Manifest.Part> upload(int index) throws IOException {
      zstd.close();
      String name = RepositoryKeys.partName(index);
      return uploads.submit(() -> {
        try {
          store.put(RepositoryKeys.part(source, snapshot, name), buffer.input(), buffer.size());
          return new Manifest.Part(name, buffer.size(), rawBytes, buffer.sha256());
        } finally {
          uploadSlots.release();
        }
      });
    }
  }
}
