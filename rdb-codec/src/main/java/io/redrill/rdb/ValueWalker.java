package io.redrill.rdb;

import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.ElementSlot;
import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.ListpackCursor;
import io.redrill.rdb.encoding.PackedCursor;
import io.redrill.rdb.encoding.Ziplist;
import io.redrill.rdb.encoding.Zipmap;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Walks stored values and hands their pieces to an [ElementHandler], without keeping any.
///
/// Every packed encoding is walked to its end, and no length is believed, so a value that was
/// walked is sound but for what only a look at all its elements together can tell (duplicates). One
/// instance serves value after value. Not safe for use by several threads.
public final class ValueWalker {

  private static final int NODE_PLAIN = 1;
  private static final int NODE_PACKED = 2;
  private static final int NEVER = -1;
  private static final int LONGEST_SHORT_STRING = 7;

  /// Redis takes no later expiry of a field.
  private static final long GREATEST_EXPIRY = (1L << 48) - 1;

  private static final ByteSlice NOT_HELD = new ByteSlice();

  private final ByteInput bytes;
  private final RdbInput in;
  private final Items items;
  private final ListpackCursor listpack = new ListpackCursor();
  private final Ziplist ziplist = new Ziplist();
  private final Zipmap zipmap = new Zipmap();
  private final ElementSlot container = new ElementSlot();
  private final ElementSlot first = new ElementSlot();
  private final ElementSlot second = new ElementSlot();
  private final ElementSlot third = new ElementSlot();
  private final StreamWalker streams;
  private final ModuleWalker modules;

  /// Begins with nothing.
  public ValueWalker() {
    this(new RdbInput(ByteInput.of(new byte[0], "value")), false);
  }

  /// Walks values of `in`, by [#walkNext].
  ValueWalker(RdbInput in) {
    this(in, true);
  }

  private ValueWalker(RdbInput in, boolean isStream) {
    this.bytes = in.bytes();
    this.in = in;
    this.items = new Items(bytes, isStream);
    this.streams = new StreamWalker(in, items);
    this.modules = new ModuleWalker(in, items);
  }

  /// Walks `value`, the bytes of a value of type `type` without the type byte, complete in itself.
  ///
  /// @throws CorruptInputException if it is damaged; the offset is the one inside the value or,
  ///   with the name of a packed encoding as the input, the one inside that
  public void walk(RdbType type, ByteSlice value, ElementHandler handler) throws FormatException {
    walk(type, value, Map.of(), handler);
  }

  /// As above, for a value that may refer to one of `templates`.
  void walk(
      RdbType type,
      ByteSlice value,
      Map<Long, RdbRecord.HashTemplate> templates,
      ElementHandler handler)
      throws FormatException {
    bytes.view(value.array(), value.offset(), value.length());
    try {
      walk(type, templates, value, handler);
      if (bytes.buffered() != 0) {
        throw new CorruptInputException(
            "bytes are left over after a value", "value", bytes.offset());
      }
    } catch (EOFException e) {
      CorruptInputException corrupt =
          new CorruptInputException("a value is cut short", "value", bytes.offset());
      corrupt.initCause(e);
      throw corrupt;
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("an array does not fail to be read", e);
    }
  }

  /// Walks the value of type `type` ([RdbType#consistsOfItems]) that `in` shows next, of which one
  /// item at a time is held.
  ///
  /// @throws IOException as the input does, and where the value is damaged
  public static void walkNext(ByteInput in, RdbType type, ElementHandler handler)
      throws IOException {
    in.lend(true);
    try {
      new ValueWalker(new RdbInput(in)).walkNext(type, handler);
    } finally {
      in.lend(false);
      in.release();
    }
  }

  /// Walks the value of type `type` ([RdbType#consistsOfItems], or a vector set) that stands next
  /// in a stream, of which one item at a time is held.
  ///
  /// @throws IOException as the input does, and where the value is damaged; [#items] then knows
  ///   whether its end can be found
  void walkNext(RdbType type, ElementHandler handler) throws IOException {
    items.start();
    walk(type, Map.of(), NOT_HELD, handler);
  }

  Items items() {
    return items;
  }

