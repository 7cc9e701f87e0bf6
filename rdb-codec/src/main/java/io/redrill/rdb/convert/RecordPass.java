package io.redrill.rdb.convert;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbCursor.Step;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.TrailingBytes;
import java.io.IOException;

/// One pass over the records of an RDB, which says of each where it goes. What a visitor says
/// nothing of goes nowhere, and costs no more than to pass over it.
final class RecordPass {

  /// Takes the records.
  @FunctionalInterface
  interface Visitor {
    /// Takes the record that [#cursor] is at, the end included, and may throw to end the pass.
    void visit(RecordPass pass) throws IOException;
  }

  private final ByteInput in;
  private final RdbCursor cursor;
  private final PassingBytes bytes;
  private Step step = Step.RECORD;
  private boolean isPlaced;

  private RecordPass(ByteInput in, RdbCursor cursor) throws IOException {
    this.in = in;
    this.cursor = cursor;
    this.bytes = new PassingBytes(in.offset(), cursor);
    in.tap(bytes);
  }

  /// Reads the RDB that `in` holds to its end, as `reading` says, and checks its checksum; says
  /// whether bytes follow.
  ///
  /// @throws io.redrill.rdb.FormatException if it is damaged or cannot be read further
  static boolean run(ByteInput in, RdbReading reading, Visitor visitor) throws IOException {
    RdbCursor cursor = new RdbCursor(in, reading);
    cursor.header();
    return new RecordPass(in, cursor).run(visitor);
  }

  private boolean run(Visitor visitor) throws IOException {
    boolean isFollowed = false;
    while (step != Step.END) {
      step = cursor.next();
      if (step == Step.END && cursor.record() instanceof RdbRecord.End end) {
        isFollowed = TrailingBytes.follow(in, end);
      }
      isPlaced = false;
      visit(visitor);
      leaveOut();
      cursor.skipValue();
      bytes.end(in.offset());
    }
    return isFollowed;
  }

  /// A value that is walked out of the file once more knows where it is damaged; here it is known
  /// of which key it is.
  private void visit(Visitor visitor) throws IOException {
    try {
      visitor.visit(this);
    } catch (CorruptInputException e) {
      throw cursor.isAtKey() && e.key().isEmpty() ? cursor.inValue(e) : e;
    }
  }

  /// The record.
  RdbCursor cursor() {
    return cursor;
  }

  /// What the record is.
  Step step() {
    return step;
  }

  /// Copies the record to `sink` as it stands, and chooses the key's database there. What chooses a
  /// database or gives sizes is written anew, as is a key that is not complete in its bytes.
  void copyTo(RecordSink sink) throws IOException {
    if (!cursor.isAtKey()) {
      copyOtherTo(sink.alone());
    } else if (isWhole()) {
      if (sink.db() != cursor.db()) {
        insert(sink, new RdbRecord.SelectDb(cursor.db()));
      }
      place(sink.alone());
    } else {
      write(sink, cursor.entry());
    }
  }

  /// Copies the value of the key to `sink` as it stands, behind `head` in place of what is said
  /// about the key. Not after the value was walked without being held.
  ///
  /// @param head the key without a value
  void copyValueTo(RecordSink sink, RdbRecord.Entry head) throws IOException {
    insert(sink, head);
    isPlaced = true;
    bytes.begin(cursor.valueOffset(), sink.alone());
  }

  /// As [#copyTo], of a record that is no key, to all of `sinks`.
  void copyOtherTo(RecordSink[] sinks) throws IOException {
    switch (cursor.record()) {
      case RdbRecord.SelectDb _, RdbRecord.ResizeDb _, RdbRecord.End _ -> {
        for (RecordSink sink : sinks) {
          write(sink, cursor.record());
        }
      }
      default -> place(sinks);
    }
  }

  /// Plans to copy the record as it stands, also what chooses a database or gives sizes.
  void addTo(CopyPlan plan) throws IOException {
    switch (step) {
      case KEY -> copyTo(plan);
      case RECORD -> {
        if (cursor.recordOffset() != bytes.decided()) {
          plan.giveUp(); // what is said about a key stands in front of it
        }
        if (cursor.record() instanceof RdbRecord.SelectDb(int db)) {
          plan.select(db);
        }
        place(plan.alone());
      }
      case END -> write(plan, cursor.record());
    }
  }

  /// Whether the bytes of the key hold all of it: its expiry may stand apart, and the fields of a
  /// hash in a template of the file.
  private boolean isWhole() {
    return cursor.recordOffset() >= bytes.decided() && !cursor.type().refersToTemplate();
  }

  /// Leaves the record out, unless it was said before where it goes. To be called before it is
  /// looked into: until it is said what becomes of its bytes, those that go by are kept.
  void leaveOut() throws IOException {
    if (!isPlaced) {
      place(PassingBytes.NOWHERE);
    }
  }

  /// Writes `record` to `sink` in place of the record at hand.
  void write(RecordSink sink, RdbRecord record) throws IOException {
    leaveOut();
    insert(sink, record);
  }

  /// Writes `record` to `sink` in front of the record at hand.
  void insert(RecordSink sink, RdbRecord record) throws IOException {
    in.flushTap(); // what stands in front of it comes first
    sink.write(record);
  }

  private void place(RecordSink[] sinks) throws IOException {
    isPlaced = true;
    bytes.begin(Math.max(cursor.recordOffset(), bytes.decided()), sinks);
  }
}
