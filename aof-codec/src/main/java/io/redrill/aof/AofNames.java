package io.redrill.aof;

/// The names that the files of a multi-part append-only file have.
///
/// @param prefix the server's `appendfilename`, which a file of an older server may still bear
public record AofNames(String prefix) {

  /// The names as servers have them unless configured otherwise.
  public static final AofNames DEFAULT = new AofNames("appendonly.aof");

  /// A base file of commands (`.base.aof`) or an RDB (`.base.rdb`).
  public String base(long sequence, boolean rdb) {
    return "%s.%d.base.%s".formatted(prefix, sequence, rdb ? "rdb" : "aof");
  }

  /// An incremental file.
  public String increment(long sequence) {
    return "%s.%d.incr.aof".formatted(prefix, sequence);
  }

  /// The manifest.
  public String manifest() {
    return prefix + ".manifest";
  }
}
