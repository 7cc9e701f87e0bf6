package io.redrill.server.command;

import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.keyspace.Keyspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which clients watch which keys.
final class WatchedKeys {

  private final Map<KeyRef, List<WatchList>> watchers = new HashMap<>();

  void watch(WatchList list, Database db, byte[] key) {
    KeyRef ref = new KeyRef(db.index(), key);
    if (list.keys().contains(ref)) {
      return;
    }
    list.keys().add(ref);
    watchers.computeIfAbsent(ref, k -> new ArrayList<>(1)).add(list);
  }

  void unwatchAll(WatchList list) {
    for (KeyRef watched : list.keys()) {
      List<WatchList> lists = watchers.get(watched);
      if (lists != null) {
        lists.removeIf(other -> other == list);
        if (lists.isEmpty()) {
          watchers.remove(watched);
        }
      }
    }
    list.clear();
  }

  void modified(Database db, byte[] key) {
    if (watchers.isEmpty()) {
      return;
    }
    List<WatchList> lists = watchers.get(new KeyRef(db.index(), key));
    if (lists != null) {
      lists.forEach(WatchList::touch);
    }
  }

  /// Whether one of the keys has changed, or its time has come.
  boolean isStale(WatchList list, Keyspace keyspace) {
    if (list.isTouched()) {
      return true;
    }
    for (KeyRef watched : list.keys()) {
      Database db = keyspace.database(watched.db());
      // Looking a key up removes it if it has expired, which touches the list.
      KeyEntry entry = db.peek(watched.key());
      if (entry == null && list.isTouched()) {
        return true;
      }
    }
    return false;
  }
}
