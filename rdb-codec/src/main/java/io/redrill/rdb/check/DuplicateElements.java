package io.redrill.rdb.check;

import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.ArrayValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.OpaqueValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import io.redrill.rdb.RdbValue.VectorSetValue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Finds what stands twice in a collection whose elements are distinct, by their bytes.
final class DuplicateElements {

  private DuplicateElements() {}

  /// A sentence about the first element that stands twice, if one does.
  static Optional<String> find(RdbValue value) {
    return switch (value) {
      case StringValue _, ListValue _, StreamValue _, ModuleValue _, OpaqueValue _ ->
          Optional.empty();
      case SetValue set -> find(set.kind(), set.members());
      case SortedSetValue sortedSet ->
          find(
              sortedSet.kind(),
              sortedSet.members().stream().map(SortedSetValue.Member::member).toList());
      case HashValue hash ->
          find(hash.kind(), hash.fields().stream().map(HashValue.Field::field).toList());
      case VectorSetValue vectors ->
          find(
              vectors.kind(),
              vectors.vectors().stream().map(VectorSetValue.Vector::element).toList());
      case ArrayValue array ->
          find(
              array.kind(),
              array.elements().stream().map(element -> ofIndex(element.index())).toList());
    };
  }

  private static Optional<String> find(RdbKind kind, List<byte[]> elements) {
    byte[][] sorted = elements.toArray(new byte[0][]);
    Arrays.sort(sorted, Arrays::compareUnsigned);
    for (int i = 1; i < sorted.length; i++) {
      if (Arrays.equals(sorted[i - 1], sorted[i])) {
        return Optional.of(sentence(kind, sorted[i]));
      }
    }
    return Optional.empty();
  }

  /// A sentence about `element`, which stands twice in a collection of `kind`; of an array, the
  /// index as [#ofIndex] gives it.
  static String sentence(RdbKind kind, byte[] element) {
    return switch (kind) {
      case SORTED_SET -> "a sorted set holds a member twice: " + KeyText.of(element);
      case HASH -> "a hash holds a field twice: " + KeyText.of(element);
      case VECTOR_SET -> "a vector set holds an element twice: " + KeyText.of(element);
      case ARRAY -> "an array holds an index twice: " + Long.toUnsignedString(index(element));
      case SET, STRING, LIST, STREAM, MODULE, OTHER ->
          "a set holds a member twice: " + KeyText.of(element);
    };
  }

  /// Bytes that stand for an index of an array, in the order of indexes.
  static byte[] ofIndex(long index) {
    return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
  }

  private static long index(byte[] element) {
    return ByteBuffer.wrap(element).getLong();
  }
}
