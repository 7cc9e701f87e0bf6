package io.redrill.rdb;

/// The tags in front of each primitive that a module has saved.
final class ModuleTag {

  static final int END = 0;
  static final int SIGNED = 1;
  static final int UNSIGNED = 2;
  static final int FLOAT = 3;
  static final int DOUBLE = 4;
  static final int STRING = 5;

  private ModuleTag() {}
}