  private void walk(
      RdbType type,
      Map<Long, RdbRecord.HashTemplate> templates,
      ByteSlice whole,
      ElementHandler handler)
      throws IOException {
    switch (type) {
      case STRING -> {
        in.string(first);
        handler.string(first.text());
      }
      case LIST, SET -> {
        for (items.begin(in.count()); items.left() > 0; items.next()) {
          in.string(first);
          handler.element(first.text());
        }
      }
      case LIST_ZIPLIST -> elements(ziplist, handler);
      case LIST_QUICKLIST -> {
        for (items.begin(in.count()); items.left() > 0; items.next()) {
          node(ziplist, handler);
        }
      }
      case LIST_QUICKLIST_2 -> nodes(handler);
      case SET_INTSET -> intset(handler);
      case SET_LISTPACK -> elements(listpack, handler);
      case ZSET -> members(false, handler);
      case ZSET_2 -> members(true, handler);
      case ZSET_ZIPLIST -> members(ziplist, handler);
      case ZSET_LISTPACK -> members(listpack, handler);
      case HASH -> {
        for (items.begin(in.count()); items.left() > 0; items.next()) {
          in.string(first);
          in.string(second);
          handler.field(first.text(), second.text(), NEVER);
        }
      }
      case HASH_ZIPMAP -> fields(zipmap, handler);
      case HASH_ZIPLIST -> fields(ziplist, handler);
      case HASH_LISTPACK -> fields(listpack, handler);
      case HASH_METADATA_CANDIDATE -> expiringFields(0, handler);
      case HASH_METADATA -> {
        expiringFields(lowestExpiry() - 1, handler);
      }
      case HASH_LISTPACK_EX_CANDIDATE -> triples(handler);
      case HASH_LISTPACK_EX -> {
        lowestExpiry();
        triples(handler);
      }
      case HASH_2_VALKEY -> {
        for (items.begin(in.count()); items.left() > 0; items.next()) {
          in.string(first);
          in.string(second);
          long expireAt = bytes.readLongLittleEndian();
          if (expireAt < NEVER) {
            throw in.corrupt("the expiry of a hash field is out of bounds: " + expireAt);
          }
          handler.field(first.text(), second.text(), expireAt);
        }
      }
      case HASH_TEMPLATE_LISTPACK ->
          HashTemplates.packed(in, HashTemplates.fields(in, HashTemplates.roomBytes()), handler);
      case HASH_TEMPLATE_LISTPACK_REF -> HashTemplates.packedReference(in, templates, handler);
      case HASH_TEMPLATE_ARRAY ->
          templateFields(HashTemplates.fields(in, HashTemplates.roomBytes()), handler);
      case HASH_TEMPLATE_ARRAY_REF ->
          templateFields(HashTemplates.find(in, in.length(), templates).fields(), handler);
      case STREAM_LISTPACKS,
          STREAM_LISTPACKS_2,
          STREAM_LISTPACKS_3,
          STREAM_LISTPACKS_4,
          STREAM_LISTPACKS_5 ->
          streams.walk(type.streamVersion(), handler);
      case ARRAY -> array(handler);
      case MODULE_2 -> modules.walk(whole, handler);
      case GCRA, CRON_KEYDB, PATH_HASH_VALKEY -> {
        new ValueScanner(in, templates).skip(type);
        handler.opaque(type.name(), whole);
      }
    }
  }

  private void node(PackedCursor cursor, ElementHandler handler) throws IOException {
    open(cursor);
    handler.node(container.text().length());
    rest(cursor, handler);
  }

  private void open(PackedCursor cursor) throws IOException {
    in.string(container);
    ByteSlice packed = container.text();
    cursor.begin(packed.array(), packed.offset(), packed.length());
  }

  private void elements(PackedCursor cursor, ElementHandler handler) throws IOException {
    open(cursor);
    rest(cursor, handler);
  }

  private void rest(PackedCursor cursor, ElementHandler handler) throws IOException {
    while (cursor.next(first)) {
      handler.element(first.text());
    }
  }

  private void nodes(ElementHandler handler) throws IOException {
    for (items.begin(in.count()); items.left() > 0; items.next()) {
      switch (in.tag()) {
        case NODE_PLAIN -> {
          in.string(first);
          if (first.text().length() == 0) {
            throw in.corrupt("a plain node of a list is empty");
          }
          handler.node(first.text().length());
          handler.element(first.text());
        }
        case NODE_PACKED -> node(listpack, handler);
        default -> throw in.corrupt("a node of a list is neither plain nor packed");
      }
    }
  }

  private void intset(ElementHandler handler) throws IOException {
    in.string(container);
    ByteSlice packed = container.text();
    int width = Intset.checkedWidth(packed.array(), packed.offset(), packed.length());
    int end = packed.offset() + packed.length();
    for (int at = packed.offset() + Intset.HEADER_BYTES; at < end; at += width) {
      first.setInteger(Intset.get(packed.array(), at, width));
      handler.element(first.text());
    }
  }

