package io.redrill.backup;

import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A store that can be made to take no objects of a kind, without an answer, until it is opened
/// again.
final class GatedStore implements ObjectStore {

  private final ObjectStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Predicate<ObjectKey> shut = _ -> false;
  private int waiting;

  GatedStore(ObjectStore store) {
    this.store = store;
  }

  /// Lets every put wait whose key `keys` accepts.
  void shut(Predicate<ObjectKey> keys) {
    set(keys);
  }

  /// Lets all go on.
  void open() {
    set(_ -> false);
  }

  private void set(Predicate<ObjectKey> keys) {
    lock.lock();
    try {
      shut = keys;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether a put waits at the gate.
  boolean isWaiting() {
    lock.lock();
    try {
      return waiting > 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void put(ObjectKey key, InputStream source, long sizeBytes) throws IOException {
    lock.lock();
    try {
      waiting++;
      while (shut.test(key)) {
        changed.awaitUninterruptibly();
      }
      waiting--;
    } finally {
      lock.unlock();
    }
    store.put(key, source, sizeBytes);
  }

  @Override
  public InputStream open(ObjectKey key) throws IOException {
    return store.open(key);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return store.open(key, offset, length);
  }

  @Override
  public Optional<ObjectInfo> find(ObjectKey key) throws IOException {
    return store.find(key);
  }

  @Override
  public Stream<ObjectInfo> list(String prefix) throws IOException {
    return store.list(prefix);
  }

  @Override
  public void delete(ObjectKey key) throws IOException {
    store.delete(key);
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
