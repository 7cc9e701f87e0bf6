package io.redrill.rdb.convert;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.filter.RdbFilter;
import java.nio.charset.StandardCharsets;

/// Which records go with the keys that a filter keeps, for use in file order.
///
/// A file of some keys is no longer what a replica could go on from, and hints of how many keys
/// there are would be wrong: both are left out. KeyDB's aux fields about a member follow the key
/// that they belong to.
final class KeptRecords {

  private static final int SLOT_INFO = 244;

  private final RdbFilter filter;
  private boolean isLastKept = true;

  KeptRecords(RdbFilter filter) {
    this.filter = filter;
  }

  boolean keeps(RdbRecord record) {
    if (filter.isAll()) {
      return true;
    }
    return switch (record) {
      case RdbRecord.Entry entry -> {
        isLastKept = filter.keeps(entry);
        yield isLastKept;
      }
      case RdbRecord.Aux(byte[] name, byte[] _) -> belongsToAll(name) || belongsToLastKey(name);
      case RdbRecord.ResizeDb _, RdbRecord.SelectDb _, RdbRecord.HashTemplate _ -> false;
      case RdbRecord.Verbatim verbatim -> !isSizeHint(verbatim);
      case RdbRecord.FunctionLibrary _, RdbRecord.End _ -> true;
    };
  }

  /// Whether an aux field says something about a file that is true of a part of it, too.
  static boolean belongsToAll(byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    return !text.startsWith("repl-")
        && !text.equals("slot-info")
        && !text.equals("mvcc-tstamp")
        && !text.startsWith("keydb-subexpire-");
  }

  private boolean belongsToLastKey(byte[] name) {
    return isLastKept && isAboutAMember(name);
  }

  static boolean isSizeHint(RdbRecord.Verbatim verbatim) {
    return verbatim.opcode() == SLOT_INFO;
  }

  static boolean isAboutAMember(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1).startsWith("keydb-subexpire-");
  }
}
