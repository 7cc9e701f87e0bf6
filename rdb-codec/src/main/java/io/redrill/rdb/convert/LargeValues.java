package io.redrill.rdb.convert;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValueEncoder;
import io.redrill.rdb.StreamTail;
import io.redrill.rdb.UnpackedEncoder;
import io.redrill.rdb.ValueWalker;
import java.io.IOException;

/// Writes values in another form that are too large to be decoded as a whole: element by element,
/// and of streams node by node.
///
/// A value that is not held is gone once it was walked; it is walked again out of the file.
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
  /// @throws IOException as the pass and the sink do
  void write(RecordPass pass, RdbSink sink) throws IOException {
    RdbCursor cursor = pass.cursor();
    UnpackedEncoder.Walk walk = walk(cursor);
    if (cursor.type().kind() == RdbKind.STREAM) {
      RdbValueEncoder.Encoded tail = fitting.encodeTail(StreamTail.of(walk));
      pass.write(sink, fitting.entry(cursor, tail.type(), NO_VALUE));
      copyNodes(cursor, sink);
      sink.append(tail.value(), 0, tail.value().length);
    } else {
      UnpackedEncoder elements = fitting.unpacked(walk, cursor.type().kind());
      pass.write(sink, fitting.entry(cursor, elements.type(), NO_VALUE));
      elements.write(sink::append);
    }
  }

  private UnpackedEncoder.Walk walk(RdbCursor cursor) throws IOException {
    if (!cursor.isValuePassing()) {
      return cursor::walk;
    }
    long offset = cursor.valueOffset();
    RdbType type = cursor.type();
    return handler -> ValueWalker.walkNext(source.input(offset), type, handler);
  }

  private void copyNodes(RdbCursor cursor, RdbSink sink) throws IOException {
    ByteInput nodes = source.input(cursor.valueOffset());
    nodes.tap(sink::append);
    StreamTail.skipNodes(nodes);
    nodes.flushTap();
  }
}
