package io.redrill.cli.command;

import io.redrill.aof.stream.RecordedSnapshot;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.backup.source.ZstdRdb;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.Output;
import io.redrill.cli.output.Progress;
import io.redrill.cli.output.Quantity;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.KeyEscape;
import io.redrill.rdb.RdbEnvelope;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.TooLargeException;
import io.redrill.rdb.TrailingBytes;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/// An RDB that a command reads once, from a file, a pipe, or with the name `-` from standard input,
/// with a line of progress. Here all commands open what they are given: the RDB may be the whole of
/// it, or stand in a [RdbContainer].
final class RdbPass implements Closeable {

  /// What a command does.
  @FunctionalInterface
  interface Work {
    ExitStatus run() throws IOException;
  }

  /// What [#endsEarly] means.
  static final String ENDS_EARLY =
      "the recording ends before its frame says: without its mark, or with fewer bytes";

  /// One less than arrays may have, so that one more can be asked for.
  private static final int MOST_DUMP_BYTES = Integer.MAX_VALUE - 9;

  static final Path STANDARD_INPUT = Path.of("-");

  private final CommandContext context;
  private final String name;
  private final Optional<RdbContainer> container;
  private final BooleanSupplier endsEarly;
  private final BufferedInputStream bytes;
  private final ByteInput in;
  private final Progress progress;

  /// @param endsEarly whether the file has ended before what frames the RDB says
  private RdbPass(
      Source source,
      Optional<RdbContainer> container,
      BooleanSupplier endsEarly,
      InputStream bytes) {
    this.context = source.context;
    this.name = source.name;
    this.progress = source.progress;
    this.container = container;
    this.endsEarly = endsEarly;
    this.bytes = new BufferedInputStream(bytes);
    this.in = new ByteInput(this.bytes, name);
  }

  /// What was opened, and is read with a line of progress.
  private record Source(CommandContext context, String name, Progress progress) {

    RdbPass pass(Optional<RdbContainer> container, InputStream rdb) {
      return new RdbPass(this, container, () -> false, rdb);
    }

    /// @throws CorruptInputException if `in` is no recording
    RdbPass recording(InputStream in) throws IOException {
      RecordedSnapshot rdb = RecordedSnapshot.open(in, name);
      return new RdbPass(this, Optional.of(RdbContainer.FULL_SYNC), rdb::endsEarly, rdb);
    }
  }

  /// Opens `file`, relative to where the command runs. The caller closes the result.
  ///
  /// @throws RedrillException if what it is begins as no RDB does
  static RdbPass open(CommandContext context, Path file) throws IOException {
    return open(context, file, "reading");
  }

  /// As above; `activity` is the word for what is done, on the line of progress.
  static RdbPass open(CommandContext context, Path file, String activity) throws IOException {
    RdbPass pass = open(context, file, activity, RdbPass::unwrapped);
    try {
      pass.expectMagic();
      return pass;
    } catch (IOException | RuntimeException e) {
      pass.close();
      throw e;
    }
  }

  /// As above, for a command that makes something also of an RDB whose beginning is damaged.
  ///
  /// @throws RedrillException if the file is known to be something else than an RDB
  static RdbPass openDamaged(CommandContext context, Path file, String activity)
      throws IOException {
    return open(context, file, activity, RdbPass::unwrappedOrAsItIs);
  }

  /// Opens a file that holds what `DUMP` answered, and is taken for nothing else. All of it is
  /// held, up to an eighth of the heap.
  ///
  /// @throws io.redrill.rdb.FormatException if it does not, or is larger
  static RdbPass openDump(CommandContext context, Path file, String activity) throws IOException {
    return open(
        context,
        file,
        activity,
        (in, source) -> {
          InputStream rdb = DumpedValue.asRdb(payload(in, source.name), source.name);
          in.close();
          return source.pass(Optional.of(RdbContainer.DUMP), rdb);
        });
  }

  private static byte[] payload(InputStream in, String name) throws IOException {
    int most = (int) Math.min(MOST_DUMP_BYTES, Runtime.getRuntime().maxMemory() / 8);
    byte[] payload = in.readNBytes(most + 1);
    if (payload.length > most) {
      throw new TooLargeException(
          "what DUMP answered may be %s here, an eighth of the memory and at most 2 GiB; this is larger"
              .formatted(Quantity.bytes(most)),
          name,
          most);
    }
    return payload;
  }

  /// Finds the RDB in what was opened.
  private interface Opening {
    RdbPass open(BufferedInputStream in, Source source) throws IOException;
  }

