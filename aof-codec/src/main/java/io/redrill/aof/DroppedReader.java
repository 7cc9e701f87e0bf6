package io.redrill.aof;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Tells what stands in a log from an offset on, where it can no longer be trusted to be one.
///
/// Behind bytes that are no command it goes on with the next line that looks like the first of one.
/// Such a line may also be part of a value, so this serves to tell what is lost, and nothing that
/// it finds is ever kept.
final class DroppedReader {

  private static final int NOT_GARBAGE = -1;

  private final ByteInput in;
  private final String file;
  private final CommandScanner scanner;
  private final Consumer<Dropped> taker;
  private final WrittenKeys keys = new WrittenKeys();
  private final ByteSlice slice = new ByteSlice();
  private long garbage = NOT_GARBAGE;

  private DroppedReader(ByteInput in, String file, Consumer<Dropped> taker) {
    this.in = in;
    this.file = file;
    this.scanner = new CommandScanner(in);
    this.taker = taker;
  }

  /// Gives what stands in `file` from `offset` on to `taker`, one after the other. Annotations are
  /// passed over.
  static void read(Path file, long offset, Consumer<Dropped> taker) throws IOException {
    try (ByteInput in = AofDirectory.input(file, file.toString())) {
      in.skip(offset);
      new DroppedReader(in, String.valueOf(file.getFileName()), taker).read();
    }
  }

  private void read() throws IOException {
    boolean isLineStart = true;
    for (int next = in.peek(); next >= 0; next = in.peek()) {
      long offset = in.offset();
      if (isLineStart && next == '*' && command(offset)) {
        isLineStart = true;
      } else if (isLineStart && next == '#' && garbage == NOT_GARBAGE) {
        passLine();
      } else {
        garbage = garbage == NOT_GARBAGE ? offset : garbage;
        isLineStart = in.readByte() == '\n';
      }
    }
    endGarbage(in.offset());
  }

  /// Reads a command, if there is one; else nothing is consumed.
  private boolean command(long offset) throws IOException {
    CommandScanner.Found found;
    try {
      found = scanner.scan();
    } catch (CorruptInputException noCommand) {
      return false;
    }
    endGarbage(offset);
    boolean isWhole =
        switch (found) {
          case WHOLE -> true;
          case CUT -> false;
          case LARGE -> pass();
        };
    byte[] name = {};
    Optional<byte[]> key = Optional.empty();
    if (scanner.held() > 0) {
      scanner.argument(0, slice);
      name = slice.toByteArray();
      key = firstKey();
    }
    taker.accept(
        new Dropped.Command(
            file, offset, in.offset() - offset, name, key, scanner.count(), isWhole));
    return true;
  }

  private boolean pass() throws IOException {
    try {
      return scanner.pass(OutputStream.nullOutputStream(), (index, start, length) -> {});
    } catch (CorruptInputException damage) {
      return false; // The reader goes on behind it.
    }
  }

  private Optional<byte[]> firstKey() {
    keys.begin(slice, scanner.count());
    for (int i = 0; i < scanner.held(); i++) {
      scanner.argument(i, slice);
      if (keys.hasKeys() ? keys.isKey(i, slice) : i == 1) {
        return Optional.of(slice.toByteArray());
      }
    }
    return Optional.empty();
  }

  private void passLine() throws IOException {
    while (in.peek() >= 0 && in.readByte() != '\n') {
      // An annotation, or as much of it as there is.
    }
  }

  private void endGarbage(long end) {
    if (garbage != NOT_GARBAGE) {
      taker.accept(new Dropped.Bytes(file, garbage, end - garbage));
      garbage = NOT_GARBAGE;
    }
  }
}
