package io.redrill.aof;

import io.redrill.rdb.ByteSlice;
import java.io.IOException;

/// Is shown the arguments of one command in their order, the name first.
@FunctionalInterface
public interface ArgumentVisitor {

  /// No more than this is shown of an argument.
  int MOST_BYTES = 16 * 1024;

  /// Takes one argument.
  ///
  /// @param index 0 for the name
  /// @param start the argument, or the first [#MOST_BYTES] of a longer one; right until this
  ///   returns
  /// @param lengthBytes how long it is
  void argument(int index, ByteSlice start, long lengthBytes) throws IOException;
}
