package io.redrill.backup.repository;

import com.github.luben.zstd.ZstdInputStream;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Objects;

/// The RDB of a snapshot, read from its parts. Each part is proved when its end is reached, before
/// the first byte of the next: its stored length and SHA-256, and how much it unpacks to.
///
/// The last bytes of a damaged part may be seen before the damage is found: trust nothing before
/// the end of the stream. Damage is a [RedrillException] that names the object.
public final class PartReader extends InputStream {

  private final ObjectStore store;
  private final Manifest manifest;
  private final MessageDigest whole = Sha256.digest();
  private int index;
  private InputStream current = InputStream.nullInputStream();
  private OpenPart open;
  private boolean atEnd;

  /// Begins with the first byte of the RDB that `manifest` describes.
  public PartReader(Repository repository, Manifest manifest) {
    this.store = repository.store();
    this.manifest = manifest;
    this.open = new OpenPart(InputStream.nullInputStream());
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
    while (!atEnd) {
      int count = unpack(target, from, length);
      if (count > 0) {
        open.rawBytes += count;
        if (open.rawBytes > part().rawBytes()) {
          throw damaged("it unpacks to more than the manifest says");
        }
        whole.update(target, from, count);
        return count;
      }
      next();
    }
    return -1;
  }

  private int unpack(byte[] target, int from, int length) throws IOException {
    try {
      return current.read(target, from, length);
    } catch (io.redrill.storage.StoreException e) {
      throw Failures.of(e);
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPOSITORY_DAMAGED, "object", key(), "problem", "not a whole zstd frame");
    }
  }

  private void next() throws IOException {
    if (index > 0) {
      prove();
    }
    if (index == manifest.parts().size()) {
      atEnd = true;
      if (!Sha256.hex(whole).equals(manifest.rdb().sha256())) {
        throw new RedrillException(
            ErrorCode.REPOSITORY_DAMAGED,
            "object",
            RepositoryKeys.manifest(manifest.source(), manifest.id()),
            "problem",
            "the parts are not the RDB that it describes");
      }
      return;
    }
    index++;
    try {
      open = new OpenPart(store.open(key()));
      current = new ZstdInputStream(open.counted).setContinuous(false);
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private void prove() throws IOException {
    open.counted.transferTo(java.io.OutputStream.nullOutputStream());
    current.close();
    Manifest.Part part = part();
    if (open.counted.count() != part.storedBytes()) {
      throw damaged("its length differs from the manifest's");
    }
    if (!Sha256.hex(open.counted.getMessageDigest()).equals(part.sha256())) {
      throw damaged("its SHA-256 differs from the manifest's");
    }
    if (open.rawBytes != part.rawBytes()) {
      throw damaged("it unpacks to less than the manifest says");
    }
  }

  private Manifest.Part part() {
    return manifest.parts().get(index - 1);
  }

  private ObjectKey key() {
    return RepositoryKeys.part(manifest.source(), manifest.id(), part().name());
  }

  private RedrillException damaged(String problem) {
    return new RedrillException(ErrorCode.REPOSITORY_DAMAGED, "object", key(), "problem", problem);
  }

  @Override
  public void close() throws IOException {
    current.close();
  }

  private static final class OpenPart {
    private final CountedStream counted;
    private long rawBytes;

    OpenPart(InputStream stored) {
      counted = new CountedStream(stored);
    }
  }

  /// Hashes and counts what is read.
  private static final class CountedStream extends DigestInputStream {
    private long count;

    CountedStream(InputStream in) {
      super(in, Sha256.digest());
    }

    long count() {
      return count;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int done = super.read(target, from, length);
      count += Math.max(0, done);
      return done;
    }
  }
}
