package io.redrill.storage.layer;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/// A stream of a cloud library whose failures become those of a store.
public final class StoreInputStream extends InputStream {

  private final InputStream in;
  private final Function<Exception, IOException> failure;

  /// Reads from `in`, which [#close()] closes; `failure` names what the library throws, whether an
  /// [IOException] or an unchecked exception of its own.
  public StoreInputStream(InputStream in, Function<Exception, IOException> failure) {
    this.in = in;
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    try {
      return in.read();
    } catch (IOException | RuntimeException e) {
      throw failure.apply(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return in.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      throw failure.apply(e);
    }
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
