package io.redrill.backup.source;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The fields about the file at the beginning of an RDB.
final class RdbAux {

  private final Map<String, String> fields = new HashMap<>();

  /// Notes a field.
  void add(RdbRecord.Aux aux) {
    fields.put(text(aux.name()), text(aux.value()));
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  Optional<Long> number(String name) {
    try {
      return text(name).map(Long::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// The database that is selected in the replication stream behind the RDB; 0 unless it says it.
  int streamDb() {
    return number("repl-stream-db")
        .filter(db -> db >= 0 && db <= Integer.MAX_VALUE)
        .map(Long::intValue)
        .orElse(0);
  }

  /// The fields in front of the keys of the RDB that `in` begins with.
  static RdbAux first(ByteInput in) throws IOException {
    RdbAux aux = new RdbAux();
    RdbReader reader = new RdbReader(in);
    for (RdbRecord record = reader.next();
        record instanceof RdbRecord.Aux field;
        record = reader.next()) {
      aux.add(field);
    }
    return aux;
  }

  /// When the RDB in `file` was begun, in whole seconds; empty if it is no RDB or does not say it.
  static Optional<Instant> created(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      return first(in).number("ctime").map(Instant::ofEpochSecond);
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
