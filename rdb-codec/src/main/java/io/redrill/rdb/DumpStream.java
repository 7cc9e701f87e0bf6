package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Map;

/// A `DUMP` payload ([DumpPayload]) of any size, which is read as it comes: somebody looks at its
/// value as at that of a key in a file, and its footer is checked behind that.
///
/// Memory: what [RdbReading#heldBytes] allows, or the largest item of the value.
public final class DumpStream {

  private static final int FOOTER_BYTES = 10;
  private static final String NAME = "dump";

  private DumpStream() {}

  /// Looks at a key.
  @FunctionalInterface
  public interface Look {
    /// @throws IOException if the value cannot be read or decoded
    void at(RdbCursor cursor) throws IOException;
  }

  /// Reads the `length` bytes of `payload` as the value of `key`, whose place and expiry are those
  /// of `entry`, and has `look` look at it; what that leaves is passed over.
  ///
  /// @param dialect of the server that made the payload
  /// @param entry the key; its type and value do not matter
  /// @throws CorruptInputException if the payload is damaged
  /// @throws TooLargeException if it begins with what modules keep about the key, which is only
  ///   read of payloads that are held
  public static void read(
      InputStream payload, long length, RdbDialect dialect, RdbRecord.Entry entry, Look look)
      throws IOException {
    if (length < 1 + FOOTER_BYTES) {
      throw new CorruptInputException("a dump is too short", NAME, length);
    }
    Crc64 crc = new Crc64();
    byte[] type = fully(payload, 1);
    crc.update(type, 0, 1);
    if ((type[0] & 0xff) == Opcode.KEY_METADATA && dialect == RdbDialect.REDIS) {
      throw new TooLargeException(
          "a payload with what modules keep about its key is too large to be held", NAME, 0);
    }
    InputStream value = new Value(payload, length - 1 - FOOTER_BYTES, crc);
    RdbCursor cursor = cursor(new SequenceInputStream(head(type[0], entry), value), dialect, entry);
    if (cursor.next() != RdbCursor.Step.KEY) {
      throw new CorruptInputException("a dump does not begin with a type of value", NAME, 0);
    }
    look.at(cursor);
    if (cursor.next() != RdbCursor.Step.END) {
      throw new CorruptInputException("bytes are left over after a value", NAME, cursor.offset());
    }
    byte[] footer = fully(payload, FOOTER_BYTES);
    crc.update(footer, 0, 2);
    long stored = LittleEndian.getLong(footer, 2);
    if (stored != 0 && stored != crc.value()) {
      throw new CorruptInputException(
          "the checksum of a dump does not match", NAME, length - FOOTER_BYTES + 2);
    }
  }

  private static byte[] fully(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException(NAME);
    }
    return bytes;
  }

  /// What stands in front of the value where it stands in a file.
  private static InputStream head(byte type, RdbRecord.Entry entry) {
    RdbOutput head = new RdbOutput(false);
    if (entry.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY) {
      head.putByte(Opcode.EXPIRE_MILLIS);
      head.putLongLittleEndian(entry.expireAtMillis());
    }
    head.putByte(type);
    head.putString(entry.key());
    return new ByteArrayInputStream(head.toByteArray());
  }

  private static RdbCursor cursor(InputStream in, RdbDialect dialect, RdbRecord.Entry entry) {
    int version = dialect == RdbDialect.VALKEY ? RdbHeader.NEWEST_VALKEY : RdbHeader.NEWEST_REDIS;
    return RdbFragment.cursor(
        new ByteInput(in, NAME), new RdbHeader(dialect, version), entry.db(), Map.of());
  }

  /// The bytes of the value, of which the checksum is taken on the way.
  private static final class Value extends InputStream {

    private final InputStream in;
    private final Crc64 crc;
    private long left;

    Value(InputStream in, long length, Crc64 crc) {
      this.in = in;
      this.left = length;
      this.crc = crc;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(target, from, (int) Math.min(left, length));
      if (count < 0) {
        throw new EOFException(NAME);
      }
      left -= count;
      crc.update(target, from, count);
      return count;
    }
  }
}
