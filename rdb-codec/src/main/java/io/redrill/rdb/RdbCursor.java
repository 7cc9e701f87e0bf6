package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.ElementSlot;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Walks the records of an RDB in a [ByteInput], of which it takes exactly the RDB's bytes, and
/// leaves to its user how deep to look at each value.
///
/// | level | call after [Step#KEY] | costs |
/// |---|---|---|
/// | none | nothing: [#next] passes over the value | following its lengths |
/// | raw | [#value]: the stored bytes, in place | ... and room for them |
/// | elements | [#walk]: each piece in place, by [ElementHandler] | ... and a look at each; of large values no room |
/// | kept | [#entry], then [RdbValues#decode] | ... and arrays of its own |
///
/// Layout of the file:
///
/// | bytes | what |
/// |---|---|
/// | 9 | magic and version: [RdbHeader] |
/// | ... | records, each after its opcode or value type |
/// | 1 | `ff` |
/// | 8 | CRC-64 of all bytes before, little-endian; zero: not computed; absent before version 5 |
///
/// Records may come in any order. A version number that is unknown is no error by itself; the first
/// unknown type or opcode is, as nobody can tell where it ends. Expired keys come as any others.
///
/// Slices are lent until the next call of [#next]. Reading may block as the input does. Memory: the
/// input's buffer and the field templates of the file, up to a quarter of the heap. The buffer
/// grows to the largest value that is walked up to [RdbReading#heldBytes], and to the largest item
/// of those beyond ([#walk]); or to the largest value that [#value] is asked for. Not safe for use
/// by several threads. After an exception the cursor is of no further use.
public final class RdbCursor {

  /// What [#next] arrived at.
  public enum Step {
    /// A key; [#key] and its neighbours tell about it.
    KEY,
    /// Another record: [#record].
    RECORD,
    /// The end, now and at each further call: [#record] is a [RdbRecord.End].
    END
  }

  private static final int HEADER_BYTES = 9;

  private final ByteInput in;
  private final boolean isPart;
  private final RdbReading how;
  private final RdbInput primitives;
  private final Map<Long, RdbRecord.HashTemplate> templates = new HashMap<>();
  private long templateRoom = HashTemplates.roomBytes();
  private final ValueScanner values;
  private final KeyPrefix prefix;
  private final ValueWalker walker = new ValueWalker();
  private final ValueWalker passingWalker;
  private final Crc64 crc = new Crc64();
  private final ElementSlot keySlot = new ElementSlot();
  private final ByteSlice key = new ByteSlice();
  private final ByteSlice value = new ByteSlice();
  private byte[] keyBytes = new byte[256];
  private @Nullable RdbHeader header;
  private RdbRecord record = new RdbRecord.SelectDb(0);
  private @Nullable RdbType type;
  private boolean isValuePending;
  private boolean isValueRead;
  private boolean isValueLarge;
  private boolean isValueDelimited;
  private boolean isInKey;
  private boolean isEnded;
  private int db;
  private long recordOffset;
  private long keyOffset;
  private long valueOffset;
  private String reading = "its header";

  /// Reads the RDB that begins with the next byte of `in`. The caller closes `in`.
  public RdbCursor(ByteInput in) {
    this(in, RdbReading.DEFAULT);
  }

  /// As above, and what the RDB does not say about itself is read as `how` says.
  public RdbCursor(ByteInput in, RdbReading how) {
    this(in, how, false);
  }

  /// Reads a part of an RDB of `header`'s version: all of `in`, which holds whole records. The keys
  /// are those of `db` to begin with. The end of `in` counts as that of the RDB, unchecked.
  RdbCursor(
      ByteInput in,
      RdbReading how,
      RdbHeader header,
      int db,
      Map<Long, RdbRecord.HashTemplate> templates) {
    this(in, how, true);
    this.header = header;
    this.db = db;
    this.templates.putAll(templates);
  }

