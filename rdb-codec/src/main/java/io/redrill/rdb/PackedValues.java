package io.redrill.rdb;

import io.redrill.rdb.encoding.Intset;
import io.redrill.rdb.encoding.Listpack;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Stored values whose elements lie in packed encodings, taken and given as those encodings' bytes
/// and not element by element.
///
/// What is taken has been walked to its end, so that a view of it never leaves its bytes. That the
/// elements make sense together (pairs, scores, no duplicates) is for the caller to see.
public final class PackedValues {

  private static final int NODE_PLAIN = 1;
  private static final int NODE_PACKED = 2;

  private PackedValues() {}

  /// Takes the listpack that is all of `value`, as in a hash, a set or a sorted set of the listpack
  /// types.
  ///
  /// @throws CorruptInputException if it is damaged
  public static Listpack listpack(byte[] value) throws FormatException {
    return whole(value, in -> Listpack.parse(in.string()));
  }

  /// Takes the intset that is all of `value`.
  ///
  /// @throws CorruptInputException if it is damaged
  public static Intset intset(byte[] value) throws FormatException {
    return whole(value, in -> Intset.parse(in.string()));
  }

  /// Takes the nodes of a list of type [RdbType#LIST_QUICKLIST_2]. A node that is one plain element
  /// comes as a listpack of that element.
  ///
  /// @throws CorruptInputException if it is damaged
  public static List<Listpack> nodes(byte[] value) throws FormatException {
    return whole(
        value,
        in -> {
          List<Listpack> nodes = new ArrayList<>();
          for (long left = in.count(); left > 0; left--) {
            switch (in.tag()) {
              case NODE_PLAIN -> nodes.add(Listpack.of(List.of(in.string())));
              case NODE_PACKED -> nodes.add(Listpack.parse(in.string()));
              default -> throw in.corrupt("a node of a list is neither plain nor packed");
            }
          }
          return nodes;
        });
  }

  /// The value that holds `packed`, the bytes of a listpack, an intset or a string; the opposite of
  /// [#listpack(byte[])] and [#intset(byte[])].
  public static byte[] store(byte[] packed, boolean compression) {
    RdbOutput out = new RdbOutput(compression, packed.length + 5);
    out.putString(packed);
    return out.toByteArray();
  }

  /// The value of type [RdbType#LIST_QUICKLIST_2] that holds `listpacks` as its nodes.
  public static byte[] storeNodes(List<byte[]> listpacks, boolean compression) {
    RdbOutput out = new RdbOutput(compression);
    out.putLength(listpacks.size());
    for (byte[] listpack : listpacks) {
      out.putLength(NODE_PACKED);
      out.putString(listpack);
    }
    return out.toByteArray();
  }

  /// Takes something out of a value of which it must be all.
  @FunctionalInterface
  interface Parser<T> {
    T parse(RdbInput in) throws IOException;
  }

  static <T> T whole(byte[] value, Parser<T> parser) throws FormatException {
    return beginning(
        value,
        in -> {
          T parsed = parser.parse(in);
          if (!in.bytes().atEnd()) {
            throw in.corrupt("bytes are left over after a value");
          }
          return parsed;
        });
  }

  /// As [#whole], where more may follow.
  static <T> T beginning(byte[] value, Parser<T> parser) throws FormatException {
    ByteInput bytes = ByteInput.of(value, "value");
    try {
      return parser.parse(new RdbInput(bytes));
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
}
