package io.redrill.rdb.check;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.digest.KeyDigest;
import io.redrill.rdb.spill.SpillLimits;
import java.io.IOException;
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

/// Reads an RDB once and finds what is wrong with it: its structure, its checksum, and every packed
/// encoding inside to the last element, by the rules that servers load by.
///
/// A damaged value does not end the check, as its end is known; damage to the structure does. The
/// same pass counts and fingerprints, so that nobody needs to read twice. Memory: one value, and a
/// bounded number of findings. That a key does not occur twice is checked only where a limit for
/// the keys is given, as they are kept for it.
public final class RdbCheck {

  /// More findings than this are counted and not kept.
  public static final int MAX_FINDINGS = 1000;

  /// How deep a check looks.
  public enum Depth {
    /// The records and the checksum; values are passed over, and there is no digest.
    STRUCTURE,
    /// ... and every value, to its last element.
    ELEMENTS
  }

  private final RdbCursor cursor;
  private final Depth depth;
  private final KeyDigest keyDigest = new KeyDigest();
  private final ValueCheck values = new ValueCheck(keyDigest);
  private final DatasetDigest digest = new DatasetDigest();
  private final Map<String, String> aux = new TreeMap<>();
  private final Map<RdbType, long[]> entries = new EnumMap<>(RdbType.class);
  private final List<Finding> findings = new ArrayList<>();
  private Optional<DuplicateKeys> duplicateKeys = Optional.empty();
  private Optional<RdbHeader> header = Optional.empty();
  private Optional<RdbRecord.End> end = Optional.empty();
  private long errors;

  private RdbCheck(ByteInput in, Depth depth) {
    this.cursor = new RdbCursor(in);
    this.depth = depth;
  }

  /// As [#checkFile(ByteInput, Depth)], and finds keys that stand twice in a database.
  ///
  /// @param limits how much memory the keys may take, and where temporary files go beyond it; they
  ///   are gone when this returns
  /// @throws IOException if reading fails, or the temporary files
  public static RdbCheckReport checkFile(ByteInput in, Depth depth, SpillLimits limits)
      throws IOException {
    try (DuplicateKeys keys = new DuplicateKeys(limits)) {
      RdbCheck check = new RdbCheck(in, depth);
      check.duplicateKeys = Optional.of(keys);
      check.runFile(in);
      check.findDuplicates(keys);
      return check.report();
    }
  }

  /// Checks the RDB that begins with the next byte of `in`, and takes exactly its bytes. Blocks
  /// until the end is reached or cannot be.
  ///
  /// @throws IOException if reading fails; what is wrong with the bytes is in the report instead
  public static RdbCheckReport check(ByteInput in) throws IOException {
    RdbCheck check = new RdbCheck(in, Depth.ELEMENTS);
    check.run();
    return check.report();
  }

  /// As [#check], for an input that should end with the RDB: bytes after it are a finding.
  ///
  /// @throws IOException if reading fails
  public static RdbCheckReport checkFile(ByteInput in) throws IOException {
    return checkFile(in, Depth.ELEMENTS);
  }

  /// As above, and not deeper than `depth`.
  ///
  /// @throws IOException if reading fails
  public static RdbCheckReport checkFile(ByteInput in, Depth depth) throws IOException {
    RdbCheck check = new RdbCheck(in, depth);
    check.runFile(in);
    return check.report();
  }

  private void runFile(ByteInput in) throws IOException {
    run();
    if (end.isPresent() && !in.atEnd()) {
      // An old version has no checksum to show that its header is damaged; but these files end
      // here.
      boolean isUnprotected = end.get().checksum() == RdbRecord.Checksum.ABSENT;
      find(
          isUnprotected ? Severity.ERROR : Severity.WARNING,
          in.offset(),
          "bytes follow after the end of the RDB");
    }
  }

