package io.redrill.storage.memory;

import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreFailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/// A complete store in memory, for tests and experiments: it keeps the whole contract except
/// durability. Closing it does nothing, so that one store can be opened and closed many times.
public final class MemoryStore implements ObjectStore {

  private final ConcurrentSkipListMap<ObjectKey, StoredObject> objects =
      new ConcurrentSkipListMap<>();
  private final InstantSource clock;

  /// An empty store whose objects are stamped with the time of `clock`.
  public MemoryStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void put(ObjectKey key, InputStream source, long sizeBytes) throws IOException {
    byte[] bytes = source.readNBytes(Math.toIntExact(sizeBytes));
    if (bytes.length < sizeBytes) {
      throw new StoreFailureException(
          "the source ended after %d of %d bytes".formatted(bytes.length, sizeBytes), key.value());
    }
    if (objects.putIfAbsent(key, new StoredObject(bytes, clock.instant())) != null) {
      throw new ObjectExistsException("the key is taken", key.value());
    }
  }

  @Override
  public InputStream open(ObjectKey key) throws IOException {
    return new ByteArrayInputStream(stored(key).bytes);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("negative range: " + offset + ", " + length);
    }
    byte[] bytes = stored(key).bytes;
    int from = (int) Math.min(offset, bytes.length);
    return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
  }

  private StoredObject stored(ObjectKey key) throws ObjectMissingException {
    StoredObject stored = objects.get(key);
    if (stored == null) {
      throw new ObjectMissingException("there is no such object", key.value());
    }
    return stored;
  }

  @Override
  public Optional<ObjectInfo> find(ObjectKey key) {
    return Optional.ofNullable(objects.get(key)).map(stored -> stored.info(key));
  }

  @Override
  public Stream<ObjectInfo> list(String prefix) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().value().startsWith(prefix))
        .map(entry -> entry.getValue().info(entry.getKey()));
  }

  @Override
  public void delete(ObjectKey key) {
    objects.remove(key);
  }

  @Override
  public String location() {
    return "memory:";
  }

  @Override
  public void close() {}

  private record StoredObject(byte[] bytes, Instant storedAt) {

    ObjectInfo info(ObjectKey key) {
      return new ObjectInfo(key, bytes.length, storedAt);
    }
  }
}
