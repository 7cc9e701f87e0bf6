package io.redrill.storage;

/// The key is taken; what is stored there was left untouched.
public final class ObjectExistsException extends StoreException {

  private static final long serialVersionUID = 1L;

  /// Makes a failure about `object`, which may be a key or the location of the whole store.
  public ObjectExistsException(String problem, String object) {
    super(problem, object);
  }

  /// As above, caused by `cause`.
  public ObjectExistsException(String problem, String object, Throwable cause) {
    super(problem, object, cause);
  }
}
