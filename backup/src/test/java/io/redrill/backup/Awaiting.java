package io.redrill.backup;

/// Waits for threads of tests.
final class Awaiting {

  private Awaiting() {}

  /// Until `thread` has ended.
  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
