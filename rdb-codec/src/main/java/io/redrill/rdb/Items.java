package io.redrill.rdb;

import java.io.IOException;

/// How far a walk has come in the items that a value consists of: elements, pairs, nodes.
///
/// A walk of bytes that are all there needs to know no more than how many are left. One that goes
/// through a stream also holds the item that it is in. So after damage inside of an item the rest
/// of the value can be passed over from the beginning of that item on, by its counts and lengths,
/// and who reads it finds out where the value ends.
///
/// ```java
/// for (items.begin(in.count()); items.left() > 0; items.next()) {
///   // one item
/// }
/// ```
final class Items {

  private static final long NOT_BEGUN = -1;
  private static final long OVER = -2;
  private static final long PASSED = -3;

  private final ByteInput bytes;
  private final boolean areStreamed;
  private long left;

  /// Of values in `bytes`, which lend slices for good.
  ///
  /// @param areStreamed whether these are a stream
  Items(ByteInput bytes, boolean areStreamed) {
    this.bytes = bytes;
    this.areStreamed = areStreamed;
  }

  /// Begins a value; what stands in front of its items comes next.
  void start() {
    left = NOT_BEGUN;
    hold();
  }

  /// Begins the items, which are `count`.
  void begin(long count) {
    left = count;
    hold();
  }

  /// How many there are from here on; 0 behind the last.
  long left() {
    return left;
  }

  /// Goes on to the next.
  void next() {
    left--;
    hold();
  }

  /// What follows is not passed over: who reads it goes on behind damage that does not hide where
  /// the value ends, and calls [#passed] there.
  void end() {
    if (areStreamed) {
      left = OVER;
      bytes.release();
    }
  }

  /// The value has been read to its end, damaged as it is.
  void passed() {
    left = PASSED;
  }

  private void hold() {
    if (areStreamed) {
      bytes.hold();
    }
  }

  /// Whether it can be told where the value ends, which [#passOver] does.
  boolean arePassable() {
    return left != OVER;
  }

  /// Passes over the value from the beginning of the item on that could not be read.
  ///
  /// @throws IOException where it does not say where it ends, or the input does not have its end
  void passOver(RdbType type, ValueScanner values) throws IOException {
    if (left == PASSED) {
      return;
    }
    bytes.rewind();
    bytes.lend(false);
    if (left == NOT_BEGUN) {
      values.skip(type);
    } else {
      values.skipRest(type, left);
    }
  }
}
