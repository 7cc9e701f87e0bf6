package io.redrill.rdb.check;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValues;
import io.redrill.rdb.check.Finding.Severity;
import io.redrill.rdb.digest.DatasetDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
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
/// bounded number of findings. That a key does not occur twice is not checked: it would need memory
/// for every key.
public final class RdbCheck {

  /// More findings than this are counted and not kept.
  public static final int MAX_FINDINGS = 1000;

  private final RdbReader reader;
  private final DatasetDigest digest = new DatasetDigest();
  private final Map<String, String> aux = new TreeMap<>();
  private final Map<RdbType, Long> entries = new EnumMap<>(RdbType.class);
  private final List<Finding> findings = new ArrayList<>();
  private Optional<RdbHeader> header = Optional.empty();
  private Optional<RdbRecord.End> end = Optional.empty();
  private long errors;

  private RdbCheck(ByteInput in) {
    this.reader = new RdbReader(in);
  }

  /// Checks the RDB that begins with the next byte of `in`, and takes exactly its bytes. Blocks
  /// until the end is reached or cannot be.
  ///
  /// @throws IOException if reading fails; what is wrong with the bytes is in the report instead
  public static RdbCheckReport check(ByteInput in) throws IOException {
    RdbCheck check = new RdbCheck(in);
    check.run();
    return check.report();
  }

  /// As [#check], for an input that should end with the RDB: bytes after it are a finding.
  ///
  /// @throws IOException if reading fails
  public static RdbCheckReport checkFile(ByteInput in) throws IOException {
    RdbCheck check = new RdbCheck(in);
    check.run();
    if (check.end.isPresent() && !in.atEnd()) {
      // An old version has no checksum to show that its header is damaged; but these files end
      // here.
      boolean isUnprotected = check.end.get().checksum() == RdbRecord.Checksum.ABSENT;
      check.find(
          isUnprotected ? Severity.ERROR : Severity.WARNING,
          in.offset(),
          "bytes follow after the end of the RDB");
    }
    return check.report();
  }

  private void run() throws IOException {
    try {
      RdbHeader read = reader.header();
      header = Optional.of(read);
      if (read.isNewerThanKnown()) {
        find(
            Severity.WARNING, 0, "the RDB version " + read.version() + " is newer than known here");
      }
      while (end.isEmpty()) {
        record(reader.next());
      }
    } catch (FormatException e) {
      find(Severity.ERROR, e.offset(), OptionalInt.empty(), e.key(), e.problem());
    }
  }

  private void record(RdbRecord record) {
    switch (record) {
      case RdbRecord.Entry entry -> entry(entry);
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
      case RdbRecord.SelectDb _, RdbRecord.ResizeDb _, RdbRecord.Verbatim _ -> {
        // nothing to be wrong about
      }
    }
  }

  private void entry(RdbRecord.Entry entry) {
    entries.merge(entry.type(), 1L, Long::sum);
    RdbValue value;
    try {
      value = RdbValues.decode(entry);
    } catch (FormatException e) {
      find(Severity.ERROR, entry, e.problem());
      return;
    }
    List<String> problems = ValueRules.violations(value);
    problems.forEach(problem -> find(Severity.ERROR, entry, problem));
    if (ValueRules.isEmptyCollection(value)) {
      find(Severity.WARNING, entry, "a collection without elements, which servers drop");
    }
    if (problems.isEmpty()) {
      digest.add(entry.db(), entry.key(), entry.expireAtMillis(), value);
    }
  }

  private void find(Severity severity, RdbRecord.Entry entry, String sentence) {
    find(
        severity,
        reader.recordOffset(),
        OptionalInt.of(entry.db()),
        Optional.of(KeyText.of(entry.key())),
        sentence);
  }

  private void find(Severity severity, long offset, String sentence) {
    find(severity, offset, OptionalInt.empty(), Optional.empty(), sentence);
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
        Collections.unmodifiableMap(entries),
        digest,
        Collections.unmodifiableList(findings),
        errors);
  }
}
