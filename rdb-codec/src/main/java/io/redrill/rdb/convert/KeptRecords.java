package io.redrill.rdb.convert;

import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.filter.RdbFilter;
import java.nio.charset.StandardCharsets;

/// Which records go with the keys that a filter keeps, for use in file order.
final class KeptRecords {

  private static final int SLOT_INFO = 244;

  private final RdbFilter filter;
  private boolean isLastKept = true;

  KeptRecords(RdbFilter filter) {
    this.filter = filter;
  }

  /// What a record that is no key belongs to.
  ///
  /// A file of some keys is no longer what a replica could go on from, and hints of how many keys
  /// there are would be wrong: both belong nowhere else. KeyDB's aux fields about a member follow
  /// the key that they belong to.
  enum Belonging {
    /// To every file that has some of the keys.
    ANY_FILE,
    /// To the key before it.
    LAST_KEY,
    /// To the file that it stands in, only.
    ITS_FILE;

    static Belonging of(RdbRecord record) {
      return switch (record) {
        case RdbRecord.Aux(byte[] name, byte[] _) -> ofAux(name);
        case RdbRecord.Verbatim verbatim -> verbatim.opcode() == SLOT_INFO ? ITS_FILE : ANY_FILE;
        case RdbRecord.FunctionLibrary _ -> ANY_FILE;
        case RdbRecord.ResizeDb _,
            RdbRecord.SelectDb _,
            RdbRecord.HashTemplate _,
            RdbRecord.Entry _,
            RdbRecord.End _ ->
            ITS_FILE;
      };
    }

    private static Belonging ofAux(byte[] name) {
      String text = new String(name, StandardCharsets.ISO_8859_1);
      if (text.startsWith("keydb-subexpire-")) {
        return LAST_KEY;
      }
      return text.startsWith("repl-") || text.equals("slot-info") || text.equals("mvcc-tstamp")
          ? ITS_FILE
          : ANY_FILE;
    }
  }

  /// Whether the record that `cursor` is at stays; the end does.
  boolean keeps(RdbCursor cursor) {
    if (filter.isAll()) {
      return true;
    }
    if (cursor.isAtKey()) {
      isLastKept = filter.keeps(cursor);
      return isLastKept;
    }
    return switch (Belonging.of(cursor.record())) {
      case ANY_FILE -> true;
      case LAST_KEY -> isLastKept;
      case ITS_FILE -> cursor.record() instanceof RdbRecord.End;
    };
  }
}
