package io.redrill.aof.stream;

import java.io.IOException;
import java.util.List;

/// Nobody who was asked knows where the primary is: a failover may be under way.
public final class PrimaryNotFoundException extends IOException {

  private static final long serialVersionUID = 1L;

  /// Says of `primary` what each server that was asked answered: `host:port: answer`.
  PrimaryNotFoundException(String primary, List<String> answers) {
    super("nobody knows the primary of %s: %s".formatted(primary, String.join("; ", answers)));
  }
}
