package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import java.io.IOException;

/// The CRC-64 of an RDB, which stands behind its end.
final class RdbChecksum {

  private final ByteInput in;
  private final Crc64 crc = new Crc64();

  RdbChecksum(ByteInput in) {
    this.in = in;
  }

  /// Sums up from the next byte on.
  void begin() throws IOException {
    in.watch(crc::update);
  }

  /// That of the bytes consumed so far; after [#end] of those in front of it.
  long value() throws IOException {
    in.flushTap();
    return crc.value();
  }

  /// Ends the sum and, if one is stored (`isStored`) next, compares it.
  ///
  /// @throws CorruptInputException if it does not match
  RdbRecord.End end(boolean isStored) throws IOException {
    in.unwatch();
    if (!isStored) {
      return new RdbRecord.End(in.offset(), RdbRecord.Checksum.ABSENT);
    }
    long offset = in.offset();
    long stored = in.readLongLittleEndian();
    if (stored == 0) {
      return new RdbRecord.End(in.offset(), RdbRecord.Checksum.UNCHECKED);
    }
    if (stored != crc.value()) {
      throw new CorruptInputException(
          "the checksum does not match the bytes: %016x is stored, theirs is %016x"
              .formatted(stored, crc.value()),
          in.name(),
          offset);
    }
    return new RdbRecord.End(in.offset(), RdbRecord.Checksum.MATCHES);
  }
}
