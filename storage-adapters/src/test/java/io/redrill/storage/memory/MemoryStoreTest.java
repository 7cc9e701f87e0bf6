package io.redrill.storage.memory;

import io.redrill.storage.ObjectStore;
import io.redrill.storage.ObjectStoreContract;
import java.time.InstantSource;

class MemoryStoreTest extends ObjectStoreContract {

  private final MemoryStore store = new MemoryStore(InstantSource.system());

  @Override
  protected ObjectStore store() {
    return store;
  }
}
