package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.FilePlacement;
import io.redrill.backup.RedrillException;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.check.Finding;
import io.redrill.rdb.check.RdbCheck;
import io.redrill.rdb.check.RdbCheckOptions;
import io.redrill.rdb.check.RdbCheckReport;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// A file that comes into being whole or not at all: written beside its place under another name,
/// made durable, an RDB also checked to its last element, and only then moved. [#close] removes
/// what was not placed.
final class NewFile implements Closeable {

  private static final int CHECK_THREADS = 2;

  private final Path path;
  private final Path staged;
  private final boolean force;
  private final OutputStream stream;

  private NewFile(Path path, Path staged, boolean force, OutputStream stream) {
    this.path = path;
    this.staged = staged;
    this.force = force;
    this.stream = stream;
  }

  /// Begins a file for `path`; with `force` it replaces what stands there when it is placed.
  ///
  /// @throws RedrillException if something stands there and `force` is not given
  static NewFile begin(Path path, boolean force) throws IOException {
    refuseExisting(path, force);
    Path staged =
        path.resolveSibling(
            ".%s.%s.tmp".formatted(Objects.requireNonNull(path.getFileName()), UUID.randomUUID()));
    return new NewFile(
        path,
        staged,
        force,
        new Named(Files.newOutputStream(staged, StandardOpenOption.CREATE_NEW), path));
  }

  /// Says of a failure, as of a full disk, that it is this file's and not that of the one read.
  private static final class Named extends FilterOutputStream {

    private final Path path;

    Named(OutputStream out, Path path) {
      super(out);
      this.path = path;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        FileSystemException named = new FileSystemException(path.toString(), null, e.getMessage());
        named.initCause(e);
        throw named;
      }
    }
  }

  /// Refuses early what [#begin] would refuse.
  static void refuseExisting(Path path, boolean force) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new RedrillException(
          ErrorCode.FILE_NOT_FOUND, "directory", parent, "problem", "there is no such directory");
    }
    if (Files.isDirectory(path) || (!force && Files.exists(path))) {
      throw exists(path);
    }
  }

  private static RedrillException exists(Path path) {
    return Files.isDirectory(path)
        ? new RedrillException(
            ErrorCode.TARGET_EXISTS, "path", path, "problem", "it is a directory")
        : new RedrillException(ErrorCode.FILE_EXISTS, "path", path);
  }

  /// Takes the bytes.
  OutputStream stream() {
    return stream;
  }

  /// Makes what was written durable; nothing more can be written.
  void makeDurable() throws IOException {
    stream.close();
    try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /// Makes what was written durable, and reads it back to the last element, also for keys that
  /// stand there twice.
  ///
  /// @param keys how many keys it must hold
  /// @param limits for the keys
  /// @param source what the keys were copied from, for failures
  /// @return its size in bytes
  /// @throws RedrillException if it does not hold them, or is not sound
  long check(long keys, SpillLimits limits, String source) throws IOException {
    return check(RdbCheck.Depth.ELEMENTS, keys, limits, source);
  }

  /// As above, and no deeper than `depth`.
  long check(RdbCheck.Depth depth, long keys, SpillLimits limits, String source)
      throws IOException {
    makeDurable();
    RdbCheckOptions options =
        new RdbCheckOptions(depth, RdbReading.DEFAULT, CHECK_THREADS, Optional.of(limits));
    try (ByteInput in = new ByteInput(Files.newInputStream(staged), path.toString())) {
      RdbCheckReport report = RdbCheck.checkFile(in, options);
      if (!report.isSound()) {
        throw unsound(report, source);
      }
      if (report.entryCount() != keys) {
        throw new RedrillException(
            ErrorCode.OUTPUT_UNSOUND,
            "path",
            path,
            "problem",
            "it holds %d keys and should hold %d".formatted(report.entryCount(), keys));
      }
    }
    return Files.size(staged);
  }

  private RedrillException unsound(RdbCheckReport report, String source) {
    Finding first =
        report.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .findFirst()
            .orElseThrow();
    if (first.key().isPresent()) {
      // Nearly all values are copied as they are, so that this was damaged before; what is encoded
      // anew had to be decoded first, and only a defect of the encoder would be blamed wrongly.
      return new RedrillException(
          ErrorCode.SOURCE_DAMAGED,
          "problem",
          first.sentence(),
          "source",
          source,
          "key",
          first.key().get());
    }
    return new RedrillException(
        ErrorCode.OUTPUT_UNSOUND,
        "path",
        path,
        "problem",
        first.sentence(),
        "offset",
        first.offset());
  }

  /// Moves the file to its place. Without `force` nothing is ever replaced, also not what has come
  /// into being meanwhile.
  void place() throws IOException {
    if (force) {
      Files.move(staged, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } else {
      try {
        FilePlacement.place(staged, path);
      } catch (FileAlreadyExistsException e) {
        throw exists(path);
      }
    }
    Path parent = path.toAbsolutePath().getParent();
    try (FileChannel directory = FileChannel.open(parent == null ? path : parent)) {
      directory.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    try (Closeable _ = () -> Files.deleteIfExists(staged)) {
      stream.close();
    }
  }
}
