package io.redrill.rdb;

/// How to read an RDB: what it does not say about itself, and how much of it is held.
///
/// @param bigEndianExpiries whether the machine that wrote a file before version 9 was big-endian:
///   such files hold expiries in milliseconds in the order of their machine. From version 9 on they
///   are little-endian everywhere, and this changes nothing
/// @param heldBytes up to which size a value is held in memory before somebody looks into it, at
///   least 64; a larger one is walked as it comes, where its type allows. What is found does not
///   depend on it
public record RdbReading(boolean bigEndianExpiries, int heldBytes) {

  /// As nearly every file was written, on little-endian machines; values up to 16 MiB or an eighth
  /// of the heap are held.
  public static final RdbReading DEFAULT =
      new RdbReading(false, (int) Math.min(16 * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8));

  /// The first version whose expiries in milliseconds are little-endian on every machine.
  private static final int ONE_ORDER = 9;

  private static final int LEAST_HELD_BYTES = 64;

  /// Takes at least the least.
  public RdbReading {
    heldBytes = Math.max(LEAST_HELD_BYTES, heldBytes);
  }

  /// Expiries as given, all else as by default.
  public RdbReading(boolean bigEndianExpiries) {
    this(bigEndianExpiries, DEFAULT.heldBytes);
  }

  /// As this, with values of up to `bytes` held.
  public RdbReading holding(int bytes) {
    return new RdbReading(bigEndianExpiries, bytes);
  }

  /// Whether the order of expiries in files of `version` depends on the machine that wrote them.
  public static boolean isOrderOfMachine(int version) {
    return version < ONE_ORDER;
  }

  /// Whether expiries in milliseconds of a file of `version` are to be read big-endian.
  boolean readsBigEndian(int version) {
    return bigEndianExpiries && isOrderOfMachine(version);
  }
}
