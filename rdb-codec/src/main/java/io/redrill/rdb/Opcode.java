package io.redrill.rdb;

/// The bytes that begin a record which is not a key. The number decides together with the dialect.
public final class Opcode {

  /// Redis Enterprise; nothing more is known of it.
  public static final int ENTERPRISE_GCAS = 101;

  /// Redis Enterprise; nothing more is known of it.
  public static final int ENTERPRISE_GFLAGS = 102;

  /// Redis Enterprise: the time since the next key was last used. It may stand in front of one.
  public static final int ENTERPRISE_LRU = 107;

  /// Redis Enterprise: a slot's number.
  public static final int ENTERPRISE_SLOT = 121;

  /// Redis 8.10: field names that several hashes share.
  public static final int HASH_TEMPLATE = 242;

  /// Valkey 9.2: a command that changes what was stored before.
  public static final int UPDATE_VALKEY = 242;

  /// Redis 8.6: what modules keep about the next key.
  public static final int KEY_METADATA = 243;

  /// Valkey 9: the slots that an import in progress covers.
  public static final int SLOT_IMPORT_VALKEY = 243;

  /// Redis 7.4: how many keys a slot has.
  public static final int SLOT_INFO = 244;

  /// Redis 7: the source of a library of functions.
  public static final int FUNCTION_2 = 245;

  /// A library as a pre-release of Redis 7 wrote it.
  public static final int FUNCTION_PRE_RELEASE = 246;

  /// What a module keeps about the data as a whole.
  public static final int MODULE_AUX = 247;

  /// How long the next key was not used, in seconds.
  public static final int IDLE = 248;

  /// How often the next key is used.
  public static final int FREQUENCY = 249;

  /// A field about the file.
  public static final int AUX = 250;

  /// How many keys and expiries a database has.
  public static final int RESIZE_DB = 251;

  /// When the next key expires, in milliseconds.
  public static final int EXPIRE_MILLIS = 252;

  /// The same in seconds, as early versions wrote it.
  public static final int EXPIRE_SECONDS = 253;

  /// The database of what follows.
  public static final int SELECT_DB = 254;

  /// The end, behind which the checksum stands.
  public static final int END = 255;

  /// Opcodes stand from here on, types below.
  public static final int LOWEST = 242;

  private Opcode() {}
}
