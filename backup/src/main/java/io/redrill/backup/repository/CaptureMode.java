package io.redrill.backup.repository;

/// How a snapshot or a log was got out of its source.
public enum CaptureMode {
  /// Received as a replica.
  PSYNC("psync"),
  /// Read from the server's data directory, on the server's host.
  DATA_DIR("data-dir");

  private final String text;

  CaptureMode(String text) {
    this.text = text;
  }

  /// The word in manifests and configuration.
  public String text() {
    return text;
  }

  /// The mode of that word.
  ///
  /// @throws IllegalArgumentException if there is none
  public static CaptureMode of(String text) {
    for (CaptureMode mode : values()) {
      if (mode.text.equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("no capture mode: " + text);
  }
}
