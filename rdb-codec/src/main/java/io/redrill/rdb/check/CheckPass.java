package io.redrill.rdb.check;

import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.check.RdbCheck.Depth;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.digest.KeyDigest;
import io.redrill.rdb.spill.SpillLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// One walk through records, of a whole file or of a batch, and what it found. Walks through the
/// batches of a file are added up in file order.
final class CheckPass {

  /// More aux fields than this are not kept.
  private static final int MAX_AUX = 1000;

  private static final String BY_HASHES =
      " (by hashes of 64 bits: the value is too large to compare its bytes)";

  private final Depth depth;
  private final Optional<DuplicateKeys> duplicateKeys;
  private final KeyDigest keyDigest = new KeyDigest();
  private final Optional<SpillLimits> spill;
  private final ValueCheck values;
  private final DatasetDigest digest = new DatasetDigest();
  private final Map<String, String> aux = new TreeMap<>();
  private final Map<RdbType, long[]> entries = new EnumMap<>(RdbType.class);
  private final ExpiryOrder expiryOrder;
  private final MemberExpiries memberExpiries = new MemberExpiries();
  private final List<Finding> findings = new ArrayList<>();
  private int others;
  private long errors;

  CheckPass(RdbCheckOptions options, Optional<DuplicateKeys> duplicateKeys) {
    this.depth = options.depth();
    this.spill = options.spillOfThread();
    this.values =
        spill
            .map(limits -> new ValueCheck(keyDigest, limits.memoryBytes(), spill))
            .orElseGet(() -> new ValueCheck(keyDigest));
    this.expiryOrder = new ExpiryOrder(options.reading());
    this.duplicateKeys = duplicateKeys;
  }

  /// Walks all records that `cursor` has left, and gives the last of them.
  ///
  /// @throws FormatException if the structure is damaged
  RdbRecord run(RdbCursor cursor) throws IOException {
    while (true) {
      switch (cursor.next()) {
        case KEY -> key(cursor);
        case RECORD -> record(cursor.record(), cursor.recordOffset());
        case END -> {
          return cursor.record();
        }
      }
    }
  }

  /// Notes what the header says.
  void header(RdbHeader header) {
    if (header.isNewerThanKnown()) {
      note(
          Severity.WARNING, 0, "the RDB version " + header.version() + " is newer than known here");
    }
  }

  /// Notes what the end says.
  void end(RdbRecord.End end) {
    if (end.checksum() == RdbRecord.Checksum.UNCHECKED) {
      note(
          Severity.INFO,
          end.offset(),
          "the RDB was written without a checksum, so a changed value could not be noticed");
    }
  }

  /// Notes what all keys together say about the file.
  void doubts() {
    expiryOrder
        .doubt()
        .ifPresent(doubt -> note(Severity.WARNING, expiryOrder.firstOffset(), doubt));
    memberExpiries
        .warning()
        .ifPresent(warning -> note(Severity.WARNING, memberExpiries.firstOffset(), warning));
  }

  /// Notes the damage that ended the walk.
  void damage(FormatException e) {
    find(Severity.ERROR, e.offset(), OptionalInt.empty(), e.key(), e.problem());
  }

  /// Adds what `later` found, behind what is here.
  ///
  /// @throws FormatException if there are too many databases to tell them apart
  void plus(CheckPass later) throws FormatException {
    digest.plus(later.digest);
    expiryOrder.plus(later.expiryOrder);
    memberExpiries.plus(later.memberExpiries);
    later.aux.forEach(this::keep);
    later.entries.forEach(
        (type, count) -> entries.computeIfAbsent(type, absent -> new long[1])[0] += count[0]);
    later.findings.forEach(this::keep);
    errors += later.errors;
  }

  private void record(RdbRecord record, long offset) {
    switch (record) {
      case RdbRecord.Aux(byte[] name, byte[] value) -> {
        String field = text(name);
        if (!memberExpiries.isOfKey(field, offset)) {
          keep(field, text(value));
        }
      }
      case RdbRecord.FunctionLibrary(byte[] source) -> digest.addFunction(source);
      case RdbRecord.Verbatim verbatim ->
          verbatim.warning().ifPresent(warning -> note(Severity.WARNING, offset, warning));
      case RdbRecord.SelectDb _,
          RdbRecord.ResizeDb _,
          RdbRecord.HashTemplate _,
          RdbRecord.Entry _,
          RdbRecord.End _ -> {
        // nothing to be wrong about
      }
    }
  }

  /// Takes the key that `cursor` is at.
  ///
  /// @throws FormatException if its value is damaged so that its end is not known
  void key(RdbCursor cursor) throws IOException {
    expiryOrder.expiry(cursor.header(), cursor.expireAtMillis(), cursor.recordOffset());
    RdbType type = cursor.type();
    if (depth == Depth.STRUCTURE) {
      cursor.skipValue();
      count(cursor, type);
      return;
    }
    values.begin(cursor.key(), cursor.expireAtMillis(), type);
    List<String> problems;
    try {
      problems = problems(cursor);
    } catch (FormatException e) {
      if (!cursor.isValueDelimited()) {
        throw e;
      }
      count(cursor, type);
      find(Severity.ERROR, e.offset(), cursor, e.problem());
      return;
    } catch (UncheckedIOException e) {
      throw e.getCause(); // of temporary files
    } finally {
      values.release();
    }
    count(cursor, type);
    if (problems.isEmpty()) {
      digest.add(cursor.db(), cursor.expireAtMillis(), keyDigest);
    } else {
      problems.forEach(problem -> find(Severity.ERROR, cursor.recordOffset(), cursor, problem));
    }
    if (!keyDigest.isKey()) {
      boolean isRefused = type == RdbType.SET_INTSET || type == RdbType.HASH_ZIPMAP;
      find(
          isRefused ? Severity.ERROR : Severity.WARNING,
          cursor.recordOffset(),
          cursor,
          isRefused
              ? "a collection without elements, of a type that servers refuse empty"
              : "a collection without elements, which servers drop");
    }
    values.doubt().ifPresent(doubt -> find(Severity.WARNING, cursor.recordOffset(), cursor, doubt));
    if (spill.isEmpty()) {
      values
          .unchecked()
          .forEach(unchecked -> find(Severity.INFO, cursor.recordOffset(), cursor, unchecked));
    }
  }

