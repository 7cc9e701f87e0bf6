package io.redrill.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;

/// Immutable objects under keys, in one bucket or directory.
///
/// A store moves bytes and knows nothing of backups. It never overwrites and never renames.
/// Instances may be shared by many threads, and every method blocks until the answer is durable or
/// an exception says otherwise. Failures are [StoreException]s, whose subclasses say what an
/// operator can do about them.
public interface ObjectStore extends Closeable {

  /// Stores exactly `sizeBytes` bytes from `source` under a new key; does not close `source`, and
  /// leaves what follows in it unread. A key must not be the directory of another key: a store in a
  /// file system refuses it.
  ///
  /// @throws ObjectExistsException if `key` is taken; the stored object is left untouched
  /// @throws IOException if the object could not be made durable. No part of it is then visible,
  ///   unless a remote store is unreachable before it has answered: then the key holds the whole
  ///   object or nothing
  void put(ObjectKey key, InputStream source, long sizeBytes) throws IOException;

  /// Opens the whole object; the caller closes the stream.
  ///
  /// @throws ObjectMissingException if there is no such object
  InputStream open(ObjectKey key) throws IOException;

  /// Opens the bytes in `[offset, offset + length)`, fewer where the object ends before; the caller
  /// closes the stream.
  ///
  /// @throws ObjectMissingException if there is no such object
  InputStream open(ObjectKey key, long offset, long length) throws IOException;

  /// Returns what the store knows of `key`, or empty if there is no such object.
  Optional<ObjectInfo> find(ObjectKey key) throws IOException;

  /// Lists the objects whose key starts with `prefix` (any string, may be empty), in no order;
  /// close the stream to stop early. A failure while listing surfaces as
  /// [java.io.UncheckedIOException].
  Stream<ObjectInfo> list(String prefix) throws IOException;

  /// Removes an object. It is not an error if there is none: a deletion may be repeated.
  void delete(ObjectKey key) throws IOException;

  /// The URL of this store, without secrets, for messages and reports.
  String location();
}
