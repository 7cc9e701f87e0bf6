package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Writes an RDB: records as they were read, and values that are still to be encoded.
///
/// The header is written at once. Records are written in the order of the calls, with what selects
/// the database in front of a key where it is needed. An entry whose type the version does not know
/// is refused before anything of it is written; what else it can hold is [RdbVersions]' to say.
///
/// Every method may block as the stream does. Memory: one record and a small buffer. Not safe for
/// use by several threads. The caller closes the stream.
public final class RdbWriter {

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int NO_DB = -1;

  private final OutputStream out;
  private final RdbWriterOptions options;
  private final RdbValueEncoder encoder;
  private final RdbOutput buffer;
  private final Crc64 crc = new Crc64();
  private int selectedDb = NO_DB;
  private boolean ended;

  /// Begins an RDB on `out`, with Redis' own thresholds for values that are still to be encoded.
  public RdbWriter(OutputStream out, RdbWriterOptions options) {
    this(out, options, PackingLimits.DEFAULT);
  }

  /// As above, with thresholds of one's own.
  public RdbWriter(OutputStream out, RdbWriterOptions options, PackingLimits limits) {
    this.out = out;
    this.options = options;
    this.encoder = new RdbValueEncoder(options.version(), options.compression(), limits);
    this.buffer = new RdbOutput(options.compression());
    buffer.putText(
        RdbDialect.ofVersion(options.version()) == RdbDialect.VALKEY
            ? "VALKEY%03d".formatted(options.version())
            : "REDIS%04d".formatted(options.version()));
  }

  /// Writes `record` as it is; [RdbRecord.End] ends the file. A slot's size, which is only a hint,
  /// is left out where the version has no place for it.
  ///
  /// @throws TargetTooOldException if the version cannot hold it; nothing of it is then written
  public void write(RdbRecord record) throws IOException {
    switch (record) {
      case RdbRecord.Aux(byte[] name, byte[] value) -> writeAux(name, value);
      case RdbRecord.SelectDb(int db) -> selectDb(db);
      case RdbRecord.ResizeDb(long keys, long expires) -> {
        buffer.putByte(Opcode.RESIZE_DB);
        buffer.putLength(keys);
        buffer.putLength(expires);
      }
      case RdbRecord.FunctionLibrary(byte[] source) -> writeFunction(source);
      case RdbRecord.HashTemplate _ -> {
        // The hashes of this template bring its fields with them.
      }
      case RdbRecord.Verbatim verbatim -> writeVerbatim(verbatim);
      case RdbRecord.Entry entry -> writeEntry(entry);
      case RdbRecord.End _ -> end();
    }
    flushIfLarge();
  }

  /// Writes an aux field of text.
  public void writeAux(String name, String value) throws IOException {
    writeAux(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    flushIfLarge();
  }

  /// Encodes `value` and writes it under `key`.
  ///
  /// @param expireAtMillis absolute Unix time, or [RdbRecord.Entry#NO_EXPIRY]
  /// @throws TargetTooOldException if the version cannot hold the value without loss
  public void write(int db, byte[] key, long expireAtMillis, RdbValue value) throws IOException {
    RdbValueEncoder.Encoded encoded = encoder.encode(value);
    write(new RdbRecord.Entry(db, key, expireAtMillis, -1, -1, encoded.type(), encoded.value()));
  }

  /// Writes `length` bytes of `records` from `offset` on: records as they stand in another file, or
  /// the next part of one. That the version has a place for them, and that their database is
  /// chosen, is for the caller to know.
  public void copy(byte[] records, int offset, int length) throws IOException {
    if (length < BUFFER_BYTES) {
      buffer.putBytes(records, offset, length);
      flushIfLarge();
      return;
    }
    flush();
    write(records, offset, length);
  }

  /// Writes what it is to write, to a stream that is lent to it.
  @FunctionalInterface
  public interface Content {
    /// Writes all of it.
    void write(OutputStream out) throws IOException;
  }

  /// Writes `length` bytes of records, as [#copy(byte\[\], int, int)], that somebody has read
  /// before and found to have the CRC-64 `crc`. They are handed on without a look, so that the
  /// file's checksum vouches for the bytes that were read before: if `content` writes others, it
  /// does not match.
  public void copy(long length, long crc, Content content) throws IOException {
    flush();
    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
    content.write(buffered);
    buffered.flush();
    this.crc.append(crc, length);
  }

  /// Writes the end of the RDB and hands everything to the stream, which is flushed and stays open.
  /// Further calls do nothing.
  public void end() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    buffer.putByte(Opcode.END);
    flush();
    buffer.putLongLittleEndian(options.checksum() ? crc.value() : 0);
    flush();
    out.flush();
  }