  /// Looks into the value that `cursor` is at: one sentence for each rule that it breaks.
  ///
  /// @throws FormatException if it is damaged
  private List<String> problems(RdbCursor cursor) throws IOException {
    Optional<String> repeated =
        spill.isPresent() ? repeatedMember(cursor, spill.get()) : repeatedMemberInMemory(cursor);
    List<String> problems = values.end();
    repeated.ifPresent(problems::add);
    return problems;
  }

  /// Walks the value; compares members by their hashes and, where that leaves a doubt, or the value
  /// can be walked only once, by their bytes.
  private Optional<String> repeatedMember(RdbCursor cursor, SpillLimits limits) throws IOException {
    boolean isPassing = cursor.isValuePassing();
    if (!isPassing) {
      cursor.walk(values);
      if (!values.hasDuplicate() && !values.areMembersMissing()) {
        return Optional.empty();
      }
    }
    try (RepeatedMembers members = new RepeatedMembers(cursor.type().kind(), limits)) {
      if (isPassing) {
        values.leaveMembers();
        cursor.walk(ElementHandler.both(values, members));
      } else {
        cursor.walk(members);
      }
      return members.first().map(member -> DuplicateElements.sentence(keyDigest.kind(), member));
    }
  }

  /// As above, without temporary files: of as many as there is room for, and of a value that can be
  /// walked only once by hashes alone.
  private Optional<String> repeatedMemberInMemory(RdbCursor cursor) throws IOException {
    cursor.walk(values);
    if (!values.hasDuplicate()) {
      return Optional.empty();
    }
    if (cursor.isValueHeld()) {
      return DuplicateElements.find(RdbValues.decode(cursor.entry()));
    }
    String sentence = DuplicateElements.sentence(keyDigest.kind(), values.duplicate());
    return Optional.of(keyDigest.kind() == RdbKind.ARRAY ? sentence : sentence + BY_HASHES);
  }

  private void count(RdbCursor cursor, RdbType type) throws IOException {
    entries.computeIfAbsent(type, absent -> new long[1])[0]++;
    if (duplicateKeys.isPresent()) {
      duplicateKeys.get().add(cursor.db(), cursor.key(), cursor.recordOffset());
    }
  }

  /// Notes something about the key that `cursor` is at.
  private void find(Severity severity, long offset, RdbCursor cursor, String sentence) {
    find(
        severity,
        offset,
        OptionalInt.of(cursor.db()),
        Optional.of(KeyText.of(cursor.key().toByteArray())),
        sentence);
  }

  /// Notes something about the file.
  void note(Severity severity, long offset, String sentence) {
    find(severity, offset, OptionalInt.empty(), Optional.empty(), sentence);
  }

  private void find(
      Severity severity, long offset, OptionalInt db, Optional<String> key, String sentence) {
    if (severity == Severity.ERROR) {
      errors++;
    }
    keep(new Finding(severity, offset, db, key, sentence));
  }

  /// Of very many findings the first ones; half of the room is left for errors.
  private void keep(Finding finding) {
    boolean isError = finding.severity() == Severity.ERROR;
    if (findings.size() < RdbCheck.MAX_FINDINGS
        && (isError || others < RdbCheck.MAX_FINDINGS / 2)) {
      findings.add(finding);
      others += isError ? 0 : 1;
    }
  }

  /// The last of each name counts. Servers write a dozen; a hostile file may hold any number.
  private void keep(String name, String value) {
    if (aux.size() < MAX_AUX || aux.containsKey(name)) {
      aux.put(name, value);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Adds what [DuplicateKeys] found, in file order among the rest.
  void addDuplicates(DuplicateKeys keys) throws IOException {
    long[] count = new long[1];
    findings.addAll(keys.findings(RdbCheck.MAX_FINDINGS, count));
    errors += count[0];
    findings.sort(Comparator.comparingLong(Finding::offset));
    if (findings.size() > RdbCheck.MAX_FINDINGS) {
      findings.subList(RdbCheck.MAX_FINDINGS, findings.size()).clear();
    }
  }

  RdbCheckReport report(Optional<RdbHeader> header, Optional<RdbRecord.End> end) {
    return new RdbCheckReport(
        header,
        end,
        Collections.unmodifiableMap(aux),
        entriesByType(),
        digest,
        Collections.unmodifiableList(findings),
        errors);
  }

  private Map<RdbType, Long> entriesByType() {
    Map<RdbType, Long> counts = new EnumMap<>(RdbType.class);
    entries.forEach((type, count) -> counts.put(type, count[0]));
    return Collections.unmodifiableMap(counts);
  }
}