  private RdbCursor(ByteInput in, RdbReading how, boolean isPart) {
    this.in = in;
    this.how = how;
    this.isPart = isPart;
    this.primitives = new RdbInput(in);
    this.values = new ValueScanner(primitives, templates);
    this.prefix = new KeyPrefix(primitives, values, how);
    this.passingWalker = new ValueWalker(primitives);
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

  /// Goes on to the next key or other record.
  ///
  /// @throws CorruptInputException if the bytes are damaged, cut short, or fail the checksum
  /// @throws TooNewException if a type or opcode is unknown
  /// @throws TooOldException if a type or opcode was only written by pre-releases, and cannot be
  ///   read
  /// @throws TooLargeException if a value exceeds what an array can hold
  public Step next() throws IOException {
    if (isEnded) {
      return Step.END;
    }
    RdbHeader known = header();
    try {
      finishValue();
      isInKey = false;
      while (true) {
        recordOffset = in.offset();
        reading = "the next record";
        prefix.requireNear(recordOffset);
        if (isPart && in.atEnd()) {
          return end(new RdbRecord.End(in.offset(), RdbRecord.Checksum.UNCHECKED));
        }
        int code = in.readByte();
        if (code < Opcode.LOWEST && !isOfEnterprise(code)) {
          beginKey(code, known);
          return Step.KEY;
        }
        String about = KeyPrefix.words(code, known.dialect());
        if (about != null) {
          reading = about;
          prefix.take(code, recordOffset, known);
          continue;
        }
        if (code == Opcode.END) {
          reading = "its checksum";
          return end(checksum(known));
        }
        record = other(code, known.dialect());
        return Step.RECORD;
      }
    } catch (EOFException e) {
      throw cutShort(e);
    } catch (CorruptInputException e) {
      throw located(e);
    }
  }

  private Step end(RdbRecord.End last) {
    record = last;
    isEnded = true;
    return Step.END;
  }

  /// The record that [#next] arrived at; not after [Step#KEY].
  public RdbRecord record() {
    return record;
  }

  /// What errors call the file.
  public String name() {
    return in.name();
  }

  /// The offset of the first byte of the record that was read last, or is being read: of a key, the
  /// first of what stands in front of it.
  public long recordOffset() {
    return recordOffset;
  }

  /// The offset of the key's type, behind what stands in front of it.
  long keyOffset() {
    return keyOffset;
  }

  /// The offset of the first byte of the key's value.
  public long valueOffset() {
    return valueOffset;
  }

  /// The offset behind all that was read so far: after the value was looked into, behind that.
  public long offset() {
    return in.offset();
  }

  /// The CRC-64 of all bytes that were consumed so far, after the end of all bytes in front of the
  /// checksum, whether there is one or not. (Of a part of an RDB nothing is summed up.)
  public long crc() throws IOException {
    in.flushTap();
    return crc.value();
  }

  /// Whether [#next] arrived at a key.
  public boolean isAtKey() {
    return isInKey;
  }

  /// Whether something was said about the next key, and that is not yet reached.
  boolean isInFrontOfKey() {
    return prefix.isBegun() && !isInKey;
  }

  /// The database of the key, 0 or more.
  public int db() {
    return db;
  }

  /// The key. It stays what it was at the records that follow it.
  public ByteSlice key() {
    return key;
  }

  /// When the key expires: absolute Unix time, or [RdbRecord.Entry#NO_EXPIRY].
  public long expireAtMillis() {
    return prefix.expireAtMillis();
  }

  /// How long the key had not been used when the file was written, or -1 where it does not say.
  public long idleSeconds() {
    return prefix.idleSeconds();
  }

  /// The LFU counter of the key (0 to 255), or -1 where the file does not say.
  public int frequency() {
    return prefix.frequency();
  }

  /// Whether modules keep something about the key, which only [#entry] gives.
  public boolean hasMetadata() {
    return prefix.metadata().length > 0;
  }

  /// How the key's value is stored.
  public RdbType type() {
    if (type == null) {
      throw new IllegalStateException("there is no key yet");
    }
    return type;
  }

  /// The value's bytes after the key, without the type byte. They may refer to a field template of
  /// the file; [#entry] gives them complete.
  ///
  /// @throws IllegalStateException if [#next] is not at a key, or the value was passed over or
  ///   walked without being held
  /// @throws IOException as [#next] does
  public ByteSlice value() throws IOException {
    if (!isValueRead) {
      hold(Integer.MAX_VALUE);
    }
    return value;
  }

  /// Holds the value if it is no larger than [RdbReading#heldBytes], about, and says whether it is
  /// held. A larger one stays where it is: [#walk] it, once, pass over it, or have [#value] hold it
  /// nevertheless.
  ///
  /// @throws IllegalStateException as [#value] does
  /// @throws IOException as [#next] does
  public boolean holdValue() throws IOException {
    if (!isValueRead && !isValueLarge) {
      isValueLarge = !hold(how.heldBytes());
    }
    return isValueRead;
  }

  /// Whether the value is held, and can be had and walked as often as anybody likes.
  public boolean isValueHeld() {
    return isValueRead;
  }

  /// As [#holdValue], for a value of up to about `roomBytes`.
  ///
  /// @throws IOException as [#next] does
  public boolean holdValue(int roomBytes) throws IOException {
    return isValueRead || hold(roomBytes);
  }

  /// The name of the module whose value, of type [RdbType#MODULE_2], comes next; the value stays.
  ///
  /// @throws IOException as [#next] does
  public String moduleName() throws IOException {
    if (isValueRead) {
      return ModuleName.of(value);
    }
    return ModuleName.of(moduleId());
  }

  private long moduleId() throws IOException {
    in.hold();
    try {
      return primitives.length();
    } catch (IOException e) {
      throw atKey(e);
    } finally {
      in.rewind();
    }
  }

  private boolean hold(int roomBytes) throws IOException {
    if (!isValuePending) {
      throw new IllegalStateException("there is no value here, or it was passed over");
    }
    try {
      if (roomBytes == Integer.MAX_VALUE) {
        in.hold();
      } else {
        in.hold(roomBytes);
      }
      isValuePending = false;
      values.skip(type());
      in.held(value);
      isValueRead = true;
      isValueDelimited = true;
      return true;
    } catch (ByteInput.NoRoomException e) {
      in.rewind();
      isValuePending = true;
      return false;
    } catch (IOException e) {
      throw atKey(e);
    }
  }

  /// Passes over the value, as [#next] would: for one who wants to know at once that it is whole.
  ///
  /// @throws IOException as [#next] does
  public void skipValue() throws IOException {
    if (!isValuePending) {
      return;
    }
    try {
      isValuePending = false;
      values.skip(type());
    } catch (IOException e) {
      throw atKey(e);
    }
  }

  /// Hands the value's pieces to `handler`. A value that is too large for [#holdValue] and consists
  /// of items (elements, pairs, nodes) is walked as it comes, item by item. It is gone then, and
  /// cannot be walked again; where it proves damaged, or cut short, `handler` has seen what stands
  /// in front of that.
  ///
  /// @throws CorruptInputException if the value is damaged. Where [#next] knows its end it can go
  ///   on after that: [#isValueDelimited]
  /// @throws TooLargeException if the value, or an item of it, is larger than 2 GiB
  public void walk(ElementHandler handler) throws IOException {
    if (isValuePassing()) {
      walkPassing(handler);
      return;
    }
    ByteSlice bytes = value();
    try {
      walker.walk(type(), bytes, templates, handler);
    } catch (CorruptInputException e) {
      throw inValue(e);
    }
  }

  /// Whether [#walk] takes the value as it comes: it is too large for [#holdValue], and consists of
  /// items, as those of [RdbType#consistsOfItems] and vector sets do.
  ///
  /// @throws IOException as [#next] does
  public boolean isValuePassing() throws IOException {
    return !holdValue()
        && (type().consistsOfItems()
            || (type() == RdbType.MODULE_2 && ModuleWalker.isVectorSet(moduleId())));
  }

  private void walkPassing(ElementHandler handler) throws IOException {
    isValuePending = false;
    in.lend(true);
    try {
      passingWalker.walkNext(type(), handler);
      isValueDelimited = true;
    } catch (EOFException | FormatException e) {
      throw passOverRest(e);
    } finally {
      in.lend(false);
      in.release();
    }
  }

  /// Finds the end of a value that proved damaged, if it says where that is, and tells what to say
  /// of it: what hides the end comes first, as where a value is held.
  private IOException passOverRest(IOException damage) throws IOException {
    Items items = passingWalker.items();
    if (!items.arePassable()) {
      if (damage instanceof EOFException) {
        in.skip(in.buffered()); // it is the end of the file where the value is cut short
      }
      throw atKey(damage);
    }
    try {
      items.passOver(type(), values);
    } catch (IOException e) {
      throw atKey(e);
    }
    isValueDelimited = true;
    return damage instanceof CorruptInputException e ? inValue(e) : atKey(damage);
  }

  /// Whether the value was read to its end, so that [#next] can go on whatever it holds. Not so
  /// after damage to what says where it ends, which in a hash with its field names in front of its
  /// values (types 29 and 31) is their number.
  public boolean isValueDelimited() {
    return isValueDelimited;
  }

  /// The key with its value, in arrays of their own and complete in themselves.
  ///
  /// @throws IOException as [#next] does
  public RdbRecord.Entry entry() throws IOException {
    byte[] bytes = value().toByteArray();
    RdbType complete = type();
    if (complete == RdbType.HASH_TEMPLATE_LISTPACK_REF
        || complete == RdbType.HASH_TEMPLATE_ARRAY_REF) {
      try {
        bytes = HashTemplates.complete(complete, bytes, templates);
      } catch (CorruptInputException e) {
        throw inValue(e);
      }
      complete =
          complete == RdbType.HASH_TEMPLATE_LISTPACK_REF
              ? RdbType.HASH_TEMPLATE_LISTPACK
              : RdbType.HASH_TEMPLATE_ARRAY;
    }
    return new RdbRecord.Entry(
        db,
        key.toByteArray(),
        prefix.expireAtMillis(),
        prefix.idleSeconds(),
        prefix.frequency(),
        prefix.metadata(),
        complete,
        bytes);
  }

  /// The field templates read so far, by id.
  Map<Long, RdbRecord.HashTemplate> templates() {
    return templates;
  }

  private void finishValue() throws IOException {
    in.release();
    if (isValuePending) {
      values.skip(type());
    }
    if (isInKey) {
      prefix.clear();
    }
    isValuePending = false;
    isValueRead = false;
    isValueLarge = false;
    isValueDelimited = false;
  }

  private static boolean isOfEnterprise(int code) {
    return code == Opcode.ENTERPRISE_LRU || code == Opcode.ENTERPRISE_SLOT;
  }

  private void beginKey(int number, RdbHeader known) throws IOException {
    keyOffset = recordOffset;
    if (prefix.isBegun()) {
      recordOffset = prefix.offset();
    }
    reading = "a key";
    RdbType found = RdbType.orNull(number, known.dialect());
    if (found == null) {
      throw unknownType(number, keyOffset);
    }
    primitives.string(keySlot);
    keep(keySlot.text());
    isInKey = true;
    type = found;
    reading = "a value";
    valueOffset = in.offset();
    isValuePending = true;
  }

  /// Copies the key out of the buffer, which moves on as the value is read.
  private void keep(ByteSlice text) {
    if (keyBytes.length < text.length()) {
      keyBytes = new byte[text.length()];
    }
    System.arraycopy(text.array(), text.offset(), keyBytes, 0, text.length());
    key.set(keyBytes, 0, text.length());
  }

  private FormatException unknownType(int number, long offset) throws IOException {
    if (number == Opcode.ENTERPRISE_GCAS || number == Opcode.ENTERPRISE_GFLAGS) {
      return new TooNewException(
          "opcode " + number + " of Redis Enterprise, of which nobody else knows where it ends",
          in.name(),
          offset);
    }
    String name;
    try {
      primitives.string(keySlot);
      name = KeyText.of(keySlot.text().toByteArray());
    } catch (EOFException | FormatException e) {
      // What follows may be anything; the type is what this is about.
      return new TooNewException("unknown value type " + number, in.name(), offset);
    }
    if (number == 6) {
      return new TooOldException(
          "a module's value in the form of a release candidate of Redis 4.0, which nobody can read without the module",
          in.name(),
          offset,
          name);
    }
    return new TooNewException("unknown value type " + number, in.name(), offset, name);
  }

  private RdbRecord other(int code, RdbDialect dialect) throws IOException {
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
      default -> {
        if (code == Opcode.HASH_TEMPLATE && dialect == RdbDialect.REDIS) {
          reading = "a field template";
          RdbRecord.HashTemplate template = HashTemplates.read(primitives, templateRoom);
          templateRoom -= HashTemplates.memoryBytes(template);
          // A part that begins with a template has been told of it already.
          if (templates.putIfAbsent(template.id(), template) != null && !isPart) {
            throw primitives.corrupt(
                "the field template " + Long.toUnsignedString(template.id()) + " is there twice");
          }
          yield template;
        }
        in.hold();
        reading = VerbatimRecords.skip(code, dialect, primitives, values, recordOffset);
        in.held(value);
        byte[] payload = value.toByteArray();
        in.release();
        yield new RdbRecord.Verbatim(code, payload);
      }
    };
  }

