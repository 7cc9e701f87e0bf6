package io.redrill.rdb;

import java.io.IOException;

/// Content that the RDB version being written cannot hold without loss. Nothing of the record has
/// been written.
public final class TargetTooOldException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String content;
  private final int version;

  /// Makes a refusal to write `content`, named in a few words, into version `version`.
  public TargetTooOldException(String content, int version) {
    super("RDB version %d cannot hold %s".formatted(version, content));
    this.content = content;
    this.version = version;
  }

  /// What cannot be held, in a few words.
  public String content() {
    return content;
  }

  /// The version being written.
  public int version() {
    return version;
  }
}
