package io.redrill.cli.output;

import io.redrill.aof.AofCursor;
import io.redrill.aof.ArgumentVisitor;
import io.redrill.aof.WrittenKeys;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.filter.KeyGlob;
import java.util.Optional;

/// What a list shows of one command in a log after the other, in bounded memory: it is shown all
/// arguments of each.
public final class LoggedCommand implements ArgumentVisitor {

  private final WrittenKeys written = new WrittenKeys();
  private final Optional<KeyGlob> wanted;
  private Optional<byte[]> key = Optional.empty();
  private long keys;
  private boolean isMatched;

  /// Looks at commands.
  ///
  /// @param wanted which keys are looked for; all, where it is empty
  public LoggedCommand(Optional<KeyGlob> wanted) {
    this.wanted = wanted;
  }

  /// Begins with the command at hand of `log`.
  public void begin(AofCursor log) {
    written.begin(log.name(), log.argumentCount());
    key = Optional.empty();
    keys = 0;
    isMatched = false;
  }

  @Override
  public void argument(int index, ByteSlice start, long lengthBytes) {
    if (written.isKey(index, start)) {
      keys++;
      boolean isWanted = wanted.map(glob -> glob.matches(start)).orElse(true);
      if (isWanted && !isMatched) {
        key = Optional.of(start.toByteArray());
      }
      isMatched |= isWanted;
    }
  }

  /// The name of the command at hand in capitals; bytes that are not printable as `\\xNN`.
  public static String name(AofCursor log) {
    byte[] name = log.name().toByteArray();
    for (int i = 0; i < name.length; i++) {
      name[i] = name[i] >= 'a' && name[i] <= 'z' ? (byte) (name[i] - 32) : name[i];
    }
    return KeyEscape.of(name);
  }

  /// The first key that it may change, of those that are wanted.
  public Optional<byte[]> key() {
    return key;
  }

  /// How many keys it may change.
  public long keys() {
    return keys;
  }

  /// Whether it may change a key that is wanted.
  public boolean isMatched() {
    return isMatched;
  }
}
