package io.redrill.rdb.salvage;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbFragment;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads record after record from any offset of a damaged file, walks each value to its last
/// element, and holds it to the rules that servers load by.
///
/// A value that is larger than may be held is passed over by its lengths, and a record that reaches
/// further than it may fails before that is read.
final class RecordWalk {

  private static final int END_OPCODE = 0xff;
  private static final int CHECKSUM_BYTES = 8;

  /// What beginning a walk costs, about.
  private static final int LOOKS_PER_WALK = 200;

  /// What the next bytes are.
  enum Step {
    /// A key whose value is whole, as far as was looked.
    KEY,
    /// A key whose value is not, though its end is known.
    DAMAGED_VALUE,
    /// A key whose end is known, and whose field names stood in a template that is lost.
    LOST_TEMPLATE,
    /// Another record.
    OTHER,
    /// The end of the RDB; what its checksum says is left to the caller.
    END,
    /// Nothing that can be read: bytes are missing or make no sense.
    FAILED
  }

  /// The beginning of a key of whose value the end was not found.
  ///
  /// @param leadsTo about where its value ends, as far as its lengths and counts tell
  /// @param leadsOut whether these lead out of the file: it was cut, or one of them is damaged
  record Head(long start, long leadsTo, boolean leadsOut) {}

  private final DamagedFile damaged;
  private final FileBytes file;
  private final RdbHeader header;
  private final Lengths lengths;
  private final ValueLengths valueLengths;
  private final LostTemplates lostTemplates;
  private final RecordSource.Reach reach;
  private final int bufferBytes;
  private final ValueLook look;
  private RecordSource source;
  private ByteInput in;
  private RdbCursor cursor;
  private final Map<Long, RdbRecord.HashTemplate> own = new HashMap<>();
  private long start;
  private Optional<Head> head = Optional.empty();
  private boolean isLookedInto;
  private Optional<LostTemplates.Guess> guess = Optional.empty();
  private Optional<RdbRecord> record = Optional.empty();
  private String problem = "";

  private RecordWalk(DamagedFile damaged, long offset, int db, int bufferBytes) {
    this.damaged = damaged;
    this.file = damaged.bytes();
    this.header = damaged.header();
    this.lengths = new Lengths(file);
    this.valueLengths = new ValueLengths(file);
    this.lostTemplates = new LostTemplates(damaged, damaged.templates().lost().copy());
    this.reach = damaged.reach();
    this.bufferBytes = bufferBytes;
    this.look = new ValueLook(reach.valueBytes());
    this.source = new RecordSource(file, reach, offset);
    this.in = input(offset);
    this.cursor = cursor(db, damaged.templates().byId());
  }

  /// Begins at the record that may stand at `offset`, with database `db` selected.
  static RecordWalk from(DamagedFile damaged, long offset, int db, int bufferBytes) {
    return new RecordWalk(damaged, offset, db, bufferBytes);
  }

  private ByteInput input(long offset) {
    ByteInput input = new ByteInput(source, "file", bufferBytes);
    input.renumber(offset);
    return input;
  }

  private RdbCursor cursor(int db, Map<Long, RdbRecord.HashTemplate> known) {
    file.charge(LOOKS_PER_WALK + known.size()); // they are copied
    return RdbFragment.cursor(in, header, db, known);
  }

  /// Reads on. After [Step#END] and [Step#FAILED] there is no more to read.
  ///
  /// @throws IOException if the file cannot be read; damage is a step instead
  Step next() throws IOException {
    start = in.offset();
    source.beginRecord(start);
    record = Optional.empty();
    head = Optional.empty();
    guess = Optional.empty();
    RecordSource read = source;
    try {
      return switch (cursor.next()) {
        case KEY -> key();
        // No end was read, as one is refused; the file has none.
        case END -> {
          problem = "the mark of the end is missing";
          yield Step.FAILED;
        }
        case RECORD -> {
          record = Optional.of(cursor.record());
          if (cursor.record() instanceof RdbRecord.HashTemplate template) {
            own.putIfAbsent(template.id(), template);
          }
          yield Step.OTHER;
        }
      };
    } catch (FormatException e) {
      if (file.peek(cursor.recordOffset()) == END_OPCODE && in.offset() > cursor.recordOffset()) {
        return Step.END;
      }
      problem = e.problem();
      return Step.FAILED;
    } catch (RecordSource.RecordTooLargeException e) {
      problem = "a record claims to be larger than anything that may be read here";
      return Step.FAILED;
    } finally {
      read.endRecord(start);
    }
  }

