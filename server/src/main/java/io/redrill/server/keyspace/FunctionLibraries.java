package io.redrill.server.keyspace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedCollection;

/// Function libraries by name, kept as their source and not run.
public final class FunctionLibraries {

  private final Map<String, byte[]> sources = new LinkedHashMap<>();

  /// Keeps a library, in place of one of the same name.
  public void put(String name, byte[] source) {
    sources.put(name, source);
  }

  /// Whether there is a library of this name.
  public boolean contains(String name) {
    return sources.containsKey(name);
  }

  /// Drops a library; says whether it was there.
  public boolean remove(String name) {
    return sources.remove(name) != null;
  }

  /// Drops all.
  public void clear() {
    sources.clear();
  }

  /// The sources, in the order they were added.
  public SequencedCollection<byte[]> sources() {
    return java.util.Collections.unmodifiableSequencedCollection(
        ((LinkedHashMap<String, byte[]>) sources).sequencedValues());
  }
}