  private static RdbPass open(CommandContext context, Path file, String activity, Opening opening)
      throws IOException {
    boolean isStandardInput = file.equals(STANDARD_INPUT);
    Path path = context.directory().resolve(file);
    String name = isStandardInput ? "standard input" : path.toString();
    if (!isStandardInput && Files.isDirectory(path)) {
      throw new RedrillException(
          ErrorCode.NOT_RDB,
          "file",
          name,
          "problem",
          "it is a directory",
          "instead",
          "name a file in it; if it is that of an append-only file, see redrill aof check");
    }
    InputStream raw = isStandardInput ? context.input() : Files.newInputStream(path);
    try {
      Progress progress =
          new Progress(
              context.output(),
              context.clock(),
              activity
                  + " "
                  + Output.oneLine(isStandardInput ? name : String.valueOf(path.getFileName())),
              !isStandardInput && Files.isRegularFile(path) ? Files.size(path) : 0);
      return opening.open(
          new BufferedInputStream(progress.watch(raw)), new Source(context, name, progress));
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static RdbPass unwrapped(BufferedInputStream in, Source source) throws IOException {
    String name = source.name;
    byte[] first = peek(in);
    if (first.length == 0) {
      throw new RedrillException(ErrorCode.NOT_RDB, "file", name, "problem", "it is empty");
    }
    ForeignFormat.of(first).ifPresent(foreign -> refuse(foreign, name));
    if (RecordedSnapshot.mayBegin(first[0])) {
      return source.recording(in);
    }
    RdbEnvelope.Opened opened = RdbEnvelope.open(in, name, new ZstdRdb());
    return source.pass(opened.envelope().map(RdbContainer::of), opened.rdb());
  }

  /// As [#unwrapped], but a file whose first bytes only look like a recording is taken as it is:
  /// they may be damage.
  private static RdbPass unwrappedOrAsItIs(BufferedInputStream in, Source source)
      throws IOException {
    byte[] first = peek(in);
    if (first.length > 0 && RecordedSnapshot.mayBegin(first[0])) {
      in.mark(RecordedSnapshot.MOST_BYTES_BEFORE);
      try {
        return source.recording(in);
      } catch (CorruptInputException e) {
        in.reset();
        return source.pass(Optional.empty(), in);
      }
    }
    return unwrapped(in, source);
  }

  private static byte[] peek(BufferedInputStream in) throws IOException {
    in.mark(ForeignFormat.MOST_BYTES);
    byte[] first = in.readNBytes(ForeignFormat.MOST_BYTES);
    in.reset();
    return first;
  }

  private void expectMagic() throws IOException {
    String first = new String(peek(bytes), StandardCharsets.ISO_8859_1);
    if (!first.startsWith("REDIS") && !first.startsWith("VALKEY")) {
      throw new RedrillException(
          ErrorCode.NOT_RDB,
          "file",
          name,
          "problem",
          "it does not begin with REDIS or VALKEY, but with %s"
              .formatted(KeyEscape.of(first.getBytes(StandardCharsets.ISO_8859_1))));
    }
  }

  private static void refuse(ForeignFormat foreign, String name) {
    throw new RedrillException(
        ErrorCode.NOT_RDB,
        "file",
        name,
        "problem",
        "it is " + foreign.words(),
        "instead",
        foreign.instead());
  }

  /// Runs `work`; what it fails with becomes what the command fails with.
  ///
  /// @param whenDamaged the code of damage, which says what has become of the results
  static int run(Path file, ErrorCode whenDamaged, Work work) {
    try {
      return work.run().code();
    } catch (IOException e) {
      throw RdbFailure.of(e, file, whenDamaged);
    }
  }

  /// What the RDB stands in, unless it is the whole file.
  Optional<RdbContainer> container() {
    return container;
  }

  /// The RDB.
  ByteInput in() {
    return in;
  }

  /// The bytes of the RDB, to be read in place of [#in].
  InputStream bytes() {
    return bytes;
  }

  /// Ends the reading of an RDB that ended with `end`, and warns of what is odd behind it.
  ///
  /// @throws CorruptInputException if that is damage
  void end(RdbRecord.End end) throws IOException {
    TrailingBytes.follow(in, end);
    end();
  }

  /// As above, where it is known that bytes behind the RDB are no damage.
  void end() throws IOException {
    warn(in.atEnd() ? OptionalLong.empty() : OptionalLong.of(in.offset()));
  }

  /// Warns of what is odd behind the end of the RDB, but is no damage of its keys: of bytes from
  /// `trailing` on, or of the recording.
  void warn(OptionalLong trailing) {
    if (trailing.isPresent()) {
      boolean isRecording = container.equals(Optional.of(RdbContainer.FULL_SYNC));
      warn(
          "%s, at offset %d, and are left out; %s"
              .formatted(
                  TrailingBytes.SENTENCE,
                  trailing.getAsLong(),
                  isRecording
                      ? "the recording does not end where its frame says"
                      : "if they are commands, this is an append-only file"));
    } else if (endsEarly()) {
      warn(ENDS_EARLY);
    }
  }

  private void warn(String sentence) {
    context.output().message("redrill: warning: %s: %s".formatted(Output.oneLine(name), sentence));
  }

  /// Whether the file ended before what frames the RDB in it says, which does not make the RDB
  /// itself any less whole. Known when all of it has been read.
  boolean endsEarly() {
    return endsEarly.getAsBoolean();
  }

  /// What errors call the file.
  String name() {
    return name;
  }

  @Override
  public void close() throws IOException {
    progress.close();
    bytes.close();
  }
}
