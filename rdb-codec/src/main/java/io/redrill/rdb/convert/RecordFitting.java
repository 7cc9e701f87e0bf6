package io.redrill.rdb.convert;

import io.redrill.rdb.FormatException;
import io.redrill.rdb.ModuleName;
import io.redrill.rdb.Opcode;
import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValueEncoder;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.UnpackedEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/// Decides what becomes of a record in one target, and brings it into the form that the target
/// reads.
///
/// The type alone decides for most records; a value is walked only where its type does not tell:
/// whether a hash that may have expiring fields has one, what a stream's newer fields say.
final class RecordFitting {

  private static final int SLOT_INFO_VERSION = 12;
  private static final String MEMBER_EXPIRY_AUX = "keydb-subexpire-";
  private static final String MEMBER_EXPIRY_KEY = "keydb-subexpire-key";

  private final RdbTarget target;
  private final Set<RdbType> readTypes = EnumSet.noneOf(RdbType.class);
  private final RdbValueEncoder encoder;
  private final boolean compression;

  RecordFitting(RdbTarget target, PackingLimits limits, boolean compression) {
    this.target = target;
    this.compression = compression;
    this.encoder = new RdbValueEncoder(target.version(), compression, limits);
    for (RdbType type : RdbType.values()) {
      if (target.reads(type)) {
        readTypes.add(type);
      }
    }
  }

  RdbTarget target() {
    return target;
  }

  /// What becomes of the record that `cursor` is at; `value` gives the value of a key.
  ///
  /// @throws FormatException if a value had to be walked and is damaged
  Fit fit(RdbCursor cursor, WalkedValue value) throws IOException {
    Fit fit = withoutLookingInto(cursor, value);
    if (!cursor.isAtKey() || fit.form() != Fit.Form.ENCODED_ANEW) {
      return fit;
    }
    EnumSet<Loss> losses = losses(cursor.type(), value);
    losses.addAll(fit.losses());
    return new Fit(fit.form(), losses);
  }

  /// As the form of [#fit], for one who knows already what is lost: no value is walked.
  Fit.Form form(RdbCursor cursor, WalkedValue value) throws IOException {
    return withoutLookingInto(cursor, value).form();
  }

  private Fit withoutLookingInto(RdbCursor cursor, WalkedValue value) throws IOException {
    return cursor.isAtKey() ? key(cursor, value) : other(cursor.record());
  }

  /// What a value that is encoded anew loses.
  private EnumSet<Loss> losses(RdbType type, WalkedValue value) throws IOException {
    return switch (type.kind()) {
      case HASH -> HashFitting.losses(value.facts(), target);
      case STREAM -> StreamFitting.losses(value.facts(), target);
      case STRING, LIST, SET, SORTED_SET, MODULE, VECTOR_SET, ARRAY, OTHER -> none();
    };
  }

  private Fit other(RdbRecord record) {
    return switch (record) {
      case RdbRecord.FunctionLibrary _ ->
          target.hasFunctions() ? Fit.AS_IS : Fit.leftOut(Loss.FUNCTIONS);
      case RdbRecord.Verbatim verbatim -> verbatim(verbatim);
      case RdbRecord.Aux(byte[] name, byte[] _) -> aux(name);
      // The hashes that refer to it come complete, and no target has them in that form.
      case RdbRecord.HashTemplate _ -> Fit.SUPERFLUOUS;
      case RdbRecord.SelectDb _, RdbRecord.ResizeDb _, RdbRecord.End _, RdbRecord.Entry _ ->
          Fit.AS_IS;
    };
  }

