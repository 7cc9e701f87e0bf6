package io.redrill.backup.log;

import com.github.luben.zstd.ZstdInputStream;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.Sha256;
import io.redrill.backup.repository.SourceName;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/// The unpacked content of a segment, proved by its last line when the end is reached.
///
/// The last bytes are held back until they are known to be the last line, whose checksum covers
/// everything before it. So the end of the stream is never seen of a segment that is not whole:
/// there, a [RedrillException] with [ErrorCode#REPOSITORY_DAMAGED] names the object.
public final class SegmentStream extends InputStream {

  /// `#REDRILL:END ` + 20 digits + blank + 64 hex digits + CR LF, and some room.
  private static final int HELD_BYTES = 128;

  private static final String END = "#REDRILL:END ";

  private final SegmentName name;
  private final ObjectKey key;
  private final InputStream unpacked;
  private final MessageDigest digest = Sha256.digest();
  private final byte[] buffer = new byte[64 * 1024];
  private int position;
  private int limit;
  private boolean proven;

  /// Opens a segment.
  ///
  /// @throws RedrillException with [ErrorCode#OBJECT_MISSING] if it is not there
  public SegmentStream(Repository repository, SourceName source, SegmentName name) {
    this.name = name;
    this.key = RepositoryKeys.segment(source, name);
    try {
      this.unpacked = new ZstdInputStream(repository.store().open(key));
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!proven && limit - position <= HELD_BYTES) {
      fill();
    }
    int ready = limit - position - (proven ? 0 : HELD_BYTES);
    if (ready <= 0) {
      return -1;
    }
    int count = Math.min(length, ready);
    System.arraycopy(buffer, position, target, from, count);
    if (!proven) {
      digest.update(buffer, position, count);
    }
    position += count;
    return count;
  }

  private void fill() throws IOException {
    System.arraycopy(buffer, position, buffer, 0, limit - position);
    limit -= position;
    position = 0;
    while (limit < buffer.length) {
      int count = unpack();
      if (count < 0) {
        prove();
        return;
      }
      limit += count;
    }
  }

  private int unpack() throws IOException {
    try {
      return unpacked.read(buffer, limit, buffer.length - limit);
    } catch (StoreException e) {
      throw Failures.of(e);
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPOSITORY_DAMAGED, "object", key, "problem", "not a whole zstd frame");
    }
  }

  private void prove() {
    int lastLine = Math.max(0, limit - 2);
    while (lastLine > 0 && buffer[lastLine - 1] != '\n') {
      lastLine--;
    }
    digest.update(buffer, 0, lastLine);
    String expected = END + name.end() + " " + Sha256.hex(digest) + "\r\n";
    String found = new String(buffer, lastLine, limit - lastLine, StandardCharsets.ISO_8859_1);
    if (!found.equals(expected)) {
      throw new RedrillException(
          ErrorCode.REPOSITORY_DAMAGED,
          "object",
          key,
          "problem",
          found.startsWith(END)
              ? "its checksum or end offset does not match"
              : "it ends before its last line");
    }
    proven = true;
  }

  @Override
  public void close() throws IOException {
    unpacked.close();
  }
}