  private RdbRecord.End checksum(RdbHeader known) throws IOException {
    in.unwatch();
    if (isPart) {
      throw primitives.corrupt("the RDB ends where it should go on");
    }
    if (!known.hasChecksum()) {
      return new RdbRecord.End(in.offset(), RdbRecord.Checksum.ABSENT);
    }
    long offset = in.offset();
    long stored = in.readLongLittleEndian();
    if (stored == 0) {
      return new RdbRecord.End(in.offset(), RdbRecord.Checksum.UNCHECKED);
    }
    if (stored != crc.value()) {
      throw new CorruptInputException(
          "the checksum does not match the bytes: %016x is stored, theirs is %016x"
              .formatted(stored, crc.value()),
          in.name(),
          offset);
    }
    return new RdbRecord.End(in.offset(), RdbRecord.Checksum.MATCHES);
  }

  /// What to say of a value that could not be read: where, and of which key.
  private IOException atKey(IOException e) {
    return switch (e) {
      case EOFException end -> cutShort(end);
      case CorruptInputException corrupt -> located(corrupt);
      case TooLargeException large -> {
        TooLargeException located =
            new TooLargeException(
                large.problem(), in.name(), large.offset(), KeyText.of(key.toByteArray()));
        located.initCause(large);
        yield located;
      }
      default -> e;
    };
  }

