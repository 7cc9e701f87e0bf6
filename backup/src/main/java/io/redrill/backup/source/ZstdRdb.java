package io.redrill.backup.source;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.RdbEnvelope;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Unpacks an RDB from a zstd frame, for [RdbEnvelope]. Memory: the window that the frame asks for,
/// of which the library allows 128 MiB at most.
public final class ZstdRdb implements RdbEnvelope.Decompressor {

  /// Keeps nothing.
  public ZstdRdb() {}

  @Override
  public InputStream open(InputStream packed, String name) throws IOException {
    return new Frame(new ZstdInputStream(packed), name);
  }

  /// Tells a damaged frame from a file that cannot be read.
  private static final class Frame extends FilterInputStream {

    private final String name;
    private long offset;

    Frame(InputStream plain, String name) {
      super(plain);
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      try {
        int count = in.read(target, from, length);
        if (count < 0 && offset == 0) {
          // The library takes no bytes at all for an end.
          throw new CorruptInputException("there is no zstd frame", name, 0);
        }
        offset += Math.max(0, count);
        return count;
      } catch (ZstdIOException e) {
        CorruptInputException corrupt =
            new CorruptInputException(
                "a zstd frame is damaged or cut short: " + e.getMessage(), name, offset);
        corrupt.initCause(e);
        throw corrupt;
      }
    }

    @Override
    public long skip(long count) throws IOException {
      // The bytes are needed to count them.
      byte[] skipped = new byte[(int) Math.min(8192, Math.max(0, count))];
      return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
