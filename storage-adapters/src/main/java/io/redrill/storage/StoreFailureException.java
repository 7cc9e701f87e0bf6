package io.redrill.storage;

/// The store answered, and could not do it: full, read-only, throttled, or broken.
public final class StoreFailureException extends StoreException {

  private static final long serialVersionUID = 1L;

  /// Makes a failure about `object`, which may be a key or the location of the whole store.
  public StoreFailureException(String problem, String object) {
    super(problem, object);
  }

  /// As above, caused by `cause`.
  public StoreFailureException(String problem, String object, Throwable cause) {
    super(problem, object, cause);
  }
}
