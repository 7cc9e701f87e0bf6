package io.redrill.server.persistence;

import io.redrill.rdb.FunctionSource;
import io.redrill.rdb.Opcode;
import io.redrill.rdb.RdbRecord;
import io.redrill.server.keyspace.FunctionLibraries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What stands in an RDB beside the keys and is written back by the next save: libraries of
/// functions, and what modules stored about themselves.
public final class CarriedRecords {

  private final FunctionLibraries functions;
  private final List<RdbRecord.Verbatim> moduleAux = new ArrayList<>();

  /// Keeps function libraries in `functions`.
  public CarriedRecords(FunctionLibraries functions) {
    this.functions = functions;
  }

  /// Keeps a library, under the name in its first line.
  void addFunctions(byte[] source) {
    String name =
        FunctionSource.libraryName(source)
            .orElseGet(() -> new String(source, StandardCharsets.UTF_8));
    functions.put(name, source);
  }

  /// Keeps a record if it is data; hints about the file it stood in are dropped.
  void add(RdbRecord.Verbatim record) {
    if (record.opcode() == Opcode.MODULE_AUX) {
      moduleAux.add(record);
    }
  }

  /// Forgets everything.
  void clear() {
    functions.clear();
    moduleAux.clear();
  }

  /// All records, in the order in which servers write them.
  List<RdbRecord> records() {
    List<RdbRecord> records = new ArrayList<>(moduleAux);
    functions.sources().forEach(source -> records.add(new RdbRecord.FunctionLibrary(source)));
    return Collections.unmodifiableList(records);
  }
}
