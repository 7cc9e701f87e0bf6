package io.redrill.storage;

/// The store did not answer, or not in time. Trying again later may help.
public final class StoreUnreachableException extends StoreException {

  private static final long serialVersionUID = 1L;

  /// Makes a failure about `object`, which may be a key or the location of the whole store.
  public StoreUnreachableException(String problem, String object) {
    super(problem, object);
  }

  /// As above, caused by `cause`.
  public StoreUnreachableException(String problem, String object, Throwable cause) {
    super(problem, object, cause);
  }
}
