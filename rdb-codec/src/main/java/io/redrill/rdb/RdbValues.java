package io.redrill.rdb;

import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.HashValue.Field;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.SortedSetValue.Member;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.Ziplist;
import io.redrill.rdb.encoding.Zipmap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Decodes stored values into what they mean.
///
/// Every packed encoding is walked to its end, so a value that decodes is sound but for what only a
/// look at all its elements together can tell (duplicates); that is the checker's.
public final class RdbValues {

  private static final int NODE_PLAIN = 1;
  private static final int NODE_PACKED = 2;

  private final RdbInput in;

  private RdbValues(RdbInput in) {
    this.in = in;
  }

  /// Decodes the value of `entry`.
  ///
  /// @throws CorruptInputException if it is damaged; the offset is the one inside the value, and
  ///   the input is called `value`
  public static RdbValue decode(RdbRecord.Entry entry) throws FormatException {
    try {
      return decode(entry.type(), entry.value());
    } catch (CorruptInputException e) {
      CorruptInputException located =
          new CorruptInputException(e.problem(), "value", e.offset(), KeyText.of(entry.key()));
      located.initCause(e);
      throw located;
    }
  }

  /// Decodes `value`, the bytes of a value of type `type` without the type byte.
  ///
  /// @throws CorruptInputException if it is damaged; the offset is the one inside the value or,
  ///   with the name of a packed encoding as the input, the one inside that
  public static RdbValue decode(RdbType type, byte[] value) throws FormatException {
    return PackedValues.whole(value, in -> new RdbValues(in).value(type, value));
  }

  private RdbValue value(RdbType type, byte[] whole) throws IOException {
    return switch (type) {
      case STRING -> new StringValue(in.string());
      case LIST -> new ListValue(strings());
      case LIST_ZIPLIST -> new ListValue(Ziplist.elements(in.string()));
      case LIST_QUICKLIST -> new ListValue(ziplistNodes());
      case LIST_QUICKLIST_2 -> new ListValue(listpackNodes());
      case SET -> new SetValue(strings());
      case SET_INTSET -> new SetValue(integers());
      case SET_LISTPACK -> new SetValue(listpack());
      case ZSET -> sortedSet(false);
      case ZSET_2 -> sortedSet(true);
      case ZSET_ZIPLIST -> sortedSet(Ziplist.elements(in.string()));
      case ZSET_LISTPACK -> sortedSet(listpack());
      case HASH -> hash();
      case HASH_ZIPMAP -> hash(Zipmap.elements(in.string()));
      case HASH_ZIPLIST -> hash(Ziplist.elements(in.string()));
      case HASH_LISTPACK -> hash(listpack());
      case HASH_METADATA -> new HashValue(ExpiringHash.decodeMetadata(in));
      case HASH_LISTPACK_EX -> new HashValue(ExpiringHash.decodeListpack(in));
      case HASH_2_VALKEY -> new HashValue(ExpiringHash.decodeValkey(in));
      case STREAM_LISTPACKS -> new StreamDecoder(in, 1).decode();
      case STREAM_LISTPACKS_2 -> new StreamDecoder(in, 2).decode();
      case STREAM_LISTPACKS_3 -> new StreamDecoder(in, 3).decode();
      case MODULE_2 -> module(whole);
    };
  }

  private List<byte[]> strings() throws IOException {
    long count = in.count();
    List<byte[]> strings = listFor(count);
    for (long left = count; left > 0; left--) {
      strings.add(in.string());
    }
    return strings;
  }

  /// A list with room for what can really come: each element takes a byte at least.
  private <T> List<T> listFor(long count) {
    return new ArrayList<>((int) Math.min(count, in.bytes().buffered()));
  }

  private List<byte[]> listpack() throws IOException {
    return Listpack.parse(in.string()).elements();
  }

  private List<byte[]> ziplistNodes() throws IOException {
    List<byte[]> elements = new ArrayList<>();
    for (long left = in.count(); left > 0; left--) {
      elements.addAll(Ziplist.elements(in.string()));
    }
    return elements;
  }

  private List<byte[]> listpackNodes() throws IOException {
    List<byte[]> elements = new ArrayList<>();
    for (long left = in.count(); left > 0; left--) {
      switch (in.tag()) {
        case NODE_PLAIN -> elements.add(in.string());
        case NODE_PACKED -> elements.addAll(listpack());
        default -> throw in.corrupt("a node of a list is neither plain nor packed");
      }
    }
    return elements;
  }

  private List<byte[]> integers() throws IOException {
    Intset set = Intset.parse(in.string());
    List<byte[]> members = new ArrayList<>(set.size());
    for (int i = 0; i < set.size(); i++) {
      members.add(DecimalText.of(set.get(i)));
    }
    return members;
  }

  private SortedSetValue sortedSet(boolean isBinary) throws IOException {
    long count = in.count();
    List<Member> members = listFor(count);
    for (long left = count; left > 0; left--) {
      byte[] member = in.string();
      double score = isBinary ? in.binaryDouble() : in.textDouble();
      if (Double.isNaN(score)) {
        throw in.corrupt("a score is not a number");
      }
      members.add(new Member(member, score));
    }
    return new SortedSetValue(members);
  }

  private SortedSetValue sortedSet(List<byte[]> elements) throws CorruptInputException {
    requirePairs(elements);
    List<Member> members = new ArrayList<>(elements.size() / 2);
    for (int i = 0; i < elements.size(); i += 2) {
      double score =
          DoubleText.parse(elements.get(i + 1))
              .orElseThrow(() -> in.corrupt("a score is not a number"));
      members.add(new Member(elements.get(i), score));
    }
    return new SortedSetValue(members);
  }

  private HashValue hash() throws IOException {
    long count = in.count();
    List<Field> fields = listFor(count);
    for (long left = count; left > 0; left--) {
      fields.add(new Field(in.string(), in.string(), -1));
    }
    return new HashValue(fields);
  }

  private HashValue hash(List<byte[]> elements) throws CorruptInputException {
    requirePairs(elements);
    List<Field> fields = new ArrayList<>(elements.size() / 2);
    for (int i = 0; i < elements.size(); i += 2) {
      fields.add(new Field(elements.get(i), elements.get(i + 1), -1));
    }
    return new HashValue(fields);
  }

  private void requirePairs(List<byte[]> elements) throws CorruptInputException {
    if (elements.size() % 2 != 0) {
      throw in.corrupt("a packed collection of pairs has an odd number of elements");
    }
  }

  private ModuleValue module(byte[] whole) throws IOException {
    long id = in.length();
    new ValueScanner(in).moduleValues();
    return new ModuleValue(moduleName(id), whole);
  }

  /// Nine characters of six bits, the first in the highest bits, above ten bits of version.
  private static String moduleName(long id) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    StringBuilder name = new StringBuilder();
    for (int shift = 58; shift >= 10; shift -= 6) {
      name.append(alphabet.charAt((int) (id >>> shift) & 0x3f));
    }
    return name.toString();
  }
}
