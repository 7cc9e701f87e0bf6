package io.redrill.verify;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.backup.Failures;
import io.redrill.backup.repository.DatasetSummary;
import io.redrill.backup.source.DatasetSummarizer;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbCursor;
import io.redrill.verify.instance.ScratchInstance;
import io.redrill.verify.instance.ScratchKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// Counts and fingerprints the data of a scratch instance, by having it save and reading the file.
///
/// A real server removes keys whose time has come, while the backup still holds them. What may be
/// gone by then is left out on both sides of a comparison: keys and hash fields that expire up to
/// the second in which the server's save had ended, by the server's own clock.
///
/// @param summary what is in the file, except what was left out
/// @param bytes the length of the file
record DatasetReadback(DatasetSummary summary, long bytes) {

  /// A file that a scratch instance has saved.
  ///
  /// @param expiredAt leaves out what expires up to this Unix time in milliseconds; empty: nothing
  record Saved(Path file, OptionalLong expiredAt) {}

  /// Has `instance` save into its data directory.
  static Saved save(ScratchInstance instance, Path data) {
    try (RespConnection connection = instance.connect()) {
      connection.call("SAVE");
      List<RespReply> time = connection.call("TIME").asList();
      long seconds = Long.parseLong(time.getFirst().asText());
      OptionalLong expiredAt =
          switch (instance.kind()) {
            case ScratchKind.Bundled _ -> OptionalLong.empty();
            case ScratchKind.Executable _ -> OptionalLong.of((seconds + 1) * 1000);
          };
      return new Saved(data.resolve("dump.rdb"), expiredAt);
    } catch (IOException e) {
      throw Failures.of(e, "program", instance.kind().words());
    }
  }

  /// Reads the RDB in `file` to its end, which proves its structure and checksum.
  ///
  /// @throws io.redrill.backup.RedrillException if it is damaged
  static DatasetReadback read(Path file, OptionalLong expiredAt) {
    try (ByteInput in =
        new ByteInput(Files.newInputStream(file), String.valueOf(file.getFileName()))) {
      RdbCursor rdb = new RdbCursor(in);
      DatasetSummarizer dataset =
          expiredAt.isPresent()
              ? DatasetSummarizer.notExpiredAt(expiredAt.getAsLong())
              : new DatasetSummarizer();
      while (rdb.next() != RdbCursor.Step.END) {
        dataset.add(rdb);
      }
      return new DatasetReadback(dataset.summary(), in.offset());
    } catch (IOException e) {
      throw Failures.of(e, "file", file.getFileName());
    }
  }
}
