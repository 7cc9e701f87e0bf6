package io.redrill.server.command;

import java.util.ArrayList;
import java.util.List;

/// The keys that one client watches, and whether one has changed.
final class WatchList {

  private final List<KeyRef> keys = new ArrayList<>();
  private boolean touched;

  List<KeyRef> keys() {
    return keys;
  }

  boolean isTouched() {
    return touched;
  }

  void touch() {
    touched = true;
  }

  void clear() {
    keys.clear();
    touched = false;
  }
}
