package io.redrill.server.testing;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What an RDB file holds, as text that does not depend on encodings or order: for comparing files.
///
/// @param version the RDB version of the file
/// @param keys `db/key` to expiry and value
/// @param others function libraries and module aux fields
public record RdbContents(int version, Map<String, String> keys, List<String> others) {

  /// Reads all of `file`.
  public static RdbContents of(Path file) throws IOException {
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      RdbReader reader = new RdbReader(in);
      Map<String, String> keys = new TreeMap<>();
      List<String> others = new ArrayList<>();
      while (true) {
        switch (reader.next()) {
          case RdbRecord.Entry entry ->
              keys.put(
                  entry.db() + "/" + text(entry.key()),
                  entry.expireAtMillis() + " " + describe(RdbValues.decode(entry)));
          case RdbRecord.FunctionLibrary(byte[] source) -> others.add("function " + text(source));
          case RdbRecord.Verbatim(int opcode, byte[] payload) -> {
            if (opcode == 247) {
              others.add("module aux " + hex(payload));
            }
          }
          case RdbRecord.Aux _,
              RdbRecord.SelectDb _,
              RdbRecord.ResizeDb _,
              RdbRecord.HashTemplate _ -> {}
          case RdbRecord.End _ -> {
            others.sort(null);
            return new RdbContents(reader.header().version(), keys, others);
          }
        }
      }
    }
  }

  private static String describe(RdbValue value) {
    return switch (value) {
      case RdbValue.StringValue string -> "string " + hex(string.bytes());
      case RdbValue.ListValue list ->
          "list " + list.elements().stream().map(RdbContents::hex).toList();
      case RdbValue.SetValue set ->
          "set " + set.members().stream().map(RdbContents::hex).sorted().toList();
      case RdbValue.SortedSetValue sortedSet ->
          "zset "
              + sortedSet.members().stream()
                  .map(one -> hex(one.member()) + "=" + one.score())
                  .sorted()
                  .toList();
      case RdbValue.HashValue hash ->
          "hash "
              + hash.fields().stream()
                  .map(
                      one -> hex(one.field()) + "=" + hex(one.value()) + "@" + one.expireAtMillis())
                  .sorted()
                  .toList();
      case RdbValue.StreamValue stream -> "stream " + describe(stream);
      case RdbValue.ModuleValue module -> "module " + module.moduleName() + hex(module.payload());
      case RdbValue.VectorSetValue vectors -> "vectorset " + hex(vectors.payload());
      case RdbValue.OpaqueValue opaque -> opaque.typeName() + hex(opaque.payload());
      case RdbValue.ArrayValue array -> "array " + array;
    };
  }

  private static String describe(RdbValue.StreamValue stream) {
    StringBuilder text = new StringBuilder();
    text.append(stream.length()).append(' ').append(stream.lastId()).append(stream.firstId());
    text.append(stream.maxDeletedId()).append(stream.entriesAdded());
    stream
        .entries()
        .forEach(entry ->
            text.append(entry.id())
                .append(entry.fieldsAndValues().stream().map(RdbContents::hex).toList()));
    for (RdbValue.StreamValue.Group group : stream.groups()) {
      text.append(hex(group.name())).append(group.lastDeliveredId()).append(group.entriesRead());
      text.append(group.pending());
      group
          .consumers()
          .forEach(one ->
              text.append(hex(one.name()))
                  .append(one.seenAtMillis())
                  .append('/')
                  .append(one.activeAtMillis())
                  .append(one.pending()));
    }
    return text.toString();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
