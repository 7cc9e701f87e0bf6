package io.redrill.aof.resp;

/// What a reader believes at most, so that a hostile length ends in a refusal and not in memory.
///
/// Memory follows the bytes that have arrived, never the length that was announced; the limits
/// bound what may arrive.
///
/// @param elements arguments of one command, or elements of one reply on one level
/// @param bulkBytes the bytes of one string
/// @param commandBytes the bytes of all the strings of one command or reply
/// @param depth how deep replies may be nested
public record RespLimits(int elements, int bulkBytes, long commandBytes, int depth) {

  /// What Redis itself allows as shipped: 512 MiB in a string, and up to 6.2 1,048,576 arguments.
  public static final RespLimits DEFAULT =
      new RespLimits(1024 * 1024, 512 * 1024 * 1024, 1024L * 1024 * 1024, 32);

  /// What stands in a log: from Redis 7.0 on a command may have any number of arguments.
  public static final RespLimits LOG =
      new RespLimits(
          Integer.MAX_VALUE, DEFAULT.bulkBytes(), DEFAULT.commandBytes(), DEFAULT.depth());

  /// Checks that each limit is positive.
  public RespLimits {
    if (elements < 1 || bulkBytes < 1 || commandBytes < 1 || depth < 1) {
      throw new IllegalArgumentException("every limit must be at least 1");
    }
  }
}
