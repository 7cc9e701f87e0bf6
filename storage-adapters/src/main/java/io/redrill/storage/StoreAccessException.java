package io.redrill.storage;

/// The store refused the credentials, or what they may do is not enough.
public final class StoreAccessException extends StoreException {

  private static final long serialVersionUID = 1L;

  /// Makes a failure about `object`, which may be a key or the location of the whole store.
  public StoreAccessException(String problem, String object) {
    super(problem, object);
  }

  /// As above, caused by `cause`.
  public StoreAccessException(String problem, String object, Throwable cause) {
    super(problem, object, cause);
  }
}