  private static Fit aux(byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(MEMBER_EXPIRY_AUX)) {
      return Fit.AS_IS; // a server ignores the names that it does not know
    }
    return text.equals(MEMBER_EXPIRY_KEY) ? Fit.leftOut(Loss.MEMBER_EXPIRY) : Fit.SUPERFLUOUS;
  }

  private Fit verbatim(RdbRecord.Verbatim verbatim) {
    boolean isValkey = target.dialect() == RdbDialect.VALKEY;
    return switch (verbatim.opcode()) {
      case Opcode.SLOT_IMPORT_VALKEY -> isValkey ? Fit.AS_IS : Fit.leftOut(Loss.SLOT_IMPORT);
      case Opcode.SLOT_INFO ->
          !isValkey && target.version() >= SLOT_INFO_VERSION ? Fit.AS_IS : Fit.SUPERFLUOUS;
      case Opcode.UPDATE_VALKEY -> Fit.leftOut(Loss.UNKNOWN_RECORDS);
      case Opcode.FUNCTION_PRE_RELEASE -> Fit.leftOut(Loss.FUNCTIONS);
      case Opcode.ENTERPRISE_LRU, Opcode.ENTERPRISE_SLOT -> Fit.SUPERFLUOUS;
      default -> Fit.AS_IS;
    };
  }

  private Fit key(RdbCursor cursor, WalkedValue value) throws IOException {
    Fit fit = ofValue(cursor.type(), value);
    if (!cursor.hasMetadata() || target.hasKeyMetadata() || fit.form() == Fit.Form.LEFT_OUT) {
      return fit;
    }
    EnumSet<Loss> losses = none();
    losses.addAll(fit.losses());
    losses.add(Loss.KEY_METADATA);
    return new Fit(
        fit.form() == Fit.Form.AS_IS ? Fit.Form.VALUE_AS_IS : Fit.Form.ENCODED_ANEW, losses);
  }

  private Fit ofValue(RdbType type, WalkedValue value) throws IOException {
    if (type == RdbType.MODULE_2) {
      return !target.hasVectorSets() && value.moduleName().equals(ModuleName.VECTOR_SET)
          ? Fit.leftOut(Loss.VECTOR_SETS)
          : Fit.AS_IS;
    }
    if (readTypes.contains(type)) {
      return Fit.AS_IS;
    }
    return switch (type.kind()) {
      case STRING, LIST, SET, SORTED_SET, HASH, STREAM -> Fit.ENCODED_ANEW;
      case MODULE, VECTOR_SET, ARRAY, OTHER -> Fit.leftOut(Loss.UNKNOWN_TYPES);
    };
  }

  /// The key that `cursor` is at, whose fit is [Fit.Form#ENCODED_ANEW], in the form that the target
  /// reads.
  ///
  /// @throws FormatException if it is damaged
  RdbRecord.Entry encode(RdbCursor cursor) throws IOException {
    RdbValue kept =
        switch (RdbValues.decode(cursor.entry())) {
          case HashValue hash -> HashFitting.fitted(hash, target);
          case StreamValue stream -> StreamFitting.fitted(stream, target);
          case RdbValue other -> other;
        };
    RdbValueEncoder.Encoded encoded = encoder.encode(kept);
    return entry(cursor, encoded.type(), encoded.value());
  }

  /// The key that `cursor` is at, with what the target takes of what is said about it, and `value`.
  RdbRecord.Entry entry(RdbCursor cursor, RdbType type, byte[] value) {
    RdbRecord.Entry entry = cursor.entry(type, value);
    return target.hasKeyMetadata() || !cursor.hasMetadata()
        ? entry
        : new RdbRecord.Entry(
            entry.db(),
            entry.key(),
            entry.expireAtMillis(),
            entry.idleSeconds(),
            entry.frequency(),
            type,
            value);
  }

  /// As [#encode], of the elements of a collection, by walking them.
  UnpackedEncoder unpacked(UnpackedEncoder.Walk walk, RdbKind kind) throws IOException {
    return UnpackedEncoder.of(
        handler -> walk.walk(new HashFitting.Elements(handler, target)),
        kind,
        target.version(),
        compression);
  }

  /// As [#encode], of what a stream says behind its nodes.
  RdbValueEncoder.Encoded encodeTail(StreamValue stream) throws IOException {
    return encoder.encodeTail(StreamFitting.fitted(stream, target));
  }

  /// Losses as a set that nothing is in.
  static EnumSet<Loss> none() {
    return EnumSet.noneOf(Loss.class);
  }
}
