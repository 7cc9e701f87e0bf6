package io.redrill.storage;

import java.io.IOException;

/// A failure of an object store. The message names the object or the store; it holds no secret.
public abstract sealed class StoreException extends IOException
    permits ObjectExistsException,
        ObjectMissingException,
        StoreAccessException,
        StoreFailureException,
        StoreUnreachableException {

  private static final long serialVersionUID = 1L;

  private final String problem;
  private final String object;

  StoreException(String problem, String object) {
    super("%s (object=%s)".formatted(problem, object));
    this.problem = problem;
    this.object = object;
  }

  StoreException(String problem, String object, Throwable cause) {
    super("%s (object=%s)".formatted(problem, object), cause);
    this.problem = problem;
    this.object = object;
  }

  /// What went wrong, without where.
  public String problem() {
    return problem;
  }

  /// The key of the object, or the location of the store.
  public String object() {
    return object;
  }
}
