package io.redrill.rdb;

/// The bytes that begin a record which is not a key. The number decides together with the dialect.
final class Opcode {

  /// Redis Enterprise; nothing more is known of it.
  static final int ENTERPRISE_GCAS = 101;

  /// Redis Enterprise; nothing more is known of it.
  static final int ENTERPRISE_GFLAGS = 102;

  /// Redis Enterprise: the time since the next key was last used. It may stand in front of one.
  static final int ENTERPRISE_LRU = 107;

  /// Redis Enterprise: a slot's number.
  static final int ENTERPRISE_SLOT = 121;

  /// Redis 8.10: field names that several hashes share.
  static final int HASH_TEMPLATE = 242;

  /// Valkey 9.2: a command that changes what was stored before.
  static final int UPDATE_VALKEY = 242;

  /// Redis 8.6: what modules keep about the next key.
  static final int KEY_METADATA = 243;

  /// Valkey 9: the slots that an import in progress covers.
  static final int SLOT_IMPORT_VALKEY = 243;

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
