package io.redrill.storage.layer;

import io.redrill.storage.StoreUnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/// The bytes of an object as a store's library delivers them, whose failures become those of a
/// store and whose end counts only where it was announced: a body that was cut off never passes for
/// whole.
public final class StoreInputStream extends InputStream {

  private final InputStream in;
  private final long sizeBytes;
  private final String object;
  private final Function<Exception, IOException> failure;
  private long read;

  /// Reads the `sizeBytes` bytes of `object` from `in`, which [#close()] closes; `failure` names
  /// what the library throws, whether an [IOException] or an unchecked exception of its own.
  public StoreInputStream(
      InputStream in, long sizeBytes, String object, Function<Exception, IOException> failure) {
    this.in = in;
    this.sizeBytes = sizeBytes;
    this.object = object;
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count;
    try {
      count = in.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      throw failure.apply(e);
    }
    if (count < 0 && read < sizeBytes) {
      throw new StoreUnreachableException(
          "the object ended after %d of %d bytes; read it again".formatted(read, sizeBytes),
          object);
    }
    read += Math.max(0, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    try {
      in.close();
    } catch (IOException | RuntimeException e) {
      throw failure.apply(e);
    }
  }
}
