package io.redrill.rdb;

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
  private final RdbInput primitives;
  private final Map<Long, RdbRecord.HashTemplate> templates = new HashMap<>();
  private final CursorKey key;
  private final ErrorContext errors;
  private final KeyPrefix prefix;
  private final CursorValue value;
  private final OtherRecords others;
  private final RdbChecksum checksum;
  private @Nullable RdbHeader header;
  private RdbRecord record = new RdbRecord.SelectDb(0);
  private boolean isEnded;
  private int db;
  private long recordOffset;
  private long keyOffset;

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
    this.isPart = isPart;
    this.primitives = new RdbInput(in);
    this.key = new CursorKey(primitives);
    this.errors = new ErrorContext(in, key);
    ValueScanner scanner = new ValueScanner(primitives, templates);
    this.prefix = new KeyPrefix(primitives, scanner, how);
    this.value = new CursorValue(primitives, scanner, templates, how.heldBytes(), key, errors);
    this.others = new OtherRecords(primitives, scanner, errors, templates, isPart);
    this.checksum = new RdbChecksum(in);
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
    checksum.begin();
    try {
      RdbHeader read = RdbHeader.parse(in.readBytes(HEADER_BYTES), in.name(), recordOffset);
      header = read;
      return read;
    } catch (EOFException e) {
      throw errors.cutShort(e);
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
      leaveKey();
      while (true) {
        recordOffset = in.offset();
        errors.reading(ErrorContext.BETWEEN_RECORDS);
        prefix.requireNear(recordOffset);
        if (isPart && in.atEnd()) {
          return end(new RdbRecord.End(in.offset(), RdbRecord.Checksum.UNCHECKED));
        }
        int code = in.readByte();
        if (code < Opcode.LOWEST && !isOfEnterprise(code)) {
          beginKey(code, known.dialect());
          return Step.KEY;
        }
        String about = KeyPrefix.words(code, known.dialect());
        if (about != null) {
          errors.reading(about);
          prefix.take(code, recordOffset, known);
          continue;
        }
        if (code == Opcode.END) {
          return end(readEnd(known));
        }
        record = others.read(code, recordOffset, known.dialect());
        if (record instanceof RdbRecord.SelectDb selected) {
          db = selected.db();
        }
        return Step.RECORD;
      }
    } catch (EOFException e) {
      throw errors.cutShort(e);
    } catch (CorruptInputException e) {
      throw errors.located(e);
    }
  }

  private void leaveKey() throws IOException {
    value.finish();
    if (key.isCurrent()) {
      prefix.clear();
      key.leave();
    }
  }

  private static boolean isOfEnterprise(int code) {
    return code == Opcode.ENTERPRISE_LRU || code == Opcode.ENTERPRISE_SLOT;
  }

  private void beginKey(int number, RdbDialect dialect) throws IOException {
    keyOffset = recordOffset;
    if (prefix.isBegun()) {
      recordOffset = prefix.offset();
    }
    errors.reading("a key");
    key.read(number, keyOffset, dialect);
    value.begin();
  }

  private RdbRecord.End readEnd(RdbHeader known) throws IOException {
    errors.reading("its checksum");
    if (isPart) {
      throw primitives.corrupt("the RDB ends where it should go on");
    }
    return checksum.end(known.hasChecksum());
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
    return value.offset();
  }

  /// The offset behind all that was read so far: after the value was looked into, behind that.
  public long offset() {
    return in.offset();
  }

  /// The CRC-64 of all bytes that were consumed so far, after the end of all bytes in front of the
  /// checksum, whether there is one or not. (Of a part of an RDB nothing is summed up.)
  public long crc() throws IOException {
    return checksum.value();
  }

  /// Whether [#next] arrived at a key.
  public boolean isAtKey() {
    return key.isCurrent();
  }

  /// Whether something was said about the next key, and that is not yet reached.
  boolean isInFrontOfKey() {
    return prefix.isBegun() && !key.isCurrent();
  }

  /// The database of the key, 0 or more.
  public int db() {
    return db;
  }

  /// The key. It stays what it was at the records that follow it.
  public ByteSlice key() {
    return key.name();
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
    return key.type();
  }

  /// The value's bytes after the key, without the type byte. They may refer to a field template of
  /// the file; [#entry] gives them complete.
  ///
  /// @throws IllegalStateException if [#next] is not at a key, or the value was passed over or
  ///   walked without being held
  /// @throws IOException as [#next] does
  public ByteSlice value() throws IOException {
    return value.bytes();
  }

  /// Holds the value if it is no larger than [RdbReading#heldBytes], about, and says whether it is
  /// held. A larger one stays where it is: [#walk] it, once, pass over it, or have [#value] hold it
  /// nevertheless.
  ///
  /// @throws IllegalStateException as [#value] does
  /// @throws IOException as [#next] does
  public boolean holdValue() throws IOException {
    return value.hold();
  }

  /// Whether the value is held, and can be had and walked as often as anybody likes.
  public boolean isValueHeld() {
    return value.isHeld();
  }

  /// As [#holdValue], for a value of up to about `roomBytes`.
  ///
  /// @throws IOException as [#next] does
  public boolean holdValue(int roomBytes) throws IOException {
    return value.hold(roomBytes);
  }

  /// The name of the module whose value, of type [RdbType#MODULE_2], comes next; the value stays.
  ///
  /// @throws IOException as [#next] does
  public String moduleName() throws IOException {
    return value.moduleName();
  }

  /// Passes over the value, as [#next] would: for one who wants to know at once that it is whole.
  ///
  /// @throws IOException as [#next] does
  public void skipValue() throws IOException {
    value.skip();
  }

  /// Hands the value's pieces to `handler`. A value that is too large for [#holdValue] and consists
  /// of items (elements, pairs, nodes) is walked as it comes, item by item. It is gone then, and
  /// cannot be walked again; where it proves damaged, or cut short, `handler` has seen what stands
  /// in front of that.
  ///
  /// @throws CorruptInputException if the value is damaged. Where [#next] knows its end it can go
  ///   on after that: [#isValueDelimited]
  /// @throws TooLargeException if the value, or an item of it, is larger than 2 GiB
  /// @throws IllegalStateException as [#value] does, and if the value was walked and not held
  public void walk(ElementHandler handler) throws IOException {
    value.walk(handler);
  }

  /// Whether [#walk] takes the value as it comes: it is too large for [#holdValue], and consists of
  /// items, as those of [RdbType#consistsOfItems] and vector sets do.
  ///
  /// @throws IOException as [#next] does
  public boolean isValuePassing() throws IOException {
    return value.isPassing();
  }

  /// Whether the value was read to its end, so that [#next] can go on whatever it holds. Not so
  /// after damage to what says where it ends, which in a hash with its field names in front of its
  /// values (types 29 and 31) is their number.
  public boolean isValueDelimited() {
    return value.isDelimited();
  }

  /// What to say of damage that somebody else found in the value: where in the file it is, and of
  /// which key.
  public CorruptInputException inValue(CorruptInputException damage) {
    return value.located(damage);
  }

  /// The key with its value, in arrays of their own and complete in themselves.
  ///
  /// @throws IOException as [#next] does
  public RdbRecord.Entry entry() throws IOException {
    return entry(HashTemplates.complete(type()), value.complete());
  }

  /// The key with `value`, of type `type`, in place of its own, which is not touched.
  public RdbRecord.Entry entry(RdbType type, byte[] value) {
    return new RdbRecord.Entry(
        db,
        key.name().toByteArray(),
        prefix.expireAtMillis(),
        prefix.idleSeconds(),
        prefix.frequency(),
        prefix.metadata(),
        type,
        value);
  }

  /// The field templates read so far, by id.
  Map<Long, RdbRecord.HashTemplate> templates() {
    return templates;
  }
}
