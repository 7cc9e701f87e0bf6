package io.redrill.rdb.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redrill.rdb.RdbDialect;
import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.salvage.KeptKeys.Repeated;
import io.redrill.rdb.salvage.RecordWalk.Step;
import io.redrill.rdb.salvage.SalvageReport.Checksum;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The list of what is whole and what is lost, as it grows in a [Survey].
final class Inventory {

  private static final int MAX_DATABASES = 1 << 16;

  /// Since then records have the form that they have now.
  private static final int LEAST_VERSION = 9;

  private static final int VERSION_WITH_LIBRARIES = 10;

  private final FileBytes file;
  private final RdbHeader header;
  private final boolean headerAssumed;
  private final KeyShape shape;
  private final KeptKeys kept;
  private final Templates templates;
  private final LostDatabases lostDatabases;
  private final SalvageOptions options;
  private final Map<Integer, Long> keysByDb = new TreeMap<>();
  private final Map<Integer, Long> sizes = new HashMap<>();
  private final List<Lost> losses = new ArrayList<>();
  private final Stretches stretches = new Stretches();
  private final List<String> remarks = new ArrayList<>();
  private long keysInAssumedDb;
  private long keysNotLookedInto;
  private long repeatedKeys;
  private long libraries;
  private int neededVersion = LEAST_VERSION;
  private long keyBytes;
  private long reached;
  private int db;
  private boolean endFound;
  private long trailingBytes;

  Inventory(
      FileBytes file,
      RdbHeader header,
      boolean headerAssumed,
      KeyShape shape,
      KeptKeys kept,
      Templates templates,
      LostDatabases lostDatabases,
      SalvageOptions options) {
    this.file = file;
    this.header = header;
    this.headerAssumed = headerAssumed;
    this.shape = shape;
    this.kept = kept;
    this.templates = templates;
    this.lostDatabases = lostDatabases;
    this.options = options;
    this.reached = headerAssumed ? 0 : Math.min(9, file.size());
  }

  boolean headerAssumed() {
    return headerAssumed;
  }

  /// The offset up to which everything is accounted for.
  long reached() {
    return reached;
  }

  /// The database that was selected last.
  int db() {
    return db;
  }

  /// Whether the end was found and nothing was lost on the way.
  boolean isSound() {
    return endFound && losses.isEmpty();
  }

  /// Whether the databases have other numbers of keys than the file says of them.
  boolean missesKeys() {
    return estimate().contradictsSizes();
  }

  /// Whether there is room for keys of database `selected`.
  boolean takesDatabase(int selected) {
    return keysByDb.size() < MAX_DATABASES || keysByDb.containsKey(selected);
  }

  /// How many keys database `selected` has still to come, if the file says that, and has shown to
  /// be right so far.
  OptionalLong keysLeft(int selected) {
    long size = sizes.getOrDefault(selected, 0L);
    long left = size - keysByDb.getOrDefault(selected, 0L);
    return size > 0 && left >= 0 ? OptionalLong.of(left) : OptionalLong.empty();
  }

  int lossCount() {
    return losses.size();
  }

  /// Takes a record that is believed.
  void add(Seen seen) throws IOException {
    db = seen.db();
    switch (seen.record()) {
      case RdbRecord.Entry entry when seen.step() == Step.KEY -> {
        keysByDb.merge(seen.db(), 1L, Long::sum);
        keyBytes += seen.end() - seen.start();
        if (seen.dbAssumed()) {
          keysInAssumedDb++;
          lostDatabases.addKey();
        }
        keysNotLookedInto += seen.isLookedInto() ? 0 : 1;
        shape.observe(entry.key());
        kept.add(seen, entry);
        needs(entry.type().minimumVersion());
        keep(seen);
      }
      case RdbRecord.Entry _ ->
          losses.add(Lost.named(seen.start(), seen.end(), seen.text(), seen.problem()));
      case RdbRecord.SelectDb(int selected) -> {
        db = selected;
        lostDatabases.name(selected);
        keep(seen);
      }
      case RdbRecord.HashTemplate template -> {
        templates.add(template);
        keep(seen);
      }
      case RdbRecord.Verbatim verbatim
          when verbatim.warning().isPresent() && !shape.takesForeignRecords() ->
          losses.add(
              Lost.bytes(seen.start(), seen.end(), "a record for which servers refuse the file"));
      case RdbRecord.FunctionLibrary _ -> {
        libraries++;
        if (options.withLibraries()) {
          needs(VERSION_WITH_LIBRARIES);
          keep(seen);
        }
      }
      // A server reserves memory for that many keys, and a damaged number would be believed.
      case RdbRecord.ResizeDb(long keys, long _) -> {
        if (sizes.size() < MAX_DATABASES) {
          sizes.put(seen.db(), keys);
        }
      }
      // A replica would go on from there, as if it had everything.
      case RdbRecord.Aux(byte[] name, byte[] _)
          when new String(name, UTF_8).startsWith("repl-") -> {
        // left out
      }
      case RdbRecord.Verbatim _ -> {
        needs(header.version());
        keep(seen);
      }
      default -> keep(seen);
    }
    reached = seen.end();
  }

