package io.redrill.rdb;

/// How to read what an RDB does not say about itself.
///
/// @param bigEndianExpiries whether the machine that wrote a file before version 9 was big-endian:
///   such files hold expiries in milliseconds in the order of their machine. From version 9 on they
///   are little-endian everywhere, and this changes nothing
public record RdbReading(boolean bigEndianExpiries) {

  /// As nearly every file was written: on little-endian machines.
  public static final RdbReading DEFAULT = new RdbReading(false);

  /// The first version whose expiries in milliseconds are little-endian on every machine.
  private static final int ONE_ORDER = 9;

  /// Whether the order of expiries in files of `version` depends on the machine that wrote them.
  public static boolean isOrderOfMachine(int version) {
    return version < ONE_ORDER;
  }

  /// Whether expiries in milliseconds of a file of `version` are to be read big-endian.
  boolean readsBigEndian(int version) {
    return bigEndianExpiries && isOrderOfMachine(version);
  }
}
