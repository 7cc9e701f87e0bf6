package io.redrill.rdb.convert;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.FunctionSource;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.ModuleName;
import io.redrill.rdb.Opcode;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// What a record is called that is no key and can stand in several files: function libraries, and
/// modules' aux fields.
final class RecordName {

  private RecordName() {}

  /// What a record is called that can stand in several files and is no key.
  static Optional<String> of(RdbRecord record) throws IOException {
    return switch (record) {
      case RdbRecord.FunctionLibrary(byte[] source) ->
          Optional.of("function library " + libraryName(source));
      case RdbRecord.Verbatim verbatim when verbatim.opcode() == Opcode.MODULE_AUX ->
          Optional.of(
              "aux field of the module %s (%s)"
                  .formatted(
                      ModuleName.of(ByteSlice.of(verbatim.payload())), place(verbatim.payload())));
      default -> Optional.empty();
    };
  }

  /// A module may have one aux field in front of the keys (1) and one after them (2): which this is
  /// stands behind the nine bytes of the module's id and a tag.
  private static String place(byte[] payload) {
    int at = 10;
    return payload.length > at && payload[at] == 1 ? "before the keys" : "after the keys";
  }

  /// What stands under the name.
  static byte[] content(RdbRecord record) {
    return switch (record) {
      case RdbRecord.FunctionLibrary(byte[] source) -> source;
      case RdbRecord.Verbatim verbatim -> verbatim.payload();
      default -> throw new IllegalArgumentException("this has no name");
    };
  }

  /// The name of a library, or its first line where there is none.
  private static String libraryName(byte[] source) {
    return FunctionSource.libraryName(source)
        .orElseGet(() -> {
          int end = 0;
          while (end < source.length && source[end] != '\n') {
            end++;
          }
          return KeyText.of(Arrays.copyOf(source, end));
        });
  }
}
