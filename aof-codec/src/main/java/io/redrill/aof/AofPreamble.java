package io.redrill.aof;

import io.redrill.rdb.ByteInput;
import java.io.IOException;

/// The RDB that may stand in front of the commands of an append-only file (Redis 4.0 and later), or
/// in their place, in a base file.
///
/// ```java
/// if (AofPreamble.isNext(in)) {
///   RdbReader rdb = new RdbReader(in);
///   while (!(rdb.next() instanceof RdbRecord.End)) { … }
/// }
/// AofReader log = new AofReader(in);
/// ```
public final class AofPreamble {

  private AofPreamble() {}

  /// Whether an RDB begins at the next byte of `in`. One byte decides: `R` and `V` (of the magics
  /// `REDIS` and `VALKEY`) begin no record of a log. Nothing is consumed.
  public static boolean isNext(ByteInput in) throws IOException {
    int first = in.peek();
    return first == 'R' || first == 'V';
  }
}