  /// Adds what [DuplicateKeys] found, in file order among the rest.
  private void findDuplicates(DuplicateKeys keys) throws IOException {
    long[] count = new long[1];
    findings.addAll(keys.findings(MAX_FINDINGS, count));
    errors += count[0];
    findings.sort(Comparator.comparingLong(Finding::offset));
    if (findings.size() > MAX_FINDINGS) {
      findings.subList(MAX_FINDINGS, findings.size()).clear();
    }
  }

  private void run() throws IOException {
    try {
      RdbHeader read = cursor.header();
      header = Optional.of(read);
      if (read.isNewerThanKnown()) {
        find(
            Severity.WARNING, 0, "the RDB version " + read.version() + " is newer than known here");
      }
      while (end.isEmpty()) {
        switch (cursor.next()) {
          case KEY -> key();
          case RECORD, END -> record(cursor.record());
        }
      }
    } catch (FormatException e) {
      find(Severity.ERROR, e.offset(), OptionalInt.empty(), e.key(), e.problem());
    }
  }

  private void record(RdbRecord record) {
    switch (record) {
      case RdbRecord.Aux(byte[] name, byte[] value) -> aux.put(text(name), text(value));
      case RdbRecord.FunctionLibrary(byte[] source) -> digest.addFunction(source);
      case RdbRecord.End last -> {
        end = Optional.of(last);
        if (last.checksum() == RdbRecord.Checksum.UNCHECKED) {
          find(
              Severity.INFO,
              last.offset(),
              "the RDB was written without a checksum, so a changed value could not be noticed");
        }
      }
      case RdbRecord.Verbatim verbatim ->
          verbatim
              .warning()
              .ifPresent(warning -> find(Severity.WARNING, cursor.recordOffset(), warning));
      case RdbRecord.SelectDb _,
          RdbRecord.ResizeDb _,
          RdbRecord.HashTemplate _,
          RdbRecord.Entry _ -> {
        // nothing to be wrong about
      }
    }
  }

  private void key() throws IOException {
    RdbType type = cursor.type();
    entries.computeIfAbsent(type, absent -> new long[1])[0]++;
    if (duplicateKeys.isPresent()) {
      duplicateKeys.get().add(cursor.db(), cursor.key(), cursor.recordOffset());
    }
    if (depth == Depth.STRUCTURE) {
      return;
    }
    values.begin(cursor.key(), cursor.expireAtMillis(), type);
    try {
      cursor.walk(values);
    } catch (FormatException e) {
      if (!cursor.isValueDelimited()) {
        throw e;
      }
      find(Severity.ERROR, e.offset(), e.problem());
      return;
    }
    List<String> problems = values.end();
    if (values.hasDuplicate()) {
      problems.addAll(DuplicateElements.find(RdbValues.decode(cursor.entry())));
    }
    if (problems.isEmpty()) {
      digest.add(cursor.db(), cursor.expireAtMillis(), keyDigest);
    } else {
      problems.forEach(problem -> find(Severity.ERROR, cursor.recordOffset(), problem));
    }
    if (!keyDigest.isKey()) {
      find(
          Severity.WARNING,
          cursor.recordOffset(),
          "a collection without elements, which servers drop");
    }
    values.doubts().forEach(doubt -> find(Severity.WARNING, cursor.recordOffset(), doubt));
  }

  /// Notes something about the key that the cursor is at, if it is at one.
  private void find(Severity severity, long offset, String sentence) {
    boolean isKey = cursor.isAtKey();
    find(
        severity,
        offset,
        isKey ? OptionalInt.of(cursor.db()) : OptionalInt.empty(),
        isKey ? Optional.of(KeyText.of(cursor.key().toByteArray())) : Optional.empty(),
        sentence);
  }

  private void find(
      Severity severity, long offset, OptionalInt db, Optional<String> key, String sentence) {
    if (severity == Severity.ERROR) {
      errors++;
    }
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(severity, offset, db, key, sentence));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private RdbCheckReport report() {
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
