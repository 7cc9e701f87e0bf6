package io.redrill.rdb;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Cuts an RDB into batches of whole records, so that several threads can look into the values: the
/// one that calls [#next] finds where records end and takes the checksum, which is a small part of
/// the work; the others do the rest.
///
/// A value that is larger than [RdbReading#heldBytes] belongs to none: the batcher stops in front
/// of it ([#largeValue]), and who calls it looks into it where it stands.
///
/// Memory: about `batchBytes` for each batch that is not let go, and what is held of a value
/// besides where it ends with a large one. Not safe for use by several threads; the batches are.
public final class RdbBatcher {

  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private final ByteInput in;
  private final RdbReading how;
  private final RdbCursor cursor;
  private final int batchBytes;
  private byte[] bytes;
  private int size;
  private long offset;
  private int db;
  private Map<Long, RdbRecord.HashTemplate> templates = Map.of();
  private boolean isAtLargeValue;
  private RdbRecord.@Nullable End end;
  private @Nullable FormatException failure;

  /// Cuts the RDB that begins with the next byte of `in`, of which it takes exactly the RDB's
  /// bytes. The tap of `in` is taken. The caller closes `in`.
  public RdbBatcher(ByteInput in, RdbReading how, int batchBytes) {
    this.in = in;
    this.how = how;
    this.cursor = new RdbCursor(in, how);
    this.batchBytes = batchBytes;
    this.bytes = new byte[batchBytes];
  }

  /// The header, which is read at the first call of this method or of [#next].
  ///
  /// @throws FormatException if this is no RDB that can be read
  public RdbHeader header() throws IOException {
    RdbHeader header = cursor.header();
    if (offset == 0) {
      offset = in.offset();
      in.tap(this::keep);
    }
    return header;
  }

  private void keep(byte[] buffer, int from, int length) throws TooLargeException {
    long needed = (long) size + length;
    if (needed > MAX_ARRAY_BYTES) {
      throw new TooLargeException("a value is larger than 2 GiB", in.name(), offset + size);
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_ARRAY_BYTES, needed + needed / 4));
    }
    System.arraycopy(buffer, from, bytes, size, length);
    size += length;
  }

  /// The next batch; empty at the end, after which [#end] tells about it. It may be a batch of no
  /// records, in front of a large value.
  ///
  /// @throws FormatException as [RdbCursor#next] does; the batches before it hold all that is whole
  public Optional<RdbBatch> next() throws IOException {
    RdbHeader header = header();
    if (failure != null) {
      throw failure;
    }
    if (end != null) {
      return Optional.empty();
    }
    boolean isPassed = isAtLargeValue;
    if (isAtLargeValue) {
      passLargeValue();
    }
    int firstDb = db;
    db = cursor.db(); // the record that opens this batch has been read, and may have chosen another
    if (templates.size() != cursor.templates().size()) {
      templates = Map.copyOf(cursor.templates()); // they stand in front of all keys, mostly
    }
    try {
      while (true) {
        if (cursor.isAtKey() && !isPassed && !cursor.holdValue()) {
          isAtLargeValue = true;
          break;
        }
        isPassed = false;
        RdbCursor.Step step = cursor.next();
        if (step == RdbCursor.Step.END && cursor.record() instanceof RdbRecord.End last) {
          end = last;
          break;
        }
        // What stands in front of a key may be followed by another record first.
        if (cursor.recordOffset() - offset >= batchBytes && !cursor.isInFrontOfKey()) {
          break;
        }
        db = cursor.db();
      }
    } catch (FormatException e) {
      failure = e;
    }
    return isAtLargeValue ? cutBeforeLargeValue(header, firstDb) : cut(header, firstDb);
  }

  /// Takes what stands before the record that was read last, whose beginning opens the next batch.
  /// That of a key is what is said about it, unless the key could not be read: then there is no
  /// other batch for records that stand between.
  private Optional<RdbBatch> cut(RdbHeader header, int firstDb) throws IOException {
    in.flushTap();
    long beginning =
        failure == null
            ? cursor.recordOffset()
            : Math.max(cursor.recordOffset(), cursor.keyOffset());
    int length = (int) (beginning - offset);
    byte[] taken = bytes;
    byte[] rest = new byte[Math.max(batchBytes + batchBytes / 4, size - length)];
    System.arraycopy(taken, length, rest, 0, size - length);
    bytes = rest;
    size -= length;
    RdbBatch batch = batch(taken, length, header, firstDb);
    offset += length;
    return Optional.of(batch);
  }

  /// Takes what stands before the key that was read last, also what is said about it: other records
  /// may stand between. From here on nothing is kept, until [#passLargeValue].
  private Optional<RdbBatch> cutBeforeLargeValue(RdbHeader header, int firstDb) throws IOException {
    in.tap((_, _, _) -> {});
    RdbBatch batch = batch(bytes, (int) (cursor.keyOffset() - offset), header, firstDb);
    bytes = new byte[batchBytes];
    size = 0;
    return Optional.of(batch);
  }

  private RdbBatch batch(byte[] taken, int length, RdbHeader header, int firstDb) {
    return new RdbBatch(taken, length, in.name(), offset, how, header, firstDb, templates);
  }

  private void passLargeValue() throws IOException {
    isAtLargeValue = false;
    cursor.skipValue();
    in.tap(this::keep);
    offset = in.offset();
  }

  /// The key that comes after the last batch, if its value is too large for one. Its value may be
  /// looked into until [#next] is called.
  public Optional<RdbCursor> largeValue() {
    return isAtLargeValue ? Optional.of(cursor) : Optional.empty();
  }

  /// How the RDB ends.
  ///
  /// @throws IllegalStateException before [#next] has come to the end
  public RdbRecord.End end() {
    if (end == null) {
      throw new IllegalStateException("the end has not been reached");
    }
    return end;
  }
}
