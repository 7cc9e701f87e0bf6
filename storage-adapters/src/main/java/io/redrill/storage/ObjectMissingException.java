package io.redrill.storage;

/// There is no object under that key.
public final class ObjectMissingException extends StoreException {

  private static final long serialVersionUID = 1L;

  /// Makes a failure about `object`, which may be a key or the location of the whole store.
  public ObjectMissingException(String problem, String object) {
    super(problem, object);
  }

  /// As above, caused by `cause`.
  public ObjectMissingException(String problem, String object, Throwable cause) {
    super(problem, object, cause);
  }
}
