package io.redrill.backup.repository;

import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Collects the bytes of one object in memory before it is stored, since a store wants to know the
/// length first. Grows by pieces, so that a well compressed part costs only its own size.
final class PartBuffer extends OutputStream {

  private static final int PIECE_BYTES = 256 * 1024;

  private final List<byte[]> pieces = new ArrayList<>();
  private final MessageDigest digest = Sha256.digest();
  private int filled = PIECE_BYTES;
  private long size;

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int from, int length) {
    Objects.checkFromIndexSize(from, length, source.length);
    digest.update(source, from, length);
    size += length;
    int done = 0;
    while (done < length) {
      if (filled == PIECE_BYTES) {
        pieces.add(new byte[PIECE_BYTES]);
        filled = 0;
      }
      int count = Math.min(length - done, PIECE_BYTES - filled);
      System.arraycopy(source, from + done, pieces.getLast(), filled, count);
      filled += count;
      done += count;
    }
  }

  long size() {
    return size;
  }

  /// The SHA-256 of what was written; to be asked once, at the end.
  String sha256() {
    return Sha256.hex(digest);
  }

  /// What was written; may be asked again, for another attempt.
  InputStream input() {
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int from, int length) {
        Objects.checkFromIndexSize(from, length, target.length);
        if (position == size) {
          return -1;
        }
        int at = (int) (position % PIECE_BYTES);
        int count = (int) Math.min(Math.min(length, PIECE_BYTES - at), size - position);
        System.arraycopy(pieces.get((int) (position / PIECE_BYTES)), at, target, from, count);
        position += count;
        return count;
      }
    };
  }
}
