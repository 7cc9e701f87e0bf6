package io.redrill.server.type;

import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.encoding.Listpack;

/// What the packed forms of hashes, sets and sorted sets have in common.
final class Packing {

  /// No packed value grows beyond this, whatever the limits say.
  private static final int MAX_BYTES = 1 << 30;

  private Packing() {}

  /// Whether `added` bytes of text more would be too much for one packed value.
  static boolean isTooLarge(Listpack list, long added) {
    return list.bytes().length + added > MAX_BYTES;
  }

  /// Whether there are at most so many elements, none longer than so many bytes.
  static boolean fits(Listpack list, long maxElements, int maxBytes) {
    if (list.size() > maxElements || list.bytes().length > MAX_BYTES) {
      return false;
    }
    for (int at = list.first(); at != Listpack.NONE; at = list.next(at)) {
      if (list.length(at) > maxBytes) {
        return false;
      }
    }
    return true;
  }

  /// Refuses a stored collection in which a member stands twice.
  static void requireDistinct(Listpack list, int step, String problem)
      throws CorruptInputException {
    if (list.hasDuplicates(step)) {
      throw new CorruptInputException(problem, "listpack", 0);
    }
  }

  /// Refuses a stored collection of which a member was there already.
  static void requireNew(boolean isNew, String problem) throws CorruptInputException {
    if (!isNew) {
      throw new CorruptInputException(problem, "value", 0);
    }
  }
}