  private void writeAux(byte[] name, byte[] value) {
    buffer.putByte(Opcode.AUX);
    buffer.putString(name);
    buffer.putString(value);
  }

  private void selectDb(int db) {
    buffer.putByte(Opcode.SELECT_DB);
    buffer.putLength(db);
    selectedDb = db;
  }

  private void writeFunction(byte[] source) throws TargetTooOldException {
    require(options.version() >= 10, "a function library");
    buffer.putByte(Opcode.FUNCTION_2);
    buffer.putString(source);
  }

  private void writeVerbatim(RdbRecord.Verbatim verbatim) throws TargetTooOldException {
    switch (verbatim.opcode()) {
      case Opcode.SLOT_INFO -> {
        if (options.version() < 12 || options.version() >= RdbDialect.FIRST_VALKEY_VERSION) {
          return;
        }
      }
      case Opcode.SLOT_IMPORT_VALKEY ->
          require(options.version() >= RdbDialect.FIRST_VALKEY_VERSION, "a slot import");
      case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT -> {
        return; // hints, on which every other server ends
      }
      case Opcode.MODULE_AUX -> {
        // every version that is written has them
      }
      case Opcode.UPDATE_VALKEY ->
          require(options.version() >= RdbHeader.NEWEST_VALKEY, "a command among the keys");
      default -> require(false, "the record " + verbatim.opcode());
    }
    buffer.putByte(verbatim.opcode());
    buffer.putBytes(verbatim.payload());
  }

  private void writeEntry(RdbRecord.Entry entry) throws IOException {
    require(
        RdbVersions.holds(options.version(), entry.type()),
        "the type " + entry.type() + " of the key " + KeyText.of(entry.key()));
    require(
        entry.metadata().length == 0
            || (options.version() >= 13 && options.version() < RdbDialect.FIRST_VALKEY_VERSION),
        "the metadata of the key " + KeyText.of(entry.key()));
    if (entry.db() != selectedDb) {
      selectDb(entry.db());
    }
    if (entry.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY) {
      buffer.putByte(Opcode.EXPIRE_MILLIS);
      buffer.putLongLittleEndian(entry.expireAtMillis());
    }
    if (entry.idleSeconds() >= 0) {
      buffer.putByte(Opcode.IDLE);
      buffer.putLength(entry.idleSeconds());
    } else if (entry.frequency() >= 0) {
      buffer.putByte(Opcode.FREQUENCY);
      buffer.putByte(entry.frequency());
    }
    if (entry.metadata().length > 0) {
      buffer.putByte(Opcode.KEY_METADATA);
      buffer.putBytes(entry.metadata());
    }
    buffer.putByte(entry.type().number());
    buffer.putString(entry.key());
    if (entry.value().length < BUFFER_BYTES) {
      buffer.putBytes(entry.value());
      return;
    }
    flush();
    write(entry.value(), 0, entry.value().length);
  }

  private void require(boolean held, String content) throws TargetTooOldException {
    if (!held) {
      throw new TargetTooOldException(content, options.version());
    }
  }

  private void flushIfLarge() throws IOException {
    if (buffer.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    write(buffer.array(), 0, buffer.size());
    buffer.clear();
  }

  private void write(byte[] bytes, int offset, int length) throws IOException {
    if (options.checksum()) {
      crc.update(bytes, offset, length);
    }
    out.write(bytes, offset, length);
  }
}
