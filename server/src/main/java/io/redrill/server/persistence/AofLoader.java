package io.redrill.server.persistence;

import io.redrill.aof.AofManifest;
import io.redrill.aof.AofManifest.Part;
import io.redrill.aof.AofPreamble;
import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.server.command.CommandApplier;
import io.redrill.server.command.Dispatcher;
import io.redrill.server.log.ServerLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Runs what the files of an append-only log hold: the base, then the incremental files.
///
/// A last file that ends in the middle of a command or transaction is what a crash leaves behind:
/// it is cut back to its last whole command, if `aof-load-truncated` allows. Any other fault ends
/// the load, and no file is touched.
final class AofLoader {

  private final Dispatcher dispatcher;
  private final CarriedRecords carried;
  private final ServerLog log;
  private final boolean loadTruncated;

  AofLoader(Dispatcher dispatcher, CarriedRecords carried, ServerLog log, boolean loadTruncated) {
    this.dispatcher = dispatcher;
    this.carried = carried;
    this.log = log;
    this.loadTruncated = loadTruncated;
  }

  /// Loads the files of `manifest`, which stand in `directory`.
  LoadReport load(Path directory, AofManifest manifest) throws IOException {
    LoadReport report = LoadReport.EMPTY;
    List<Part> parts = manifest.loadOrder();
    for (Part part : parts) {
      Path file = directory.resolve(part.name());
      if (!Files.exists(file)) {
        throw new LoadException(
            "Can't open the append log file %s: No such file or directory".formatted(part.name()));
      }
    }
    for (Part part : parts) {
      Path file = directory.resolve(part.name());
      boolean last = part.equals(parts.getLast());
      LoadReport of = loadFile(file, part.name(), last);
      if (part.type() == AofManifest.Type.BASE) {
        report = of;
      }
      log.notice(
          "DB loaded from %s file %s"
              .formatted(part.type() == AofManifest.Type.BASE ? "base" : "incr", part.name()));
    }
    return report;
  }

  private LoadReport loadFile(Path file, String name, boolean last) throws IOException {
    LoadReport report = LoadReport.EMPTY;
    AofRecord.End end;
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      if (AofPreamble.isNext(in)) {
        log.notice("Reading RDB base file on AOF loading...");
        report = new RdbLoader(dispatcher.keyspace(), carried, log, false).load(in);
      }
      end = replay(new AofReader(in), name);
    } catch (CorruptInputException e) {
      throw new LoadException(
          "Bad file format reading the append only file %s: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest> (offset %d: %s)"
              .formatted(name, e.offset(), e.problem()),
          e);
    }
    if (!(end.tail() instanceof AofRecord.Tail.Clean)) {
      truncate(file, name, end, last);
    }
    return report;
  }

  private AofRecord.End replay(AofReader reader, String name) throws IOException {
    CommandApplier applier = dispatcher.applier();
    while (true) {
      switch (reader.next()) {
        case AofRecord.Command command -> {
          Optional<String> refusal = applier.apply(command.args().toArray(byte[][]::new));
          if (refusal.isPresent()) {
            throw new LoadException(
                "Command refused while reading the append only file %s at offset %d: %s"
                    .formatted(name, command.offset(), refusal.get()));
          }
        }
        case AofRecord.DatabaseMark mark -> applier.select(mark.db());
        case AofRecord.TimeMark _,
            AofRecord.PositionMark _,
            AofRecord.LengthMark _,
            AofRecord.Annotation _ -> {
          // Notes for people and tools.
        }
        case AofRecord.End end -> {
          return end;
        }
      }
    }
  }

  private void truncate(Path file, String name, AofRecord.End end, boolean last)
      throws IOException {
    if (!last || !loadTruncated) {
      throw new LoadException(
          "Unexpected end of file reading the append only file %s. You can: 1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server. (last whole command ends at offset %d)"
              .formatted(name, end.offset()));
    }
    log.warning("!!! Warning: short read while loading the AOF file %s!!!".formatted(name));
    log.warning(
        "AOF %s loaded anyway because aof-load-truncated is enabled, %d bytes after offset %d are cut off"
            .formatted(name, end.lostBytes(), end.offset()));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(end.offset());
      channel.force(true);
    }
  }
}
