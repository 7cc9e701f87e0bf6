package io.redrill.aof.resp;

import java.io.IOException;
import java.io.InputStream;

/// Takes a string of a reply that may be larger than memory.
@FunctionalInterface
public interface LargeString {

  /// Takes as many of its `length` bytes as it likes, which `bytes` gives as they arrive. Nothing
  /// else may be done with the connection meanwhile.
  void take(InputStream bytes, long length) throws IOException;
}