  private Step key() throws IOException {
    long valueAt = cursor.valueOffset();
    record = Optional.of(entry(valueAt));
    if (cursor.type() == RdbType.HASH_TEMPLATE_ARRAY_REF && lacksTemplate(valueAt)) {
      return withoutTemplate(valueAt);
    }
    long end = valueLengths.end(cursor.type(), valueAt);
    if (end == Lengths.NOWHERE || end > file.size()) {
      boolean leadsOut = end > file.size() || valueLengths.leadsOut();
      head = Optional.of(new Head(start, valueLengths.leadsTo(), leadsOut));
      problem =
          ofKey(
              leadsOut
                  ? "its value leads out of the file: the file was cut, or a length is damaged"
                  : "the lengths inside of its value make no sense");
      return Step.FAILED;
    }
    if (Math.max(end - valueAt, lengths.plainBytes(valueAt)) > reach.valueBytes()) {
      isLookedInto = false;
      goOnAt(end);
      return Step.KEY;
    }
    isLookedInto = true;
    file.charge(valueLengths.plainBytes());
    if (cursor.type() == RdbType.HASH_TEMPLATE_LISTPACK_REF
        || cursor.type() == RdbType.HASH_TEMPLATE_ARRAY_REF) {
      return reference();
    }
    source.beginValue(valueAt);
    isLookedInto = look.keep(in, cursor);
    return isLookedInto ? step(look.problemOfKept(cursor)) : Step.KEY;
  }

  private Step step(Optional<String> found) {
    found.ifPresent(each -> problem = each);
    return found.isPresent() ? Step.DAMAGED_VALUE : Step.KEY;
  }

  /// Whether the template of a plain hash is lost, in a file that can have one: in others a blank
  /// inside of a text reads as the type of such a hash.
  private boolean lacksTemplate(long valueAt) throws IOException {
    long id = lostTemplates.template(valueAt);
    return header.version() >= cursor.type().minimumVersion()
        && id >= 0
        && !own.containsKey(id)
        && !damaged.templates().byId().containsKey(id);
  }

  /// A plain hash whose field names are lost, and with them how many values it has.
  private Step withoutTemplate(long valueAt) throws IOException {
    OptionalLong end = lostTemplates.end(valueAt);
    problem =
        "its field names are lost: field template %d, that it refers to, stands nowhere before it"
            .formatted(lostTemplates.template(valueAt));
    if (end.isEmpty()) {
      problem = ofKey(problem + ", and nothing shows where it ends");
      return Step.FAILED;
    }
    isLookedInto = true;
    guess = lostTemplates.guess();
    source.beginValue(valueAt);
    in.skip(end.getAsLong() - in.offset());
    cursor = cursor(cursor.db(), known());
    return Step.LOST_TEMPLATE;
  }

  /// How many fields the lost template has that the key read last refers to, if its end is the
  /// first that was found of a key that does.
  Optional<LostTemplates.Guess> guess() {
    return guess;
  }

  /// A hash whose field names are the cursor's.
  private Step reference() throws IOException {
    if (RdbFragment.lacksTemplate(cursor)) {
      problem = "its field names are lost: the template that it refers to stands nowhere before it";
      return Step.LOST_TEMPLATE;
    }
    Step step = step(look.problemOfNext(cursor));
    if (step == Step.DAMAGED_VALUE && !cursor.isValueDelimited()) {
      problem = ofKey(problem);
      return Step.FAILED;
    }
    return step;
  }

  private String ofKey(String said) {
    return "key " + KeyText.of(cursor.key().toByteArray()) + ": " + said;
  }

  /// The key, with so much of its value as tells its form: the first byte.
  private RdbRecord.Entry entry(long valueAt) throws IOException {
    return new RdbRecord.Entry(
        cursor.db(),
        cursor.key().toByteArray(),
        cursor.expireAtMillis(),
        cursor.idleSeconds(),
        cursor.frequency(),
        cursor.type(),
        new byte[] {(byte) file.peek(valueAt)});
  }

  /// Leaves the bytes up to `offset` unread.
  private void goOnAt(long offset) throws IOException {
    source = new RecordSource(file, reach, offset);
    in = input(offset);
    cursor = cursor(cursor.db(), known());
  }

  private Map<Long, RdbRecord.HashTemplate> known() {
    Map<Long, RdbRecord.HashTemplate> known = new HashMap<>(damaged.templates().byId());
    own.forEach(known::putIfAbsent);
    return known;
  }

  /// Whether the value of the key read last was walked, and not too large for that.
  boolean isLookedInto() {
    return isLookedInto;
  }

  /// The offset of the first byte of the step read last, what stands before a key included.
  long start() {
    return start;
  }

  /// The offset after the step read last.
  long end() throws IOException {
    return in.offset();
  }

  /// Whether the end that was read is where the file ends.
  boolean isEndOfFile() {
    long end = cursor.recordOffset() + 1 + (header.hasChecksum() ? CHECKSUM_BYTES : 0);
    return end == file.size();
  }

  /// The record read last, unless reading failed; of a value the first byte only.
  Optional<RdbRecord> record() {
    return record;
  }

  /// The beginning of the key at which reading failed, if it failed behind one.
  Optional<Head> head() {
    return record
        .filter(RdbRecord.Entry.class::isInstance)
        .map(_ -> head.orElseGet(() -> new Head(start, in.offset(), source.ranOut())));
  }

  /// Why the last step failed or does not decode.
  String problem() {
    return problem;
  }
}
