package io.redrill.rdb;

/// The bytes that begin a record which is not a key. The number decides together with the dialect.
final class Opcode {

  /// Valkey: the slots that an import in progress covers. Redis 8.6: metadata of the next key.
  static final int SLOT_IMPORT = 243;

  static final int SLOT_INFO = 244;
  static final int FUNCTION_2 = 245;
  static final int FUNCTION_PRE_RELEASE = 246;
  static final int MODULE_AUX = 247;
  static final int IDLE = 248;
  static final int FREQUENCY = 249;
  static final int AUX = 250;
  static final int RESIZE_DB = 251;
  static final int EXPIRE_MILLIS = 252;
  static final int EXPIRE_SECONDS = 253;
  static final int SELECT_DB = 254;
  static final int END = 255;

  /// Opcodes stand from here on, types below.
  static final int LOWEST = 242;

  private Opcode() {}
}
