package io.redrill.rdb.spill;

import io.redrill.rdb.ClosedTogether;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Takes any number of records, each with a hash, and gives them back in batches such that all
/// records of one hash come in the same batch.
///
/// Records go to the partition that bits of their hash choose. All partitions lie in memory until
/// the limit is reached; then what they hold is appended to one file each. A partition that is
/// larger than the limit when it is read is dealt again by other bits of the hash, so that no batch
/// is larger than the limit; only records of a single hash cannot be dealt any further
/// ([Visitor#visitSome]). The files stand in a directory that only its owner may enter, and are
/// gone after [#close].
///
/// Methods block on files once the limit is reached. Not safe for use by several threads.
public final class RecordSpill implements Closeable {

  /// Takes batches.
  @FunctionalInterface
  public interface Visitor {
    /// Takes the next batch, which is lent.
    void visit(RecordBatch batch) throws IOException;

    /// Takes some of the records of a single hash, all of which exceed the memory; the others come
    /// next. Unless it is overridden, it refuses them.
    ///
    /// @throws IOException in place of the records
    default void visitSome(RecordBatch some) throws IOException {
      throw new IOException(
          "one key occurs so often that its occurrences do not fit into the memory for keys");
    }
  }

  private static final int DEALING_BITS = 6;
  private static final int PARTITIONS = 1 << DEALING_BITS;
  private static final int LEAST_BUFFER_BYTES = 256;

  private final SpillLimits limits;
  private final Dealing first = new Dealing(0);
  private Optional<Path> directory = Optional.empty();
  private final ClosedTogether made = new ClosedTogether();
  private int filesMade;
  private long records;

  /// Begins with no records; nothing is written before the memory is used up.
  public RecordSpill(SpillLimits limits) {
    this.limits = limits;
  }

  /// Adds the record that `length` bytes of `payload` from `from` on are; they are copied.
  public void add(long hash, byte[] payload, int from, int length) throws IOException {
    first.add(hash, payload, from, length);
    records++;
  }

  /// How many records were added.
  public long records() {
    return records;
  }

  /// Whether files had to be written.
  boolean isSpilled() {
    return directory.isPresent();
  }

  /// Hands all records to `visitor`, batch by batch. For use once, after the last [#add].
  ///
  /// @throws IOException if the temporary files fail, or if `visitor` does not take the records of
  ///   a single hash that exceed the memory
  public void each(Visitor visitor) throws IOException {
    first.each(visitor);
  }

  /// Removes the temporary files.
  @Override
  public void close() throws IOException {
    made.close();
    directory = Optional.empty();
  }

  private Path newFile() throws IOException {
    if (directory.isEmpty()) {
      Files.createDirectories(limits.parent());
      // The directory of a temporary name is made with permissions for its owner only.
      Path fresh = Files.createTempDirectory(limits.parent(), "redrill-spill-");
      made.add(() -> Files.deleteIfExists(fresh));
      directory = Optional.of(fresh);
    }
    Path file = directory.get().resolve("part-" + filesMade++);
    made.add(() -> Files.deleteIfExists(file));
    return file;
  }

  /// One distribution of records to partitions by the bits of their hash that belong to `depth`.
  private final class Dealing {

    private final int depth;
    private final byte[][] buffers = new byte[PARTITIONS][LEAST_BUFFER_BYTES];
    private final int[] sizes = new int[PARTITIONS];
    private final List<Path> files = new ArrayList<>();
    private long heldBytes;

    Dealing(int depth) {
      this.depth = depth;
    }