  private void needs(int version) {
    neededVersion = Math.max(neededVersion, version);
  }

  private void keep(Seen seen) {
    stretches.add(seen, db);
  }

  /// Gives the bytes from `offset` to `end` up.
  void lose(long offset, long end, String reason) {
    lose(Lost.bytes(offset, end, reason));
  }

  void lose(Lost hole) {
    losses.add(hole);
    reached = hole.end();
  }

  /// Notes the end of the RDB.
  void end(long offset, long end) {
    endFound = true;
    reached = end;
    trailingBytes = file.size() - end;
    if (trailingBytes > 0) {
      remark(
          ("%,d bytes follow behind the end of the RDB at offset %d, and are left out; if they are commands,"
                  + " this is an append-only file, and they hold its newest changes")
              .formatted(trailingBytes, end));
    }
    assert offset <= end;
  }

  void remark(String remark) {
    remarks.add(remark);
  }

  /// Takes back the keys that stand elsewhere too, of which at most `limit` are listed. For use
  /// once, when all was added.
  ///
  /// @return where the first is that would be too many, if there are more
  OptionalLong leaveOutRepeated(int limit) throws IOException {
    List<Repeated> repeated = kept.repeated(stretches.ascending(), file, lostDatabases, limit + 1);
    long tooMany = repeated.size() > limit ? repeated.getLast().start() : Long.MAX_VALUE;
    if (tooMany < Long.MAX_VALUE || kept.fittingUpTo() < Long.MAX_VALUE) {
      return OptionalLong.of(Math.min(tooMany, kept.fittingUpTo()));
    }
    stretches.leaveOut(repeated);
    repeated.forEach(this::leaveOut);
    losses.sort(Comparator.comparingLong(Lost::offset));
    return OptionalLong.empty();
  }

  /// The databases of keys behind holes, by where those begin, if another survey is worth while
  /// because one more was found whose name is lost. For use after [#leaveOutRepeated].
  Optional<Map<Long, Integer>> lostDatabases() {
    return options.assumedDb().isPresent() ? Optional.empty() : lostDatabases.withAnother(keysByDb);
  }

  private void leaveOut(Repeated again) {
    repeatedKeys++;
    keysByDb.merge(again.db(), -1L, Long::sum);
    keyBytes -= again.end() - again.start();
    keysInAssumedDb -= again.dbAssumed() ? 1 : 0;
    keysNotLookedInto -= again.isLookedInto() ? 0 : 1;
    losses.add(
        Lost.named(
            again.start(),
            again.end(),
            Optional.of(again.key()),
            "the key stands in database %d twice; the record at offset %d is kept"
                    .formatted(again.db(), again.keptAt())
                + (again.dbAssumed() ? ", as a hole may have named another database here" : "")));
  }

  SalvageReport report() {
    if (keysNotLookedInto > 0) {
      remark(
          keysNotLookedInto == 1
              ? "a value is too large for the memory at hand: it was not looked into, and counts as whole"
                  + " because records go on where it ends"
              : ("%,d values are too large for the memory at hand: they were not looked into, and count as"
                      + " whole because records go on where they end")
                  .formatted(keysNotLookedInto));
    }
    lostDatabases.remarks().forEach(this::remark);
    LossEstimate estimate = estimate();
    if (losses.isEmpty() && estimate.contradictsSizes() && estimate.missing() > 0) {
      remark(
          "the file says that it holds %,d keys more than were found, and nothing shows where they were"
              .formatted(estimate.missing()));
    }
    List<Loss> estimated = estimate.losses();
    return new SalvageReport(
        written(),
        headerAssumed,
        file.size(),
        Map.copyOf(keysByDb),
        keysInAssumedDb,
        estimated.stream().mapToLong(Loss::keys).sum(),
        estimate.basis(),
        endFound,
        trailingBytes,
        Checksum.NOT_COMPARED,
        repeatedKeys,
        libraries,
        estimated,
        stretches.ascending(),
        List.copyOf(remarks));
  }

  private LossEstimate estimate() {
    return new LossEstimate(losses, sizes, keysByDb, keyBytes, endFound, file.size());
  }

  /// Servers refuse files of newer versions than their own, so that a version that was only guessed
  /// is not higher than what was found needs.
  private RdbHeader written() {
    return headerAssumed && options.header().isEmpty() && header.dialect() == RdbDialect.REDIS
        ? new RdbHeader(RdbDialect.REDIS, Math.min(neededVersion, header.version()))
        : header;
  }
}
