package io.redrill.rdb.convert;

import io.redrill.rdb.KeyText;
import io.redrill.rdb.ModuleName;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbRecord.Checksum;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.convert.LossCount.Example;
import io.redrill.rdb.convert.RdbSource.StoredRecord;
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
/// Memory: one value, and counts. For use once.
public final class CompatSurvey {

  private static final int MODULE_AUX = 247;

  /// More modules than this are not told apart; a server has a handful.
  private static final int MAX_MODULES = 64;

  private final RdbFilter filter;
  private final long nowMillis;
  private final List<Tally> tallies = new ArrayList<>();
  private final Map<String, Long> modules = new TreeMap<>();
  private Checksum checksum = Checksum.ABSENT;
  private Optional<Example> lastKey = Optional.empty();
  private boolean isLastKept = true;
  private long keys;
  private long expiredKeys;
  private int highestDb = -1;

  private CompatSurvey(List<RdbTarget> targets, RdbFilter filter, long nowMillis) {
    this.filter = filter;
    this.nowMillis = nowMillis;
    targets.forEach(target -> tallies.add(new Tally(target)));
  }

  /// Surveys all that `filter` keeps of `source`.
  ///
  /// @param nowMillis Unix time, by which keys count as expired
  /// @throws io.redrill.rdb.FormatException if the file is damaged
  public static CompatReport of(
      RdbSource source, List<RdbTarget> targets, RdbFilter filter, long nowMillis)
      throws IOException {
    CompatSurvey survey = new CompatSurvey(targets, filter, nowMillis);
    source.each(survey::visit);
    var header = source.header();
    return new CompatReport(
        header,
        survey.checksum,
        survey.keys,
        survey.expiredKeys,
        survey.highestDb,
        survey.modules,
        survey.tallies.stream()
            .map(tally ->
                new TargetCompat(
                    tally.target,
                    tally.target.takes(header),
                    tally.encodedAnew,
                    List.copyOf(tally.losses.values())))
            .toList());
  }

  private void visit(StoredRecord stored) throws IOException {
    RdbRecord record = stored.record();
    Optional<Example> example = Optional.empty();
    switch (record) {
      case RdbRecord.Entry entry -> {
        isLastKept = filter.keeps(entry);
        if (!isLastKept) {
          return;
        }
        example = Optional.of(new Example(entry.db(), KeyText.of(entry.key())));
        lastKey = example;
        count(entry);
      }
      case RdbRecord.Aux _ -> {
        if (!isLastKept) {
          return; // it may belong to the key before
        }
        example = lastKey;
      }
      case RdbRecord.Verbatim verbatim when verbatim.opcode() == MODULE_AUX ->
          countModule(verbatim.payload());
      case RdbRecord.End end -> checksum = end.checksum();
      case RdbRecord.SelectDb _,
          RdbRecord.ResizeDb _,
          RdbRecord.FunctionLibrary _,
          RdbRecord.HashTemplate _,
          RdbRecord.Verbatim _ -> {
        // nothing to count
      }
    }
    DecodedValue value = new DecodedValue(record);
    for (Tally tally : tallies) {
      tally.add(tally.fitting.fit(record, value), record, example);
    }
  }

  private void count(RdbRecord.Entry entry) throws IOException {
    keys++;
    highestDb = Math.max(highestDb, entry.db());
    if (entry.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY
        && entry.expireAtMillis() <= nowMillis) {
      expiredKeys++;
    }
    if (entry.type() == RdbType.MODULE_2) {
      countModule(entry.value());
    }
  }

  private void countModule(byte[] beginsWithId) throws IOException {
    String name = ModuleName.of(beginsWithId);
    if (!name.equals(ModuleName.VECTOR_SET)
        && (modules.size() < MAX_MODULES || modules.containsKey(name))) {
      modules.merge(name, 1L, Long::sum);
    }
  }

  private static final class Tally {

    private final RdbTarget target;
    private final RecordFitting fitting;
    private final Map<Loss, LossCount> losses = new EnumMap<>(Loss.class);
    private long encodedAnew;

    Tally(RdbTarget target) {
      this.target = target;
      this.fitting = new RecordFitting(target, target.limits(), false);
    }

    void add(Fit fit, RdbRecord record, Optional<Example> example) {
      if (fit.form() == Fit.Form.ENCODED_ANEW && record instanceof RdbRecord.Entry) {
        encodedAnew++;
      }
      for (Loss loss : fit.losses()) {
        losses.merge(loss, new LossCount(loss, 1, example), (sofar, one) -> sofar.more());
      }
    }
  }
}
