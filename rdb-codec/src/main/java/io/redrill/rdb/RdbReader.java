package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the records of an RDB from a [ByteInput], of which it takes exactly the RDB's bytes.
///
/// | bytes | what |
/// |---|---|
/// | 9 | magic and version: [RdbHeader] |
/// | ... | records, each after its opcode or value type |
/// | 1 | `ff` |
/// | 8 | CRC-64 of all bytes before, little-endian; zero: not computed; absent before version 5 |
///
/// The reader works at the raw level: it finds where each value ends, and leaves what the value
/// means to [RdbValues]. Records may come in any order. A version number that is unknown is no
/// error by itself; the first unknown type or opcode is, as nobody can tell where it ends. Expired
/// keys are returned as any others.
///
/// Reading may block as the input does. Memory: the input's buffer and one record. Not safe for use
/// by several threads. After an exception the reader is of no further use.
public final class RdbReader {

  private static final int HEADER_BYTES = 9;

  private final ByteInput in;
  private final RdbInput primitives;
  private final ValueScanner values;
  private final Crc64 crc = new Crc64();
  private @Nullable RdbHeader header;
  private RdbRecord.@Nullable End end;

  private int db;
  private byte @Nullable [] key;
  private long recordOffset;
  private String reading = "its header";

  // What has been said about the next key; it may come with other records in between.
  private long prefixOffset = -1;
  private long expireAtMillis = RdbRecord.Entry.NO_EXPIRY;
  private long idleSeconds = -1;
  private int frequency = -1;

  /// Reads the RDB that begins with the next byte of `in`. The caller closes `in`.
  public RdbReader(ByteInput in) {
    this.in = in;
    this.primitives = new RdbInput(in);
    this.values = new ValueScanner(primitives);
  }

  /// The header, which is read at the first call of this method or of [#next].
  ///
  /// @throws CorruptInputException if this is no RDB
  /// @throws TooNewException if the version belongs to no dialect
  public RdbHeader header() throws IOException {
    if (header != null) {
      return header;
    }
    recordOffset = in.offset();
    in.watch(crc::update);
    try {
      RdbHeader read = RdbHeader.parse(in.readBytes(HEADER_BYTES), in.name(), recordOffset);
      header = read;
      return read;
    } catch (EOFException e) {
      throw cutShort(e);
    }
  }

  /// The next record; from the end on [RdbRecord.End], again and again.
  ///
  /// @throws CorruptInputException if the bytes are damaged, cut short, or fail the checksum
  /// @throws TooNewException if a type or opcode is unknown
  /// @throws TooOldException if a type or opcode was only written by pre-releases
  /// @throws TooLargeException if a value exceeds what an array can hold
  public RdbRecord next() throws IOException {
    if (end != null) {
      return end;
    }
    RdbHeader known = header();
    key = null;
    try {
      while (true) {
        recordOffset = in.offset();
        reading = "the next record";
        int code = in.readByte();
        if (code < Opcode.LOWEST) {
          return entry(code, known);
        }
        if (!isPrefix(code)) {
          return record(code, known);
        }
      }
    } catch (EOFException e) {
      throw cutShort(e);
    } catch (CorruptInputException e) {
      throw located(e);
    }
  }

  /// The offset of the first byte of the record that was read last, or is being read.
  public long recordOffset() {
    return recordOffset;
  }

  /// Takes what stands in front of a key; says whether `code` was that.
  private boolean isPrefix(int code) throws IOException {
    long start = recordOffset;
    switch (code) {
      case Opcode.EXPIRE_MILLIS -> {
        reading = "an expiry";
        expireAtMillis = in.readLongLittleEndian();
      }
      case Opcode.EXPIRE_SECONDS -> {
        reading = "an expiry";
        expireAtMillis = in.readIntLittleEndian() * 1000L;
      }
      case Opcode.IDLE -> {
        reading = "an idle time";
        idleSeconds = primitives.length();
      }
      case Opcode.FREQUENCY -> {
        reading = "a use frequency";
        frequency = in.readByte();
      }
      default -> {
        return false;
      }
    }
    prefixOffset = prefixOffset < 0 ? start : prefixOffset;
    return true;
  }

