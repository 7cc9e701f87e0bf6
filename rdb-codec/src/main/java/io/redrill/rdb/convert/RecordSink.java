package io.redrill.rdb.convert;

import io.redrill.rdb.RdbRecord;
import java.io.IOException;

/// Where records go: to a file, or into a plan of one.
sealed interface RecordSink permits RdbSink, CopyPlan {

  /// This sink and no other, for [PassingBytes]: always the same array.
  RecordSink[] alone();

  /// The database of the next key, unless another is chosen; -1 before the first is.
  int db();

  /// Takes `record`, which is to be written anew. After [RdbRecord.End] nothing follows.
  void write(RdbRecord record) throws IOException;

  /// Takes `length` bytes of `records` from `from` on, which stand at `offset` of their file:
  /// records as they are, or the next part of one.
  void copy(byte[] records, int from, int length, long offset) throws IOException;
}
