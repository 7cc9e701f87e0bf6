package io.redrill.rdb;

import java.io.IOException;
import java.util.Map;

/// The way into the middle of an RDB, for one who knows what stood before.
public final class RdbFragment {

  private RdbFragment() {}

  /// A cursor over the records that begin with the next byte of `in`, which the caller closes. The
  /// end of `in` counts as that of the RDB; an end that stands before it is refused as corrupt, as
  /// nothing is known of its checksum.
  ///
  /// @param header of the RDB
  /// @param db the database that is selected there
  /// @param templates the field templates that stood before, by id; they are copied
  public static RdbCursor cursor(
      ByteInput in, RdbHeader header, int db, Map<Long, RdbRecord.HashTemplate> templates) {
    return new RdbCursor(in, RdbReading.DEFAULT, header, db, templates);
  }

  /// Whether the value of the key that `cursor` is at cannot be walked because it refers to a field
  /// template that did not stand before. Of a hash of type 32 it is not even known where it ends.
  ///
  /// @throws IOException as [RdbCursor#value] does
  public static boolean lacksTemplate(RdbCursor cursor) throws IOException {
    return cursor.type() == RdbType.HASH_TEMPLATE_LISTPACK_REF
        && HashTemplates.isMissing(cursor.type(), cursor.value().toByteArray(), cursor.templates());
  }
}