    void add(long hash, byte[] payload, int from, int length) throws IOException {
      int needed = Math.addExact(RecordBatch.HEADER_BYTES, length);
      if (heldBytes + needed > limits.memoryBytes() && heldBytes > 0) {
        writeAll();
      }
      int partition = (int) (hash >>> (depth * DEALING_BITS)) & (PARTITIONS - 1);
      int size = sizes[partition];
      byte[] buffer = buffers[partition];
      if (buffer.length - size < needed) {
        buffer =
            Arrays.copyOf(
                buffer,
                (int) Math.min(Integer.MAX_VALUE - 8, Math.max(2L * buffer.length, size + needed)));
        buffers[partition] = buffer;
      }
      put(buffer, size, hash, payload, from, length);
      sizes[partition] = size + needed;
      heldBytes += needed;
    }

    private void writeAll() throws IOException {
      for (int i = 0; i < PARTITIONS; i++) {
        // A file that somebody removed is not begun anew: what it held would be missing.
        StandardOpenOption how = StandardOpenOption.APPEND;
        if (files.size() <= i) {
          files.add(newFile());
          how = StandardOpenOption.CREATE_NEW;
        } else if (sizes[i] == 0) {
          continue;
        }
        try (var out = Files.newOutputStream(files.get(i), StandardOpenOption.WRITE, how)) {
          out.write(buffers[i], 0, sizes[i]);
        } catch (FileSystemException e) {
          throw e;
        } catch (IOException e) {
          throw named(files.get(i), e);
        }
        buffers[i] = new byte[LEAST_BUFFER_BYTES];
        sizes[i] = 0;
      }
      heldBytes = 0;
    }

    /// A failed write does not say which file it was of, and a full disk is not that of the input.
    private static IOException named(Path file, IOException e) {
      FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
      named.initCause(e);
      return named;
    }

    void each(Visitor visitor) throws IOException {
      if (!files.isEmpty()) {
        writeAll();
      }
      for (int i = 0; i < PARTITIONS; i++) {
        if (files.isEmpty()) {
          if (sizes[i] > 0) {
            visitor.visit(new RecordBatch(buffers[i], sizes[i]));
          }
          buffers[i] = new byte[0];
        } else {
          read(files.get(i), visitor);
          Files.delete(files.get(i));
        }
      }
    }

    private void read(Path file, Visitor visitor) throws IOException {
      if (Files.size(file) <= limits.memoryBytes()) {
        byte[] bytes = Files.readAllBytes(file);
        visitor.visit(new RecordBatch(bytes, bytes.length));
        return;
      }
      Dealing deeper = new Dealing(depth + 1);
      if (deal(file, deeper)) {
        deeper.each(visitor);
      } else {
        visitInParts(file, visitor);
      }
    }

    /// Deals the records of `file` to `deeper`, and says whether there are two with different
    /// hashes: if not, they were dealt in vain.
    private static boolean deal(Path file, Dealing deeper) throws IOException {
      try (RecordFile records = new RecordFile(file)) {
        boolean areDifferent = false;
        long first = 0;
        for (long count = 0; records.next(); count++) {
          first = count == 0 ? records.hash() : first;
          areDifferent |= records.hash() != first;
          deeper.add(records.hash(), records.payload(), 0, records.length());
        }
        return areDifferent;
      }
    }

    private void visitInParts(Path file, Visitor visitor) throws IOException {
      byte[] part = new byte[limits.memoryBytes()];
      int size = 0;
      try (RecordFile records = new RecordFile(file)) {
        while (records.next()) {
          int needed = RecordBatch.HEADER_BYTES + records.length();
          if (size > 0 && part.length - size < needed) {
            visitor.visitSome(new RecordBatch(part, size));
            size = 0;
          }
          part = part.length < needed ? new byte[needed] : part;
          put(part, size, records.hash(), records.payload(), 0, records.length());
          size += needed;
        }
      }
      visitor.visitSome(new RecordBatch(part, size));
    }
  }

  private static void put(byte[] buffer, int at, long hash, byte[] payload, int from, int length) {
    LittleEndian.putInt(buffer, at, length);
    LittleEndian.putLong(buffer, at + 4, hash);
    System.arraycopy(payload, from, buffer, at + RecordBatch.HEADER_BYTES, length);
  }
}