  private CorruptInputException cutShort(EOFException cause) {
    return withCause(corrupt("the file ends inside " + reading, in.offset()), cause);
  }

  /// Adds where a damaged primitive stands, which the packed encodings below do not know.
  private CorruptInputException located(CorruptInputException e) {
    return e.input().equals(in.name()) && (!isInKey || e.key().isPresent())
        ? e
        : withCause(
            corrupt(e.problem(), e.input().equals(in.name()) ? e.offset() : in.offset()), e);
  }

  /// Says where in the file a damaged value stands; inside a packed encoding, which may be
  /// compressed, where in that.
  private CorruptInputException inValue(CorruptInputException e) {
    return withCause(
        e.input().equals("value")
            ? corrupt(e.problem(), valueOffset + e.offset())
            : e.input().equals(in.name())
                ? corrupt(e.problem(), e.offset())
                : corrupt(
                    "%s (byte %d of the %s)".formatted(e.problem(), e.offset(), e.input()),
                    valueOffset),
        e);
  }

  private CorruptInputException corrupt(String problem, long offset) {
    return isInKey
        ? new CorruptInputException(problem, in.name(), offset, KeyText.of(key.toByteArray()))
        : new CorruptInputException(problem, in.name(), offset);
  }

  private static CorruptInputException withCause(CorruptInputException e, IOException cause) {
    e.initCause(cause);
    return e;
  }
}
