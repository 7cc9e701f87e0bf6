package io.redrill.aof;

import io.redrill.aof.AofRecord.TimeMark;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The lines of a log that begin with `#`, and what they say of the commands behind them: see
/// [AofCursor] for their forms.
final class Annotations {

  private static final int MOST_BYTES = 1024;

  /// Anything else after `TS:` is an annotation without a meaning: servers skip it.
  private static final Pattern SECONDS = Pattern.compile("TS:[0-9]{1,15}");

  private static final Pattern POSITION =
      Pattern.compile("REDRILL:AT=([0-9a-zA-Z]{1,64}):([0-9]{1,18})");

  private static final long ITS_OWN = -1;

  private final ByteInput in;
  private Optional<TimeMark> time;
  private OptionalInt db = OptionalInt.empty();
  private String text = "";

  /// The replication stream that the log stands in, if that is known; the offset in it of the next
  /// byte; and what the next command takes in it, unless that is its own length.
  private Optional<String> replicationId = Optional.empty();

  private long streamOffset;
  private long streamLength = ITS_OWN;

  /// Reads from `in`; `time` holds until there is another.
  Annotations(ByteInput in, Optional<TimeMark> time) {
    this.in = in;
    this.time = time;
  }

  /// Reads the line that begins at the next byte.
  ///
  /// @throws EOFException if the input ends before the line does
  /// @throws CorruptInputException if it is too long, or one of ours and wrong
  AofCursor.Step read() throws IOException {
    long offset = in.offset();
    text = line(offset);
    long length = in.offset() - offset;
    if (SECONDS.matcher(text).matches()) {
      return mark(new TimeMark(offset, length, Long.parseLong(text.substring(3)) * 1000));
    }
    if (text.startsWith("REDRILL:T=")) {
      return mark(new TimeMark(offset, length, number(text.substring(10), offset)));
    }
    Matcher position = POSITION.matcher(text);
    if (position.matches()) {
      replicationId = Optional.of(position.group(1));
      streamOffset = Long.parseLong(position.group(2));
      streamLength = ITS_OWN;
      return AofCursor.Step.POSITION_MARK;
    }
    if (text.startsWith("REDRILL:AS=")) {
      streamLength = number(text.substring(11), offset);
      return AofCursor.Step.LENGTH_MARK;
    }
    if (text.startsWith("REDRILL:DB=")) {
      db = OptionalInt.of(database(text.substring(11), offset));
      return AofCursor.Step.DATABASE_MARK;
    }
    return AofCursor.Step.ANNOTATION;
  }

  private AofCursor.Step mark(TimeMark mark) {
    time = Optional.of(mark);
    return AofCursor.Step.TIME_MARK;
  }

  private String line(long offset) throws IOException {
    byte[] line = new byte[MOST_BYTES];
    int size = 0;
    do {
      if (size == line.length) {
        throw corrupt("annotation longer than %d bytes".formatted(line.length), offset);
      }
      line[size] = (byte) in.readByte();
    } while (line[size++] != '\n');
    size--;
    if (size > 1 && line[size - 1] == '\r') {
      size--;
    }
    return new String(line, 1, size - 1, StandardCharsets.UTF_8);
  }

  /// Counts a command of `length` bytes in the stream.
  void count(long length) {
    streamOffset += streamLength == ITS_OWN ? length : streamLength;
    streamLength = ITS_OWN;
  }

  /// The newest time mark.
  Optional<TimeMark> time() {
    return time;
  }

  /// The database of the [AofCursor.Step#DATABASE_MARK] that was read last.
  int db() {
    return db.orElseThrow();
  }

  /// The text that was read last, without `#` and line end.
  String text() {
    return text;
  }

  /// The stream that the commands are bytes of, where a mark tells it.
  Optional<String> replicationId() {
    return replicationId;
  }

  /// The offset in that stream behind everything that was counted.
  long streamOffset() {
    return streamOffset;
  }

  /// What the [AofCursor.Step#LENGTH_MARK] that was read last says.
  long streamLength() {
    return streamLength;
  }

  /// The number of a database in `digits`, which stand at offset `at`.
  int database(String digits, long at) throws IOException {
    long number = number(digits, at);
    if (number > Integer.MAX_VALUE) {
      throw corrupt("database number out of range", at);
    }
    return (int) number;
  }

  private long number(String digits, long at) throws IOException {
    if (!digits.isEmpty()
        && digits.length() <= 18
        && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      return Long.parseLong(digits);
    }
    throw corrupt("not a number where one is due", at);
  }

  private CorruptInputException corrupt(String problem, long at) {
    return new CorruptInputException(problem, in.name(), at);
  }
}
