package io.redrill.rdb;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Things that are closed together, the last one first: each of them, also where others fail to.
/// Not safe for use by several threads.
public final class ClosedTogether implements Closeable {

  private final Deque<Closeable> open = new ArrayDeque<>();

  /// Begins with nothing.
  public ClosedTogether() {}

  /// Takes `each`, which it closes, and gives it back.
  public <T extends Closeable> T add(T each) {
    open.push(each);
    return each;
  }

  /// Closes all, once.
  ///
  /// @throws IOException the first failure; others are suppressed in it
  @Override
  public void close() throws IOException {
    if (!open.isEmpty()) {
      Closeable last = open.pop();
      try (Closeable _ = this) {
        last.close();
      }
    }
  }
}
