package io.redrill.rdb.convert;

import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValueEncoder;
import io.redrill.rdb.StreamTail;
import io.redrill.rdb.UnpackedEncoder;
import java.io.IOException;

/// Writes values in another form that are too large to be decoded as a whole: element by element,
/// and of streams node by node.
///
/// A value that is not held is gone once it was walked; it is read again out of the file.
final class LargeValues {

  private static final byte[] NO_VALUE = {};

  private final RdbSource source;
  private final RecordFitting fitting;

  /// Of `source`, in the form that `fitting` asks for.
  LargeValues(RdbSource source, RecordFitting fitting) {
    this.source = source;
    this.fitting = fitting;
  }

  /// Writes the key that `pass` is at to `sink`.
  ///
  /// @param crcBefore [RdbCursor#crc] in front of its value
  /// @throws IOException as the pass and the sink do
  void write(RecordPass pass, long crcBefore, RdbSink sink) throws IOException {
    RdbCursor cursor = pass.cursor();
    boolean isStream = cursor.type().kind() == RdbKind.STREAM;
    if (!isStream && !cursor.isValuePassing()) {
      writeElements(pass, cursor::walk, sink);
      return;
    }
    ValueInFile value = new ValueInFile(source, cursor, crcBefore);
    if (isStream) {
      writeNodes(pass, value, sink);
    } else {
      writeElements(pass, value, sink);
    }
    value.requireSame();
  }

  private void writeElements(RecordPass pass, UnpackedEncoder.Walk value, RdbSink sink)
      throws IOException {
    RdbCursor cursor = pass.cursor();
    UnpackedEncoder elements = fitting.unpacked(value, cursor.type().kind());
    pass.write(sink, fitting.entry(cursor, elements.type(), NO_VALUE));
    elements.write(sink::append);
  }

  private void writeNodes(RecordPass pass, ValueInFile value, RdbSink sink) throws IOException {
    RdbValueEncoder.Encoded tail = fitting.encodeTail(StreamTail.of(value));
    pass.write(sink, fitting.entry(pass.cursor(), tail.type(), NO_VALUE));
    value.copyNodes(sink::append);
    sink.append(tail.value(), 0, tail.value().length);
  }
}
