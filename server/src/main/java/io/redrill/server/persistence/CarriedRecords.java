package io.redrill.server.persistence;

import io.redrill.rdb.RdbRecord;
import io.redrill.server.keyspace.FunctionLibraries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What stands in an RDB beside the keys and is written back by the next save: libraries of
/// functions, and what modules stored about themselves.
public final class CarriedRecords {

  private static final int MODULE_AUX = 247;
  private static final Pattern LIBRARY_NAME = Pattern.compile("^#!\\S+.*?\\bname=(\\S+)");

  private final FunctionLibraries functions;
  private final List<RdbRecord.Verbatim> moduleAux = new ArrayList<>();

  /// Keeps function libraries in `functions`.
  public CarriedRecords(FunctionLibraries functions) {
    this.functions = functions;
  }

  /// Keeps a library, under the name in its first line.
  void addFunctions(byte[] source) {
    String text = new String(source, StandardCharsets.UTF_8);
    Matcher name = LIBRARY_NAME.matcher(text.lines().findFirst().orElse(""));
    functions.put(name.find() ? name.group(1) : text, source);
  }

  /// Keeps a record if it is data; hints about the file it stood in are dropped.
  void add(RdbRecord.Verbatim record) {
    if (record.opcode() == MODULE_AUX) {
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
