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
import java.util.Arrays;
import java.util.List;

/// Finds what stands twice in a collection whose elements are distinct, by their bytes.
final class DuplicateElements {

  private DuplicateElements() {}

  /// A sentence about the first element that stands twice, if one does.
  static List<String> find(RdbValue value) {
    return switch (value) {
      case StringValue _, ListValue _, StreamValue _, ArrayValue _, ModuleValue _, OpaqueValue _ ->
          List.of();
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
    };
  }

  private static List<String> find(RdbKind kind, List<byte[]> elements) {
    byte[][] sorted = elements.toArray(new byte[0][]);
    Arrays.sort(sorted, Arrays::compareUnsigned);
    for (int i = 1; i < sorted.length; i++) {
      if (Arrays.equals(sorted[i - 1], sorted[i])) {
        return List.of(sentence(kind, sorted[i]));
      }
    }
    return List.of();
  }

  /// A sentence about `element`, which stands twice in a collection of `kind`.
  static String sentence(RdbKind kind, byte[] element) {
    String what =
        switch (kind) {
          case SORTED_SET -> "a sorted set holds a member";
          case HASH -> "a hash holds a field";
          case VECTOR_SET -> "a vector set holds an element";
          case SET, STRING, LIST, STREAM, ARRAY, MODULE, OTHER -> "a set holds a member";
        };
    return what + " twice: " + KeyText.of(element);
  }
}
