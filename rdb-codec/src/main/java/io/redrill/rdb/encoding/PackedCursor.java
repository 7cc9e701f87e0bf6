package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;

/// Walks the elements of one packed encoding from the first to the last, and believes none of its
/// lengths. One instance serves one encoding after the other. Not safe for use by several threads.
public interface PackedCursor {

  /// Begins with the `length` bytes of `bytes` from `from` on, which must be all of the encoding.
  ///
  /// @throws CorruptInputException if the frame is damaged; the offset is the one inside the
  ///   encoding
  void begin(byte[] bytes, int from, int length) throws CorruptInputException;

  /// Puts the next element into `slot`; false says that there is none, and that everything was
  /// sound up to the end.
  ///
  /// @throws CorruptInputException if the next element, or the end, is damaged
  boolean next(ElementSlot slot) throws CorruptInputException;
}
