package io.redrill.backup.log;

import io.redrill.backup.source.SnapshotFeed;
import io.redrill.rdb.ByteInput;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// One unbroken stretch of the log, as it comes from a source.
interface LogFeed extends Closeable {

  /// The image at the beginning of this stretch, where the source sends one first. It is to be read
  /// before the commands.
  Optional<SnapshotFeed> snapshot();

  /// The timeline of this stretch.
  String timeline();

  /// The timeline that this one continues.
  Optional<String> after();

  /// Where in the timeline the first command stands.
  long offset();

  /// The database that is selected there.
  int db();

  /// The commands. At the end, the stretch is over.
  ByteInput commands() throws IOException;

  /// The file that is being read, and where in it the stretch begins: only in a followed AOF.
  Optional<FileOrigin> origin();

  /// Says that everything before `offset` is durable.
  void acknowledge(long offset) throws IOException;

  /// Says that the commands were read to their end at `offset`, where `db` is selected, and that
  /// all of them are durable.
  void finished(long offset, int db);

  /// Gives back what was open: no thread reads any more.
  void release() throws IOException;

  /// Whether the end of the commands means that the source was lost.
  boolean endIsLoss();
}