  private void members(boolean isBinary, ElementHandler handler) throws IOException {
    for (items.begin(in.count()); items.left() > 0; items.next()) {
      in.string(first);
      double score = isBinary ? in.binaryDouble() : in.textDouble();
      if (Double.isNaN(score)) {
        throw in.corrupt("a score is not a number");
      }
      handler.member(first.text(), score);
    }
  }

  private void members(PackedCursor cursor, ElementHandler handler) throws IOException {
    open(cursor);
    while (cursor.next(first)) {
      requireNext(cursor, second);
      double score = second.integer();
      if (!second.isInteger()) {
        ByteSlice text = second.text();
        score = DoubleText.parseOrNaN(text.array(), text.offset(), text.length());
        if (Double.isNaN(score)) {
          throw in.corrupt("a score is not a number");
        }
      }
      handler.member(first.text(), score);
    }
  }

  private void fields(PackedCursor cursor, ElementHandler handler) throws IOException {
    open(cursor);
    while (cursor.next(first)) {
      requireNext(cursor, second);
      handler.field(first.text(), second.text(), NEVER);
    }
  }

  private void requireNext(PackedCursor cursor, ElementSlot slot) throws FormatException {
    if (!cursor.next(slot)) {
      throw in.corrupt("a packed collection of pairs has an odd number of elements");
    }
  }

  private long lowestExpiry() throws IOException {
    long lowest = bytes.readLongLittleEndian();
    if (lowest < 0 || lowest > GREATEST_EXPIRY + 1) {
      throw in.corrupt("the lowest expiry of a hash's fields is out of bounds: " + lowest);
    }
    return lowest;
  }

  /// Fields with an expiry that is 0 for never, else counted from `base`.
  private void expiringFields(long base, ElementHandler handler) throws IOException {
    for (items.begin(in.count()); items.left() > 0; items.next()) {
      long distance = in.length();
      in.string(first);
      in.string(second);
      if (distance < 0 || distance > GREATEST_EXPIRY) {
        throw in.corrupt("the expiry of a hash field is out of bounds");
      }
      long expireAt = distance == 0 ? NEVER : checkedExpiry(base + distance);
      handler.field(first.text(), second.text(), expireAt);
    }
  }

  private void triples(ElementHandler handler) throws IOException {
    open(listpack);
    while (listpack.next(first)) {
      if (!listpack.next(second) || !listpack.next(third)) {
        throw in.corrupt("a hash with expiring fields does not hold triples");
      }
      long expireAt = integer(third);
      handler.field(first.text(), second.text(), expireAt == 0 ? NEVER : checkedExpiry(expireAt));
    }
  }

  private long checkedExpiry(long millis) throws CorruptInputException {
    if (millis < 0 || millis > GREATEST_EXPIRY) {
      throw in.corrupt("the expiry of a hash field is out of bounds: " + millis);
    }
    return millis;
  }

  private long integer(ElementSlot slot) throws CorruptInputException {
    if (slot.isInteger()) {
      return slot.integer();
    }
    ByteSlice text = slot.text();
    if (!DecimalText.isLong(text.array(), text.offset(), text.length())) {
      throw in.corrupt("the expiry of a hash field is no integer");
    }
    return DecimalText.parse(text.array(), text.offset(), text.length());
  }

  private void templateFields(List<byte[]> names, ElementHandler handler) throws IOException {
    ByteSlice field = new ByteSlice();
    for (byte[] name : names) {
      in.string(second);
      field.set(name, 0, name.length);
      handler.field(field, second.text(), NEVER);
    }
  }

  private void array(ElementHandler handler) throws IOException {
    long count = in.count();
    switch (in.tag()) {
      case 0 -> {
        // The array does not say where the next insertion goes.
      }
      case 1 -> handler.arrayInsertIndex(in.length());
      default -> throw in.corrupt("an array has an unknown flag");
    }
    for (items.begin(count); items.left() > 0; items.next()) {
      long index = in.length();
      if (index == -1) {
        throw in.corrupt("an element of an array has an impossible index");
      }
      switch (in.tag()) {
        case ValueScanner.ARRAY_STRING -> {
          in.string(first);
          handler.arrayText(index, first.text());
        }
        case ValueScanner.ARRAY_SHORT_STRING -> {
          in.string(first);
          if (first.text().length() > LONGEST_SHORT_STRING) {
            throw in.corrupt("a short text of an array is longer than seven bytes");
          }
          handler.arrayText(index, first.text());
        }
        case ValueScanner.ARRAY_INTEGER ->
            handler.arrayInteger(index, bytes.readLongLittleEndian());
        case ValueScanner.ARRAY_DOUBLE -> handler.arrayDouble(index, in.binaryDouble());
        default -> throw in.corrupt("an element of an array has an unknown tag");
      }
    }
  }
}
