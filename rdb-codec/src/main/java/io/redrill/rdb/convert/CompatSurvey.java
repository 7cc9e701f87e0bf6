package io.redrill.rdb.convert;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.ModuleName;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbRecord.Checksum;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.convert.LossCount.Example;
import io.redrill.rdb.filter.RdbFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads a file once and says what each of some targets can hold of it, without writing anything.
///
/// Memory: one value where a target does not read its type, and counts. For use once.
public final class CompatSurvey {

  private static final int MODULE_AUX = 247;

  /// More modules than this are not told apart; a server has a handful.
  private static final int MAX_MODULES = 64;

  private final RdbFilter filter;
  private final long nowMillis;
  private final List<Tally> tallies = new ArrayList<>();
  private final Map<String, Long> modules = new TreeMap<>();
  private final RdbHeader header;
  private Checksum checksum = Checksum.ABSENT;
  private boolean isLastKept = true;
  private int lastDb = -1;
  private long keys;
  private long expiredKeys;
  private int highestDb = -1;
  private boolean isWhole;
  private Optional<CheckedBytes> records = Optional.empty();

  private CompatSurvey(
      RdbHeader header, List<RdbTarget> targets, RdbFilter filter, long nowMillis) {
    this.header = header;
    this.filter = filter;
    this.nowMillis = nowMillis;
    this.isWhole = filter.isAll();
    targets.forEach(target -> tallies.add(new Tally(target)));
  }

  /// Surveys all that `filter` keeps of `source`.
  ///
  /// @param nowMillis Unix time, by which keys count as expired
  /// @throws io.redrill.rdb.FormatException if the file is damaged
  public static CompatReport of(
      RdbSource source, List<RdbTarget> targets, RdbFilter filter, long nowMillis)
      throws IOException {
    return survey(source, targets, filter, nowMillis).report();
  }

  /// As [#of], for who wants to know more than the report says.
  static CompatSurvey survey(
      RdbSource source, List<RdbTarget> targets, RdbFilter filter, long nowMillis)
      throws IOException {
    CompatSurvey survey = new CompatSurvey(source.header(), targets, filter, nowMillis);
    source.each(survey::visit);
    return survey;
  }

  CompatReport report() {
    return new CompatReport(
        header,
        checksum,
        keys,
        expiredKeys,
        highestDb,
        modules,
        tallies.stream()
            .map(tally ->
                new TargetCompat(
                    tally.target,
                    tally.target.takes(header),
                    tally.encodedAnew,
                    List.copyOf(tally.losses.values())))
            .toList());
  }

  /// All bytes behind the header, if every record stays as it is in every target.
  Optional<CheckedBytes> unchanged() {
    return records;
  }

  private void visit(RecordPass pass) throws IOException {
    RdbCursor cursor = pass.cursor();
    isWhole &= pass.isAdjacent();
    if (cursor.isAtKey()) {
      isLastKept = filter.keeps(cursor);
      if (!isLastKept) {
        return;
      }
      count(cursor);
    } else {
      switch (cursor.record()) {
        case RdbRecord.Aux _ when !isLastKept -> {
          return; // it may belong to the key before
        }
        case RdbRecord.Verbatim verbatim when verbatim.opcode() == MODULE_AUX ->
            countModule(ModuleName.of(ByteSlice.of(verbatim.payload())));
        case RdbRecord.End end -> end(end, pass);
        default -> {
          // nothing to count
        }
      }
    }
    DecodedValue value = new DecodedValue(cursor);
    for (Tally tally : tallies) {
      Fit fit = tally.fitting.fit(cursor, value);
      if (fit.form() != Fit.Form.AS_IS) {
        isWhole = false;
        tally.add(fit, cursor);
      }
    }
  }

  private void count(RdbCursor cursor) throws IOException {
    lastDb = cursor.db();
    keys++;
    highestDb = Math.max(highestDb, lastDb);
    if (cursor.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY
        && cursor.expireAtMillis() <= nowMillis) {
      expiredKeys++;
    }
    if (cursor.type() == RdbType.MODULE_2) {
      countModule(ModuleName.of(cursor.value()));
    }
  }

  private void countModule(String name) {
    if (!name.equals(ModuleName.VECTOR_SET)
        && (modules.size() < MAX_MODULES || modules.containsKey(name))) {
      modules.merge(name, 1L, Long::sum);
    }
  }

  private void end(RdbRecord.End end, RecordPass pass) throws IOException {
    checksum = end.checksum();
    if (isWhole) {
      records = Optional.of(pass.records());
    }
  }

  private final class Tally {

    private final RdbTarget target;
    private final RecordFitting fitting;
    private final Map<Loss, LossCount> losses = new EnumMap<>(Loss.class);
    private long encodedAnew;

    Tally(RdbTarget target) {
      this.target = target;
      this.fitting = new RecordFitting(target, target.limits(), false);
    }

    void add(Fit fit, RdbCursor cursor) throws IOException {
      if (fit.form() == Fit.Form.ENCODED_ANEW) {
        encodedAnew++;
        cursor.value(); // it has to fit in memory, which shall not be found out while writing
      }
      for (Loss loss : fit.losses()) {
        LossCount before = losses.get(loss);
        losses.put(loss, before == null ? new LossCount(loss, 1, example(cursor)) : before.more());
      }
    }

    /// The key, also where something is lost that follows it.
    private Optional<Example> example(RdbCursor cursor) {
      return cursor.isAtKey() || (cursor.record() instanceof RdbRecord.Aux && lastDb >= 0)
          ? Optional.of(new Example(lastDb, KeyText.of(cursor.key().toByteArray())))
          : Optional.empty();
    }
  }
}
