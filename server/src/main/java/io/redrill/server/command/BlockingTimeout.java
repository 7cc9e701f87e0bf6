package io.redrill.server.command;

/// The last time a command may wait until, from its timeout in seconds.
final class BlockingTimeout {

  private BlockingTimeout() {}

  /// Unix milliseconds, or 0 for no limit.
  static long untilMillis(Call call, int index) {
    double seconds = call.real(index, "ERR timeout is not a float or out of range");
    if (seconds < 0) {
      throw new CommandException("ERR timeout is negative");
    }
    double millis = Math.ceil(seconds * 1000);
    if (millis > 0x1p62) {
      throw new CommandException("ERR timeout is out of range");
    }
    return millis == 0 ? 0 : call.now() + (long) millis;
  }
}
