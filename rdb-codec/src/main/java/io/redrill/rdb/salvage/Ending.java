package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.encoding.Crc64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The mark of an RDB's end in front of other bytes: the commands of an append-only file, or
/// another RDB that was put behind it.
///
/// | bytes | what |
/// |---|---|
/// | 1 | `ff` |
/// | 8 | checksum, the lowest byte first, since version 5 |
final class Ending {

  private static final int CHECKSUM_BYTES = 8;
  private static final int PIECE_BYTES = 64 * 1024;

  private final FileBytes file;
  private final RdbHeader header;

  Ending(FileBytes file, RdbHeader header) {
    this.file = file;
    this.header = header;
  }

  /// The offset behind the end that stands at `offset`; not behind the end of the file.
  long after(long offset) {
    return Math.min(file.size(), offset + 1 + (header.hasChecksum() ? CHECKSUM_BYTES : 0));
  }

  /// Whether the header of another RDB stands behind the end at `offset`, or a command.
  boolean isFollowedByAnother(long offset) throws IOException {
    long at = after(offset);
    return (stands("REDIS", at) && isDigit(at + 5) && isDigit(at + 8))
        || (stands("VALKEY", at) && isDigit(at + 6) && isDigit(at + 8))
        || (stands("*", at) && isDigit(at + 1) && isCommand(at + 2));
  }

  /// Whether a length ends at `at`, up to one digit, and that of the command's name follows.
  private boolean isCommand(long at) throws IOException {
    return stands("\r\n$", at) || (isDigit(at) && stands("\r\n$", at + 1));
  }

  private boolean stands(String text, long at) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i++) {
      if (file.peek(at + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isDigit(long at) throws IOException {
    int b = file.peek(at);
    return b >= '0' && b <= '9';
  }

  /// Whether the checksum behind the end at `offset` is that of all bytes up to there.
  boolean isProvenByChecksum(long offset) throws IOException {
    long stored = new Lengths(file).littleEndian(offset + 1);
    if (!header.hasChecksum() || stored == 0 || after(offset) - offset <= CHECKSUM_BYTES) {
      return false;
    }
    Crc64 crc = new Crc64();
    byte[] piece = new byte[PIECE_BYTES];
    for (long at = 0; at <= offset; ) {
      int count = file.read(at, piece, 0, (int) Math.min(piece.length, offset + 1 - at));
      crc.update(piece, 0, count);
      at += count;
    }
    return crc.value() == stored;
  }
}
