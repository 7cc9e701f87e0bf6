package io.redrill.aof;

import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.nio.file.Path;

/// Is shown what an append-only file consists of, by [AofDirectory#read].
public interface AofVisitor {

  /// An RDB comes next in `file`, at the beginning of `in`: to be read to its end, and no further.
  void rdb(Path file, ByteInput in) throws IOException;

  /// A record of the log, which `log` has just stepped to.
  ///
  /// @param step never [AofCursor.Step#END]
  void record(Path file, AofCursor.Step step, AofCursor log) throws IOException;

  /// The end of a file.
  void end(Path file, AofRecord.End end) throws IOException;
}
