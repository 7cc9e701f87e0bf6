package io.redrill.rdb.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.KeyText;
import io.redrill.rdb.ModuleName;
import io.redrill.rdb.Opcode;
import io.redrill.rdb.PackingLimits;
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
/// Memory: counts, and one value where it will be encoded anew. For use once.
public final class CompatSurvey {

  /// More modules than this are not told apart; a server has a handful.
  private static final int MAX_MODULES = 64;

  /// Those that stored the nodes of vector sets in a form that every Redis 8 loads. Later ones add
  /// to it (seen: what 8.0.6 writes, 8.0.2 refuses with "node index loading error").
  private static final List<String> EARLY_VECTOR_SETS = List.of("8.0.0", "8.0.1", "8.0.2");

  private final KeptRecords kept;
  private final Optional<CopyPlan> plan;
  private final long nowMillis;
  private final List<Tally> tallies = new ArrayList<>();
  private final Map<String, Long> modules = new TreeMap<>();
  private final RdbHeader header;
  private Checksum checksum = Checksum.ABSENT;
  private int lastDb = -1;
  private long keys;
  private long expiredKeys;
  private int highestDb = -1;
  private boolean isOfEarlyRedis8;
  private long vectorSets;

  private CompatSurvey(
      RdbHeader header,
      List<RdbTarget> targets,
      RdbFilter filter,
      long nowMillis,
      Optional<CopyPlan> plan) {
    this.header = header;
    this.kept = new KeptRecords(filter);
    this.nowMillis = nowMillis;
    this.plan = plan;
    targets.forEach(target -> tallies.add(new Tally(target)));
  }

  /// Surveys all that `filter` keeps of `source`.
  ///
  /// @param nowMillis Unix time, by which keys count as expired
  /// @throws io.redrill.rdb.FormatException if the file is damaged
  public static CompatReport of(
      RdbSource source, List<RdbTarget> targets, RdbFilter filter, long nowMillis)
      throws IOException {
    return survey(
        source, new CompatSurvey(source.header(), targets, filter, nowMillis, Optional.empty()));
  }

  /// As above, for one target; `plan` gets what it takes as it is, and is given up if something
  /// changes its form.
  static CompatReport of(
      RdbSource source, RdbTarget target, RdbFilter filter, long nowMillis, CopyPlan plan)
      throws IOException {
    return survey(
        source,
        new CompatSurvey(source.header(), List.of(target), filter, nowMillis, Optional.of(plan)));
  }

  private static CompatReport survey(RdbSource source, CompatSurvey survey) throws IOException {
    source.each(survey::visit);
    return survey.report();
  }

  private CompatReport report() {
    return new CompatReport(
        header,
        checksum,
        keys,
        expiredKeys,
        highestDb,
        modules,
        isOfEarlyRedis8 ? 0 : vectorSets,
        tallies.stream()
            .map(tally ->
                new TargetCompat(
                    tally.target,
                    tally.target.takes(header),
                    tally.encodedAnew,
                    List.copyOf(tally.losses.values())))
            .toList());
  }

  private void visit(RecordPass pass) throws IOException {
    RdbCursor cursor = pass.cursor();
    if (!kept.keeps(cursor)) {
      return;
    }
    boolean isPlanned = plan.isPresent() && !plan.get().isGivenUp();
    if (!isPlanned) {
      pass.leaveOut(); // nobody copies it, and a walk may take all of it past
    }
    if (cursor.isAtKey()) {
      count(cursor);
    } else if (cursor.record() instanceof RdbRecord.Verbatim verbatim
        && verbatim.opcode() == Opcode.MODULE_AUX) {
      countModule(ModuleName.of(ByteSlice.of(verbatim.payload())));
    } else if (cursor.record() instanceof RdbRecord.Aux(byte[] name, byte[] version)
        && new String(name, UTF_8).equals("redis-ver")) {
      isOfEarlyRedis8 = EARLY_VECTOR_SETS.contains(new String(version, UTF_8));
    } else if (cursor.record() instanceof RdbRecord.End end) {
      checksum = end.checksum();
    }
    WalkedValue value = new WalkedValue(pass, plan.isPresent());
    for (Tally tally : tallies) {
      Fit fit = tally.fitting.fit(cursor, value);
      if (fit.form() != Fit.Form.AS_IS) {
        tally.add(fit, cursor);
        if (fit.form() == Fit.Form.ENCODED_ANEW && plan.isPresent()) {
          value.requireRoom();
        }
      }
      if (isPlanned) {
        plan(fit, pass, plan.get());
      }
    }
  }

  private static void plan(Fit fit, RecordPass pass, CopyPlan plan) throws IOException {
    switch (fit.form()) {
      case AS_IS -> pass.addTo(plan);
      case VALUE_AS_IS, ENCODED_ANEW -> plan.giveUp();
      case LEFT_OUT -> {
        // the plan goes on behind it
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
      countModule(cursor.moduleName());
    }
  }

  private void countModule(String name) {
    if (name.equals(ModuleName.VECTOR_SET)) {
      vectorSets++;
    } else if (modules.size() < MAX_MODULES || modules.containsKey(name)) {
      modules.merge(name, 1L, Long::sum);
    }
  }

  private final class Tally {

    private final RdbTarget target;
    private final RecordFitting fitting;
    private final Map<Loss, LossCount> losses = new EnumMap<>(Loss.class);
    private long encodedAnew;

    Tally(RdbTarget target) {
      this.target = target;
      this.fitting = new RecordFitting(target, PackingLimits.DEFAULT, false);
    }

    void add(Fit fit, RdbCursor cursor) {
      if (fit.form() != Fit.Form.LEFT_OUT) {
        encodedAnew++;
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
