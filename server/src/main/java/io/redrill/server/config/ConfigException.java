package io.redrill.server.config;

import java.io.IOException;

/// A configuration that cannot be used. The message is the reason in Redis' own words, since
/// operators and tools look for those.
public final class ConfigException extends IOException {

  private static final long serialVersionUID = 1L;

  /// Makes a refusal for `reason`.
  public ConfigException(String reason) {
    super(reason);
  }

  /// Makes a refusal of one line of a configuration file.
  ConfigException(int lineNumber, String line, String reason) {
    super(
        """
        Reading the configuration file, at line %d
        >>> '%s'
        %s\
        """
            .formatted(lineNumber, line, reason));
  }
}
