package io.redrill.rdb;

import java.io.IOException;
import java.util.Map;

/// Reads the records of an RDB that are no keys and say nothing about the next one ([KeyPrefix]),
/// up to its end.
final class OtherRecords {

  private final RdbInput in;
  private final ValueScanner values;
  private final ErrorContext errors;
  private final Map<Long, RdbRecord.HashTemplate> templates;
  private final boolean isPart;
  private long templateRoom = HashTemplates.roomBytes();

  /// Reads from `in`, and adds to `templates` those that come.
  ///
  /// @param isPart whether this is a part of an RDB, of whose templates one may be known already
  OtherRecords(
      RdbInput in,
      ValueScanner values,
      ErrorContext errors,
      Map<Long, RdbRecord.HashTemplate> templates,
      boolean isPart) {
    this.in = in;
    this.values = values;
    this.errors = errors;
    this.templates = templates;
    this.isPart = isPart;
  }

  /// Reads what follows the opcode `code`, which stands at `offset`.
  ///
  /// @throws TooNewException if the opcode is unknown
  RdbRecord read(int code, long offset, RdbDialect dialect) throws IOException {
    return switch (code) {
      case Opcode.AUX -> {
        errors.reading("an aux field");
        yield new RdbRecord.Aux(in.string(), in.string());
      }
      case Opcode.SELECT_DB -> {
        errors.reading("a database number");
        long number = in.count();
        if (number > Integer.MAX_VALUE) {
          throw in.corrupt("a database number is impossibly large");
        }
        yield new RdbRecord.SelectDb((int) number);
      }
      case Opcode.RESIZE_DB -> {
        errors.reading("a database size");
        yield new RdbRecord.ResizeDb(in.length(), in.length());
      }
      case Opcode.FUNCTION_2 -> {
        errors.reading("a function library");
        yield new RdbRecord.FunctionLibrary(in.string());
      }
      default ->
          code == Opcode.HASH_TEMPLATE && dialect == RdbDialect.REDIS
              ? template()
              : verbatim(code, offset, dialect);
    };
  }

  private RdbRecord template() throws IOException {
    errors.reading("a field template");
    RdbRecord.HashTemplate template = HashTemplates.read(in, templateRoom);
    templateRoom -= HashTemplates.memoryBytes(template);
    // A part that begins with a template has been told of it already.
    if (templates.putIfAbsent(template.id(), template) != null && !isPart) {
      throw in.corrupt(
          "the field template " + Long.toUnsignedString(template.id()) + " is there twice");
    }
    return template;
  }

  private RdbRecord verbatim(int code, long offset, RdbDialect dialect) throws IOException {
    ByteInput bytes = in.bytes();
    errors.reading(VerbatimRecords.words(code, dialect, bytes, offset));
    bytes.hold();
    VerbatimRecords.skip(code, in, values);
    ByteSlice payload = new ByteSlice();
    bytes.held(payload);
    bytes.release();
    return new RdbRecord.Verbatim(code, payload.toByteArray());
  }
}