  private RdbRecord record(int code, RdbHeader known) throws IOException {
    return switch (code) {
      case Opcode.AUX -> {
        reading = "an aux field";
        yield new RdbRecord.Aux(primitives.string(), primitives.string());
      }
      case Opcode.SELECT_DB -> {
        reading = "a database number";
        long number = primitives.count();
        if (number > Integer.MAX_VALUE) {
          throw primitives.corrupt("a database number is impossibly large");
        }
        db = (int) number;
        yield new RdbRecord.SelectDb(db);
      }
      case Opcode.RESIZE_DB -> {
        reading = "a database size";
        yield new RdbRecord.ResizeDb(primitives.length(), primitives.length());
      }
      case Opcode.FUNCTION_2 -> {
        reading = "a function library";
        yield new RdbRecord.FunctionLibrary(primitives.string());
      }
      case Opcode.MODULE_AUX, Opcode.SLOT_INFO -> verbatim(code);
      case Opcode.FUNCTION_PRE_RELEASE ->
          throw new TooOldException(
              "functions in the form of a release candidate of Redis 7.0", in.name(), recordOffset);
      case Opcode.END -> {
        reading = "its checksum";
        RdbRecord.End last =
            new RdbRecord.End(in.offset() + (known.hasChecksum() ? 8 : 0), checksum(known));
        end = last;
        yield last;
      }
      default -> {
        if (code == Opcode.SLOT_IMPORT && known.dialect() == RdbDialect.VALKEY) {
          yield verbatim(code);
        }
        throw new TooNewException("unknown opcode " + code, in.name(), recordOffset);
      }
    };
  }

  private RdbRecord verbatim(int code) throws IOException {
    in.beginCapture();
    switch (code) {
      case Opcode.MODULE_AUX -> {
        reading = "a module's aux field";
        primitives.length();
        values.moduleValues();
      }
      case Opcode.SLOT_INFO -> {
        reading = "a slot's size";
        primitives.length();
        primitives.length();
        primitives.length();
      }
      default -> {
        reading = "a slot import";
        primitives.skipString();
        for (long ranges = primitives.count(); ranges > 0; ranges--) {
          primitives.length();
          primitives.length();
        }
      }
    }
    return new RdbRecord.Verbatim(code, in.endCapture());
  }

  private RdbRecord entry(int number, RdbHeader known) throws IOException {
    long typeOffset = recordOffset;
    if (prefixOffset >= 0) {
      recordOffset = prefixOffset;
    }
    reading = "a key";
    byte[] name = primitives.string();
    key = name;
    Optional<RdbType> type = RdbType.of(number, known.dialect());
    if (type.isEmpty()) {
      throw unknownType(number, known, typeOffset, KeyText.of(name));
    }
    reading = "a value";
    in.beginCapture();
    values.skip(type.get());
    byte[] value = in.endCapture();
    RdbRecord.Entry entry =
        new RdbRecord.Entry(db, name, expireAtMillis, idleSeconds, frequency, type.get(), value);
    prefixOffset = -1;
    expireAtMillis = RdbRecord.Entry.NO_EXPIRY;
    idleSeconds = -1;
    frequency = -1;
    return entry;
  }

  private FormatException unknownType(int number, RdbHeader known, long offset, String keyText) {
    if (number == 6) {
      return new TooOldException(
          "a module's value in the form of a release candidate of Redis 4.0",
          in.name(),
          offset,
          keyText);
    }
    if (known.dialect() == RdbDialect.REDIS && (number == 22 || number == 23)) {
      return new TooOldException(
          "a hash in the form of a release candidate of Redis 7.4", in.name(), offset, keyText);
    }
    return new TooNewException("unknown value type " + number, in.name(), offset, keyText);
  }

  private RdbRecord.Checksum checksum(RdbHeader known) throws IOException {
    in.unwatch();
    if (!known.hasChecksum()) {
      return RdbRecord.Checksum.ABSENT;
    }
    long offset = in.offset();
    long stored = in.readLongLittleEndian();
    if (stored == 0) {
      return RdbRecord.Checksum.UNCHECKED;
    }
    if (stored != crc.value()) {
      throw new CorruptInputException("the checksum does not match the bytes", in.name(), offset);
    }
    return RdbRecord.Checksum.MATCHES;
  }

  private CorruptInputException cutShort(EOFException cause) {
    return withCause(corrupt("the file ends inside " + reading, in.offset()), cause);
  }

  /// Adds where a damaged primitive stands, which the packed encodings below do not know.
  private CorruptInputException located(CorruptInputException e) {
    return e.input().equals(in.name()) && (key == null || e.key().isPresent())
        ? e
        : withCause(
            corrupt(e.problem(), e.input().equals(in.name()) ? e.offset() : in.offset()), e);
  }

  private CorruptInputException corrupt(String problem, long offset) {
    return key == null
        ? new CorruptInputException(problem, in.name(), offset)
        : new CorruptInputException(problem, in.name(), offset, KeyText.of(key));
  }

  private static CorruptInputException withCause(CorruptInputException e, IOException cause) {
    e.initCause(cause);
    return e;
  }
}
