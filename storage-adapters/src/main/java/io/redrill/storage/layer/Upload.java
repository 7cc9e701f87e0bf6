package io.redrill.storage.layer;

import io.redrill.storage.ObjectKey;
import io.redrill.storage.StoreFailureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/// The bytes of one put to a remote store, held in memory, since an attempt that fails half-way has
/// to send them again and a source can be read only once.
///
/// Each upload has an identifier that is stored beside the object. When the store says that the key
/// is taken, it tells whether the taker is an earlier attempt of this very put, whose answer was
/// lost on the way.
///
/// @param bytes not copied
/// @param id different for every put
public record Upload(byte[] bytes, String id) {

  /// The largest object of a remote store. Redrill's own parts are well below it.
  public static final int MAX_BYTES = 128 * 1024 * 1024;

  /// The name of the identifier among the metadata of an object.
  public static final String ID = "redrill-upload";

  /// Reads exactly `sizeBytes` bytes of `source`.
  ///
  /// @throws StoreFailureException if the source ends early, or the object is too large
  public static Upload of(ObjectKey key, InputStream source, long sizeBytes) throws IOException {
    if (sizeBytes > MAX_BYTES) {
      throw new StoreFailureException(
          "an object of %d bytes is larger than the %d that a remote store takes at once;"
                  .formatted(sizeBytes, MAX_BYTES)
              + " configure smaller parts",
          key.value());
    }
    byte[] bytes = source.readNBytes((int) sizeBytes);
    if (bytes.length < sizeBytes) {
      throw new StoreFailureException(
          "the source ended after %d of %d bytes".formatted(bytes.length, sizeBytes), key.value());
    }
    return new Upload(bytes, UUID.randomUUID().toString());
  }
}
