package io.redrill.rdb.convert;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.StreamTail;
import io.redrill.rdb.UnpackedEncoder;
import io.redrill.rdb.ValueWalker;
import io.redrill.rdb.encoding.Crc64;
import java.io.IOException;
import java.util.OptionalLong;

/// A value that is read out of the file again and again, while the pass that came upon it stands
/// still.
///
/// Only what the pass reads goes into the checksum of the file. So each reading has to give the
/// bytes that the others gave, and in the end ([#requireSame]) the pass: should the file change
/// meanwhile, or a disk fail, nothing is written that nobody vouches for.
final class ValueInFile implements UnpackedEncoder.Walk {

  private final RdbSource source;
  private final RdbCursor cursor;
  private final long crcBefore;
  private OptionalLong crc = OptionalLong.empty();
  private long length;

  /// The value that `cursor` is at in `source`.
  ///
  /// @param crcBefore [RdbCursor#crc] in front of the value
  ValueInFile(RdbSource source, RdbCursor cursor, long crcBefore) {
    this.source = source;
    this.cursor = cursor;
    this.crcBefore = crcBefore;
  }

  @Override
  public void walk(ElementHandler handler) throws IOException {
    ByteInput in = source.input(cursor.valueOffset());
    Crc64 sum = new Crc64();
    in.tap(sum::update);
    ValueWalker.walkNext(in, cursor.type(), handler);
    end(in, sum);
  }

  /// Copies the nodes of the stream, which was walked before, to `sink`.
  void copyNodes(UnpackedEncoder.Sink sink) throws IOException {
    ByteInput in = source.input(cursor.valueOffset());
    Crc64 sum = new Crc64();
    in.tap((bytes, offset, count) -> {
      sum.update(bytes, offset, count);
      sink.write(bytes, offset, count);
    });
    StreamTail.skipNodes(in);
    in.tap(sum::update);
    in.skip(cursor.valueOffset() + length - in.offset());
    end(in, sum);
  }

  private void end(ByteInput in, Crc64 sum) throws IOException {
    in.flushTap();
    length = in.offset() - cursor.valueOffset();
    if (crc.isPresent() && crc.getAsLong() != sum.value()) {
      throw changed();
    }
    crc = OptionalLong.of(sum.value());
  }

  /// Passes over the value, and sees to it that the pass reads what was read here.
  ///
  /// @throws CorruptInputException if it does not
  void requireSame() throws IOException {
    cursor.skipValue();
    if (cursor.offset() != cursor.valueOffset() + length
        || Crc64.combine(crcBefore, crc.orElseThrow(), length) != cursor.crc()) {
      throw changed();
    }
  }

  private CorruptInputException changed() {
    return new CorruptInputException(
        "the value is not the same each time that it is read: the file is being changed, or cannot be read reliably",
        cursor.name(),
        cursor.valueOffset(),
        KeyText.of(cursor.key().toByteArray()));
  }
}
