package io.redrill.rdb.convert;

import io.redrill.rdb.Opcode;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.TooNewException;
import io.redrill.rdb.filter.RdbFilter;
import java.nio.charset.StandardCharsets;

/// Which records go with the keys that a filter keeps, for use in file order.
final class KeptRecords {

  private final RdbFilter filter;
  private boolean isLastKept = true;

  KeptRecords(RdbFilter filter) {
    this.filter = filter;
  }

  /// What a record that is no key belongs to.
  ///
  /// A file of some keys is no longer what a replica could go on from, and hints of how many keys
  /// there are would be wrong: both belong nowhere else, nor do the fields of Redis Enterprise that
  /// stand in front of a key. KeyDB's aux fields about a member follow the key that they belong to.
  /// Which keys a command of Valkey changes nobody can tell, so that some of the keys alone cannot
  /// be had from a file with one.
  enum Belonging {
    /// To every file that has some of the keys.
    ANY_FILE,
    /// To the key before it.
    LAST_KEY,
    /// To the file that it stands in, only.
    ITS_FILE;

    /// @throws TooNewException if it cannot be told
    static Belonging of(RdbCursor cursor) throws TooNewException {
      RdbRecord record = cursor.record();
      return switch (record) {
        case RdbRecord.Aux(byte[] name, byte[] _) -> ofAux(name);
        case RdbRecord.Verbatim verbatim ->
            switch (verbatim.opcode()) {
              case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT, Opcode.SLOT_INFO -> ITS_FILE;
              case Opcode.UPDATE_VALKEY ->
                  throw new TooNewException(
                      "a command of Valkey 9.2 stands among the keys, and nobody can tell which of them it changes: only the whole file can be copied or converted",
                      cursor.name(),
                      cursor.recordOffset());
              default -> ANY_FILE;
            };
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
  ///
  /// @throws TooNewException if that cannot be told
  boolean keeps(RdbCursor cursor) throws TooNewException {
    if (filter.isAll()) {
      return true;
    }
    if (cursor.isAtKey()) {
      isLastKept = filter.keeps(cursor);
      return isLastKept;
    }
    return switch (Belonging.of(cursor)) {
      case ANY_FILE -> true;
      case LAST_KEY -> isLastKept;
      case ITS_FILE -> cursor.record() instanceof RdbRecord.End;
    };
  }
}
