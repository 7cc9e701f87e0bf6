package io.redrill.rdb;

import io.redrill.rdb.RdbValue.ArrayValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.OpaqueValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.SortedSetValue.Member;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValue.VectorSetValue;
import io.redrill.rdb.encoding.DecimalText;
import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.Listpack;
import io.redrill.rdb.encoding.ListpackBuilder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Chooses how a value is stored in a given RDB version, and stores it: small collections packed,
/// large ones element by element, as a server of that version would.
///
/// Instances hold no state between calls, and may be shared by threads.
public final class RdbValueEncoder {

  private static final int NODE_PLAIN = 1;
  private static final int NODE_PACKED = 2;
  private static final int LISTPACKS = 10;
  private static final int SET_LISTPACKS = 11;

  /// The order in which servers keep a packed sorted set.
  private static final Comparator<Member> BY_SCORE =
      Comparator.comparingDouble(Member::score)
          .thenComparing(Member::member, Arrays::compareUnsigned);

  private final int version;
  private final boolean compression;
  private final PackingLimits limits;

  /// Encodes for RDB version `version`; `compression` packs long strings with LZF.
  public RdbValueEncoder(int version, boolean compression, PackingLimits limits) {
    this.version = version;
    this.compression = compression;
    this.limits = limits;
  }

  /// Encodes for RDB version `version` as a server with default settings would.
  public RdbValueEncoder(int version) {
    this(version, true, PackingLimits.DEFAULT);
  }

  /// A stored value.
  ///
  /// @param value the bytes after the key, without the type byte
  public record Encoded(RdbType type, byte[] value) {}

  /// Encodes `value`.
  ///
  /// @throws TargetTooOldException if the version cannot hold it without loss
  public Encoded encode(RdbValue value) throws TargetTooOldException {
    RdbOutput out = new RdbOutput(compression);
    RdbType type =
        switch (value) {
          case StringValue string -> string(string, out);
          case ListValue list -> list(list, out);
          case SetValue set -> set(set, out);
          case SortedSetValue sortedSet -> sortedSet(sortedSet, out);
          case HashValue hash -> hash(hash, out);
          case StreamValue stream -> new StreamEncoder(version, limits, out).encode(stream);
          case ArrayValue array -> array(array, out);
          case ModuleValue module -> module(module, out);
          case OpaqueValue opaque -> {
            out.putBytes(opaque.payload());
            yield RdbType.valueOf(opaque.typeName());
          }
          case VectorSetValue vectors -> {
            out.putBytes(vectors.payload());
            yield RdbType.MODULE_2;
          }
        };
    return new Encoded(type, out.toByteArray());
  }

  /// As [#encode], of what follows the nodes of `stream` alone: the nodes are the same in all
  /// types.
  public Encoded encodeTail(StreamValue stream) throws TargetTooOldException {
    RdbOutput out = new RdbOutput(compression);
    RdbType type = new StreamEncoder(version, limits, out).encodeTail(stream);
    return new Encoded(type, out.toByteArray());
  }

  private static RdbType string(StringValue value, RdbOutput out) {
    out.putString(value.bytes());
    return RdbType.STRING;
  }

  private static RdbType module(ModuleValue value, RdbOutput out) {
    out.putBytes(value.payload());
    return RdbType.MODULE_2;
  }

  private RdbType array(ArrayValue value, RdbOutput out) throws TargetTooOldException {
    if (!RdbVersions.holds(version, RdbType.ARRAY)) {
      throw new TargetTooOldException("an array", version);
    }
    out.putLength(value.elements().size());
    out.putLength(value.insertIndex().isPresent() ? 1 : 0);
    value.insertIndex().ifPresent(out::putLength);
    for (ArrayValue.Element element : value.elements()) {
      out.putLength(element.index());
      switch (element) {
        case ArrayValue.Text(long _, byte[] text) -> {
          out.putLength(ValueScanner.ARRAY_STRING);
          out.putString(text);
        }
        case ArrayValue.Whole(long _, long number) -> {
          out.putLength(ValueScanner.ARRAY_INTEGER);
          out.putLongLittleEndian(number);
        }
        case ArrayValue.Fraction(long _, double number) -> {
          out.putLength(ValueScanner.ARRAY_DOUBLE);
          out.putDouble(number);
        }
      }
    }
    return RdbType.ARRAY;
  }

