package io.redrill.aof;

import io.redrill.rdb.ByteSlice;
import java.util.List;
import java.util.Optional;

/// Whether one command after the other is meant by a [LogCut.BeforeMatch]: [#begin], then all
/// arguments, then [#matches]. No command is by another cut.
///
/// Of a key longer than [ArgumentVisitor#MOST_BYTES] the beginning is compared.
final class CommandMatcher implements ArgumentVisitor {

  private final Optional<LogCut.BeforeMatch> match;
  private final WrittenKeys keys = new WrittenKeys();
  private int count;
  private boolean isNamed;
  private boolean isMatched;

  CommandMatcher(LogCut cut) {
    this.match = cut instanceof LogCut.BeforeMatch before ? Optional.of(before) : Optional.empty();
  }

  /// Whether the command of this record is meant.
  static boolean matches(LogCut.BeforeMatch match, AofRecord.Command record) {
    CommandMatcher matcher = new CommandMatcher(match);
    matcher.begin(record.args().size());
    matcher.show(record.args());
    return matcher.matches();
  }

  /// Begins with a command that has so many arguments, its name among them.
  void begin(int arguments) {
    count = arguments;
    isNamed = false;
    isMatched = false;
  }

  /// Shows all arguments at once.
  void show(List<byte[]> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      argument(i, ByteSlice.of(arguments.get(i)), arguments.get(i).length);
    }
  }

  @Override
  public void argument(int index, ByteSlice start, long lengthBytes) {
    if (index == 0 && match.isPresent()) {
      isNamed = CommandName.is(start, match.get().command());
      isMatched = isNamed && match.get().key().isEmpty();
      keys.begin(start, count);
    } else if (isNamed && !isMatched) {
      boolean isMeant = keys.hasKeys() ? keys.isKey(index, start) : index == 1;
      isMatched = isMeant && match.flatMap(LogCut.BeforeMatch::key).orElseThrow().matches(start);
    }
  }

  /// Whether the command whose arguments were shown is meant.
  boolean matches() {
    return isMatched;
  }
}
