package io.redrill.rdb.convert;

import io.redrill.rdb.KeyText;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Finds keys that occur more than once among any number of keys, with a bounded amount of memory.
///
/// Keys are written to files, each to the one that a hash of the key chooses, so that the
/// occurrences of one key meet in one file. A file that is small enough is sorted in memory; one
/// that is not is dealt again, by another hash, to files of its own. Of a long key its beginning
/// and its SHA-256 stand for it, so that every key costs little.
///
/// An occurrence in a file:
///
/// | bytes | what |
/// |---|---|
/// | 4 | source |
/// | 8 | number of the key in that source |
/// | 8 | its offset there |
/// | 1 | length of what follows |
/// | ... | database (4), then the key, or of one longer than 64 bytes its first 64 and its SHA-256 |
final class KeySpill implements Closeable {

  private static final int PARTITIONS = 64;
  private static final int MAX_DEPTH = 6;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int VERBATIM_BYTES = 64;
  private static final int HEADER_BYTES = 21;
  private static final int DB_BYTES = 4;

  private final Path directory;
  private final int memoryBytes;
  private final Partitions first;
  private int files;

  /// Keeps its files in `directory`, which is there, and reads at most `memoryBytes` of them at
  /// once (as objects they take a few times as much).
  KeySpill(Path directory, int memoryBytes) throws IOException {
    this.directory = directory;
    this.memoryBytes = memoryBytes;
    this.first = new Partitions(0);
  }

  /// One place where a key stands.
  record Occurrence(int source, long number, long offset) {}

  /// Takes the occurrences of one key.
  @FunctionalInterface
  interface Visitor {
    /// Takes a key that occurs several times, in the order of sources and numbers.
    ///
    /// @param key as [KeyText] shows it
    void visit(int db, String key, List<Occurrence> occurrences) throws IOException;
  }

  /// Adds an occurrence.
  void add(int source, long number, long offset, int db, byte[] key) throws IOException {
    first.add(source, number, offset, identity(db, key));
  }

  private static byte[] identity(int db, byte[] key) {
    byte[] end = key;
    if (key.length > VERBATIM_BYTES) {
      byte[] hash = sha256(key);
      end = Arrays.copyOf(key, VERBATIM_BYTES + hash.length);
      System.arraycopy(hash, 0, end, VERBATIM_BYTES, hash.length);
    }
    byte[] identity = new byte[DB_BYTES + end.length];
    LittleEndian.putInt(identity, 0, db);
    System.arraycopy(end, 0, identity, DB_BYTES, end.length);
    return identity;
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Shows every key that occurs more than once to `visitor`, in no order. For use once, after the
  /// last [#add].
  void eachRepeated(Visitor visitor) throws IOException {
    first.eachRepeated(visitor);
  }

  @Override
  public void close() throws IOException {
    first.close();
  }

  /// The files of one dealing.
  private final class Partitions implements Closeable {

    private final int depth;
    private final List<Path> paths = new ArrayList<>();
    private final List<DataOutputStream> outs = new ArrayList<>();

    Partitions(int depth) throws IOException {
      this.depth = depth;
      for (int i = 0; i < PARTITIONS; i++) {
        Path path = directory.resolve("keys-" + files++);
        paths.add(path);
        outs.add(
            new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(path), BUFFER_BYTES)));
      }
    }

    void add(int source, long number, long offset, byte[] identity) throws IOException {
      DataOutputStream out = outs.get((int) Long.remainderUnsigned(hash(identity), PARTITIONS));
      out.writeInt(source);
      out.writeLong(number);
      out.writeLong(offset);
      out.writeByte(identity.length);
      out.write(identity);
    }

    private long hash(byte[] identity) {
      long hash = 0x9E3779B97F4A7C15L * (depth + 1);
      for (byte b : identity) {
        hash = (hash ^ b) * 0x100000001b3L;
        hash ^= hash >>> 29;
      }
      hash *= 0xbf58476d1ce4e5b9L;
      return hash ^ hash >>> 32;
    }

    void eachRepeated(Visitor visitor) throws IOException {
      for (DataOutputStream out : outs) {
        out.close();
      }
      for (Path path : paths) {
        if (Files.size(path) <= memoryBytes) {
          sort(Files.readAllBytes(path), visitor);
        } else if (depth < MAX_DEPTH) {
          deal(path, visitor);
        } else {
          throw new IOException("a key occurs so often that its occurrences do not fit in memory");
        }
        Files.delete(path);
      }
    }

    private void deal(Path path, Visitor visitor) throws IOException {
      try (Partitions deeper = new Partitions(depth + 1)) {
        try (InputStream file = Files.newInputStream(path);
            DataInputStream in =
                new DataInputStream(new java.io.BufferedInputStream(file, BUFFER_BYTES))) {
          while (true) {
            int source;
            try {
              source = in.readInt();
            } catch (EOFException end) {
              break;
            }
            long number = in.readLong();
            long offset = in.readLong();
            deeper.add(source, number, offset, in.readNBytes(in.readUnsignedByte()));
          }
        }
        deeper.eachRepeated(visitor);
      }
    }

    @Override
    public void close() throws IOException {
      for (DataOutputStream out : outs) {
        out.close();
      }
      for (Path path : paths) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static void sort(byte[] bytes, Visitor visitor) throws IOException {
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at < bytes.length; at = identityEnd(bytes, at)) {
      starts.add(at);
    }
    // The order within one key is that of the file, as sorting is stable.
    starts.sort(Comparator.comparing((Integer at) -> at, (a, b) -> compare(bytes, a, b)));
    for (int i = 0; i < starts.size(); ) {
      int end = i + 1;
      while (end < starts.size() && compare(bytes, starts.get(i), starts.get(end)) == 0) {
        end++;
      }
      if (end - i > 1) {
        visit(bytes, starts.subList(i, end), visitor);
      }
      i = end;
    }
  }

  private static int identityEnd(byte[] bytes, int at) {
    return at + HEADER_BYTES + (bytes[at + HEADER_BYTES - 1] & 0xff);
  }

  private static int compare(byte[] bytes, int a, int b) {
    return Arrays.compareUnsigned(
        bytes,
        a + HEADER_BYTES,
        identityEnd(bytes, a),
        bytes,
        b + HEADER_BYTES,
        identityEnd(bytes, b));
  }

  private static void visit(byte[] bytes, List<Integer> starts, Visitor visitor)
      throws IOException {
    List<Occurrence> occurrences = new ArrayList<>();
    for (int at : starts) {
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(bytes, at, HEADER_BYTES - 1));
      occurrences.add(new Occurrence(in.readInt(), in.readLong(), in.readLong()));
    }
    int start = starts.getFirst();
    int identity = start + HEADER_BYTES;
    byte[] key = Arrays.copyOfRange(bytes, identity + DB_BYTES, identityEnd(bytes, start));
    boolean isWhole = key.length <= VERBATIM_BYTES;
    visitor.visit(
        LittleEndian.getInt(bytes, identity),
        isWhole ? KeyText.of(key) : KeyText.of(Arrays.copyOf(key, VERBATIM_BYTES)) + "...",
        occurrences);
  }
}