  private RdbType list(ListValue value, RdbOutput out) {
    if (version < LISTPACKS) {
      strings(value.elements(), out);
      return RdbType.LIST;
    }
    RdbOutput nodes = new RdbOutput(compression);
    int count = 0;
    ListpackBuilder node = new ListpackBuilder();
    for (byte[] element : value.elements()) {
      boolean isLarge = element.length > limits.listNodeBytes();
      if (node.size() > 0
          && (isLarge || node.sizeBytes() + element.length > limits.listNodeBytes())) {
        count += putNode(node, nodes);
        node = new ListpackBuilder();
      }
      if (isLarge) {
        nodes.putLength(NODE_PLAIN);
        nodes.putString(element);
        count++;
      } else {
        node.add(element);
      }
    }
    count += putNode(node, nodes);
    out.putLength(count);
    out.putBytes(nodes.toByteArray());
    return RdbType.LIST_QUICKLIST_2;
  }

  private static int putNode(ListpackBuilder node, RdbOutput nodes) {
    if (node.size() == 0) {
      return 0;
    }
    nodes.putLength(NODE_PACKED);
    nodes.putString(node.build().bytes());
    return 1;
  }

  private RdbType set(SetValue value, RdbOutput out) {
    List<byte[]> members = value.members();
    if (!members.isEmpty()
        && members.size() <= limits.intsetEntries()
        && members.stream().allMatch(DecimalText::isLong)) {
      long[] integers = members.stream().mapToLong(DecimalText::parse).sorted().toArray();
      out.putString(Intset.of(integers).bytes());
      return RdbType.SET_INTSET;
    }
    if (version >= SET_LISTPACKS
        && members.size() <= limits.setEntries()
        && members.stream().allMatch(member -> member.length <= limits.setValueBytes())) {
      out.putString(Listpack.of(members).bytes());
      return RdbType.SET_LISTPACK;
    }
    strings(members, out);
    return RdbType.SET;
  }

  private RdbType sortedSet(SortedSetValue value, RdbOutput out) {
    List<Member> members = value.members();
    if (version >= LISTPACKS
        && members.size() <= limits.sortedSetEntries()
        && members.stream()
            .allMatch(member -> member.member().length <= limits.sortedSetValueBytes())) {
      ListpackBuilder builder = new ListpackBuilder();
      for (Member member : members.stream().sorted(BY_SCORE).toList()) {
        builder.add(member.member()).add(DoubleText.of(member.score()));
      }
      out.putString(builder.build().bytes());
      return RdbType.ZSET_LISTPACK;
    }
    // The highest score comes first, so that a server which loads it inserts at the front only.
    out.putLength(members.size());
    for (Member member : members.stream().sorted(BY_SCORE.reversed()).toList()) {
      out.putString(member.member());
      out.putDouble(member.score());
    }
    return RdbType.ZSET_2;
  }

  private RdbType hash(HashValue value, RdbOutput out) throws TargetTooOldException {
    boolean isSmall =
        value.fields().size() <= limits.hashEntries()
            && value.fields().stream()
                .allMatch(field ->
                    field.field().length <= limits.hashValueBytes()
                        && field.value().length <= limits.hashValueBytes());
    if (RdbVersions.hasFieldExpiry(value)) {
      return ExpiringHash.encode(value, version, isSmall, out);
    }
    if (version >= LISTPACKS && isSmall) {
      ListpackBuilder builder = new ListpackBuilder();
      for (HashValue.Field field : value.fields()) {
        builder.add(field.field()).add(field.value());
      }
      out.putString(builder.build().bytes());
      return RdbType.HASH_LISTPACK;
    }
    out.putLength(value.fields().size());
    for (HashValue.Field field : value.fields()) {
      out.putString(field.field());
      out.putString(field.value());
    }
    return RdbType.HASH;
  }

  private static void strings(List<byte[]> strings, RdbOutput out) {
    out.putLength(strings.size());
    strings.forEach(out::putString);
  }
}
