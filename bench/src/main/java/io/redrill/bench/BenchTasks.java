package io.redrill.bench;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.encoding.Crc64;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What is measured, in the order of the table. A new task is one more line here.
final class BenchTasks {

  static final List<BenchTask> ALL =
      List.of(
          new BenchTask("crc64", "CRC-64 of the file", BenchTasks::crc64),
          new BenchTask("check", "check structure, CRC", BenchTasks::check),
          new BenchTask("deep", "check every element, digest", BenchTasks::deep),
          new BenchTask("restore", "RESTORE payload of each key", BenchTasks::restore),
          new BenchTask("copy", "raw copy to the same version", BenchTasks::copy));

  private BenchTasks() {}

  private static long crc64(Path file) throws IOException {
    Crc64 crc = new Crc64();
    byte[] buffer = new byte[ByteInput.DEFAULT_BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        crc.update(buffer, 0, count);
      }
    }
    // The CRC of a file with its own CRC at the end is zero.
    if (crc.value() != 0) {
      throw new IOException("the file's checksum is wrong");
    }
    return 0;
  }

  private static long check(Path file) throws IOException {
    return eachEntry(file, _ -> {});
  }

  private static long deep(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      return RdbCheck.checkFile(in).entryCount();
    }
  }

  private static long restore(Path file) throws IOException {
    long[] bytes = new long[1];
    long keys =
        eachEntry(file, entry -> bytes[0] += DumpPayload.of(entry.type(), entry.value()).length);
    if (bytes[0] == 0) {
      throw new IOException("no payload was made");
    }
    return keys;
  }

  private static long copy(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      RdbReader reader = new RdbReader(in);
      int version = reader.header().version();
      RdbWriter writer =
          new RdbWriter(OutputStream.nullOutputStream(), RdbWriterOptions.of(version));
      long keys = 0;
      RdbRecord record;
      do {
        record = reader.next();
        writer.write(record);
        keys += record instanceof RdbRecord.Entry ? 1 : 0;
      } while (!(record instanceof RdbRecord.End));
      return keys;
    }
  }

  private interface EntryAction {
    void accept(RdbRecord.Entry entry) throws IOException;
  }

  private static long eachEntry(Path file, EntryAction action) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      RdbReader reader = new RdbReader(in);
      long keys = 0;
      RdbRecord record = reader.next();
      while (!(record instanceof RdbRecord.End)) {
        if (record instanceof RdbRecord.Entry entry) {
          action.accept(entry);
          keys++;
        }
        record = reader.next();
      }
      return keys;
    }
  }
}
