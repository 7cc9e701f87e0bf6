package io.redrill.server.command;

/// How many members a command wants at random: that many distinct ones, or with repeats if the
/// number given was negative.
record RandomCount(long count, boolean repeats, boolean withValues) {

  /// Reads `count [option]` from argument 2 on.
  static RandomCount of(Call call, String option) {
    call.integer(2);
    long count = call.integer(2, -Long.MAX_VALUE, Long.MAX_VALUE, "ERR value is out of range");
    boolean withValues = call.count() == 4;
    if (call.count() > 4 || (withValues && !call.is(3, option))) {
      throw new CommandException(CommandException.SYNTAX);
    }
    if (withValues && (count < -Long.MAX_VALUE / 2 || count > Long.MAX_VALUE / 2)) {
      throw new CommandException("ERR value is out of range");
    }
    return new RandomCount(Math.abs(count), count < 0, withValues);
  }
}
