package io.redrill.aof;

import java.io.IOException;
import java.time.Instant;

/// A cut at which the log had not begun: its base already holds later writes.
public final class CutBeforeBaseException extends IOException {

  private static final long serialVersionUID = 1L;

  /// Says that `base` was written at `written`, later than `cut`.
  public CutBeforeBaseException(String base, Instant written, Instant cut) {
    super(
        "the base of the log is later than the cut (file=%s, written=%s, cut=%s)"
            .formatted(base, written, cut));
  }

  /// Says that `offset` lies inside of `base`.
  CutBeforeBaseException(String base, long offset) {
    super(
        "the cut lies inside of the base of the log (file=%s, offset=%d)".formatted(base, offset));
  }
}
