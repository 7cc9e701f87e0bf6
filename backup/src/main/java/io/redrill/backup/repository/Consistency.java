package io.redrill.backup.repository;

/// Whether an image shows a single instant of its source.
public enum Consistency {
  /// It does.
  POINT_IN_TIME("point-in-time");

  private final String text;

  Consistency(String text) {
    this.text = text;
  }

  /// The word in manifests.
  public String text() {
    return text;
  }

  /// The consistency of that word.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Consistency of(String text) {
    for (Consistency consistency : values()) {
      if (consistency.text.equals(text)) {
        return consistency;
      }
    }
    throw new IllegalArgumentException("no consistency: " + text);
  }
}
