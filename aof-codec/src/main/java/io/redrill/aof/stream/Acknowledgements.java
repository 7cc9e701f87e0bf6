package io.redrill.aof.stream;

import io.redrill.aof.resp.RespConnection;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells the primary how far we are: at once when the offset rises, and at least once in an
/// interval.
///
/// One virtual thread sends, and nobody else may once it has been started. Whoever raises the
/// offset never waits for the network; a burst of rises is one message.
final class Acknowledgements implements Closeable {

  private final RespConnection connection;
  private final Duration interval;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long offset;
  private boolean closed;
  private Optional<IOException> failure = Optional.empty();

  private Acknowledgements(RespConnection connection, Duration interval, long offset) {
    this.connection = connection;
    this.interval = interval;
    this.offset = offset;
  }

  /// Begins with `offset`: for a diskless snapshot, the first acknowledgement opens the stream.
  static Acknowledgements start(RespConnection connection, Duration interval, long offset) {
    Acknowledgements acknowledgements = new Acknowledgements(connection, interval, offset);
    Thread.ofVirtual().name("replication-acknowledgements").start(acknowledgements::run);
    return acknowledgements;
  }

  void raise(long next) throws IOException {
    lock.lock();
    try {
      if (failure.isPresent()) {
        throw new IOException("could not acknowledge to the primary", failure.get());
      }
      if (next > offset) {
        offset = next;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      long sent = offset;
      while (true) {
        send(sent);
        sent = await(sent);
        if (sent < 0) {
          return;
        }
      }
    } catch (IOException broken) {
      fail(broken);
    } catch (InterruptedException notOurs) {
      fail(new IOException("interrupted", notOurs));
    }
  }

  private void send(long processed) throws IOException {
    connection.send("REPLCONF", "ACK", Long.toString(processed));
    connection.flush();
  }

  /// The offset to send next, or -1 when it is over.
  private long await(long sent) throws InterruptedException {
    lock.lock();
    try {
      long left = interval.toNanos();
      while (!closed && offset == sent && left > 0) {
        left = changed.awaitNanos(left);
      }
      return closed ? -1 : offset;
    } finally {
      lock.unlock();
    }
  }

  private void fail(IOException broken) {
    lock.lock();
    try {
      failure = closed ? Optional.empty() : Optional.of(broken);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
