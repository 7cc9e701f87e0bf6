package io.redrill.rdb.convert;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.TooLargeException;
import java.io.IOException;
import java.util.Optional;

/// The value of the key that a pass is at, walked when something is asked of it.
final class WalkedValue {

  /// What is held to be encoded anew is there in more than one form for a moment.
  private static final long MOST_HELD_BYTES =
      Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4);

  /// What a stream says of its groups is estimated in all its forms.
  private static final long MOST_TAIL_BYTES = Runtime.getRuntime().maxMemory() / 2;

  private final RecordPass pass;
  private final RdbCursor cursor;
  private final boolean isEncoded;
  private Optional<ValueFacts> facts = Optional.empty();

  /// The value of the key that `pass` is at.
  ///
  /// @param isEncoded whether it will be encoded anew if it does not stay as it is
  WalkedValue(RecordPass pass, boolean isEncoded) {
    this.pass = pass;
    this.cursor = pass.cursor();
    this.isEncoded = isEncoded;
  }

  /// What it says that not every target can hold. It is not copied then.
  ///
  /// @throws FormatException if it is damaged, or is too large to be encoded anew
  ValueFacts facts() throws IOException {
    if (facts.isEmpty()) {
      if (isEncoded) {
        requireRoom();
      }
      pass.leaveOut();
      ValueFacts found = new ValueFacts();
      cursor.walk(found);
      if (isEncoded && found.tailBytes() > MOST_TAIL_BYTES) {
        throw tooLarge(
            "what a stream that has to change its form says of its groups takes more than half of"
                + " the memory",
            MOST_TAIL_BYTES);
      }
      facts = Optional.of(found);
    }
    return facts.get();
  }

  /// Sees to it that a value which will be encoded anew finds room, which shall not be found out
  /// while the file is written: in one piece are only those that do not consist of items. It is not
  /// copied then.
  ///
  /// @throws TooLargeException if it does not
  /// @throws FormatException if it is damaged, and perhaps only claims to be as large
  void requireRoom() throws IOException {
    pass.leaveOut();
    if (!cursor.isValuePassing() && !cursor.holdValue((int) MOST_HELD_BYTES)) {
      cursor.skipValue();
      throw tooLarge(
          "a packed value that has to change its form is larger than a quarter of the memory",
          MOST_HELD_BYTES);
    }
  }

  private TooLargeException tooLarge(String problem, long mostBytes) {
    return new TooLargeException(
        "%s, %d bytes".formatted(problem, mostBytes),
        cursor.name(),
        cursor.recordOffset(),
        KeyText.of(cursor.key().toByteArray()));
  }

  /// Whether it takes more than about `decodedBytes` when it is decoded as a whole.
  ///
  /// @throws FormatException if it is damaged
  boolean isLarger(int decodedBytes) throws IOException {
    if (cursor.isValuePassing()) {
      return true;
    }
    ValueSize size = new ValueSize();
    cursor.walk(size);
    return size.bytes() > decodedBytes;
  }

  /// The name of the module that it is of.
  String moduleName() throws IOException {
    return cursor.moduleName();
  }
}
