package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.salvage.RecordWalk.Head;
import io.redrill.rdb.salvage.RecordWalk.Step;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// Goes through a damaged file once and notes what is whole and what is not.
///
/// Reading goes on record by record until one fails. Damage shows late: a length with a flipped bit
/// swallows what follows, or ends too early and leaves garbage that may parse. So the last records
/// before a failure are looked at again: those with an unlikely key are given up, and so is the one
/// before, unless what follows it begins as a record does or its own encoding shows that it is
/// whole. The search for a new beginning then starts inside of what was given up. Until then the
/// last [#RECENT] records are only noted.
///
/// A key that stands twice in a row is a failure as well: a stretch of zeros reads as one empty
/// string under the empty key after another.
///
/// Memory: the record being read, the keys as far as [KeptKeys] holds them there, and a few numbers
/// for each hole, of which [#MAX_LOSSES] are taken.
final class Survey implements Closeable {

  private static final int RECENT = 4;
  private static final int FEW = 5;
  private static final int MOST_FOREIGN = 2;
  private static final int MAX_LOSSES = 100_000;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final long SPARE_FACTOR = 4;
  private static final int HEADER_BYTES = 9;

  private final DamagedFile damaged;
  private final FileBytes file;
  private final SalvageOptions options;
  private final long limit;
  private final KeyShape shape = new KeyShape();
  private final Templates templates;
  private final Resync resync;
  private final Ending ending;
  private final KeptKeys kept;
  private final LostDatabases lostDatabases;
  private final Inventory inventory;
  private final List<Seen> recent = new ArrayList<>();
  private LongConsumer progress = at -> {};
  private int db;
  private boolean dbAssumed;
  private boolean strict = true;
  private long records;
  private long unlikely;
  private long foreign;
  private long foreignInRow;
  private long keysBehindForeign;
  private boolean repeated;
  private Evidence evidence;

  /// @param limit the offset at which what is left is given up
  /// @param databases of keys behind holes, by where those begin, as [#lostDatabases] says
  Survey(
      FileBytes file,
      RdbHeader header,
      boolean headerAssumed,
      SalvageOptions options,
      long limit,
      Map<Long, Integer> databases) {
    this.file = file;
    this.options = options;
    this.limit = limit;
    this.templates = new Templates(options.maxValueBytes());
    this.damaged =
        new DamagedFile(
            file,
            header,
            shape,
            templates,
            new RecordSource.Reach(options.maxValueBytes(), SPARE_FACTOR * file.size()));
    this.resync = new Resync(damaged);
    this.evidence = new Evidence(damaged);
    this.ending = new Ending(file, header);
    this.kept = new KeptKeys(options.keys());
    this.lostDatabases = new LostDatabases(databases);
    this.inventory =
        new Inventory(file, header, headerAssumed, shape, kept, templates, lostDatabases, options);
  }

  /// Goes through the file as long as nothing is wrong, however unlikely its records are; returns
  /// whether nothing was.
  boolean runWhileSound(LongConsumer watching) throws IOException {
    progress = watching;
    strict = false;
    return !inventory.headerAssumed() && read(HEADER_BYTES).isEmpty() && isSound();
  }

  /// Whether the end was found, and all in front of it could be read.
  boolean isSound() {
    return inventory.isSound();
  }

  /// Whether only a checksum makes what was read believable: many records are unlike the others, a
  /// key stands twice in a row, there are not as many as the file says, or a few of a server that
  /// wrote none of the others.
  boolean isDoubtful() {
    return unlikely * 7 > records
        || repeated
        || inventory.missesKeys()
        || (foreign > 0 && !lesson().foreignRecords());
  }

  /// What the records in front of the first damage say of the others: that keys need not be text,
  /// or that a server of another kind wrote its own records between them.
  record Lesson(boolean anyKey, boolean foreignRecords) {}

  Lesson lesson() {
    return new Lesson(
        shape.hasSeenBinary(), keysBehindForeign >= FEW && keysBehindForeign * 4 > records);
  }

  void learn(Lesson lesson) {
    if (lesson.anyKey()) {
      shape.takeAnything();
    }
    if (lesson.foreignRecords()) {
      shape.takeForeignRecords();
    }
  }

  /// Goes through the file.
  void run(LongConsumer watching) throws IOException {
    progress = watching;
    OptionalLong from = inventory.headerAssumed() ? beginning() : OptionalLong.of(HEADER_BYTES);
    while (from.isPresent()) {
      from = inventory.lossCount() < MAX_LOSSES ? read(from.getAsLong()) : giveUpRest();
    }
    if (resync.isExhausted()) {
      inventory.remark(
          "the search for more keys was given up, as it began to cost far more than reading the file");
    }
  }

  private OptionalLong giveUpRest() {
    inventory.lose(
        inventory.reached(), file.size(), "there are too many damaged places to go on from here");
    return OptionalLong.empty();
  }

  /// Takes back what must not be in the result though it is whole: keys that stand elsewhere too.
  ///
  /// @return where to give up what is left in another survey, if that is more than can be listed
  OptionalLong leaveOutRepeated() throws IOException {
    return inventory.leaveOutRepeated(MAX_LOSSES);
  }

  /// The databases for another survey, if this one shows that a hole took the name of one; for use
  /// after [#leaveOutRepeated].
  Optional<Map<Long, Integer>> lostDatabases() {
    return inventory.lostDatabases();
  }

  /// What was found. For use once.
  SalvageReport report() {
    return inventory.report();
  }

  /// Removes the temporary files.
  @Override
  public void close() throws IOException {
    kept.close();
  }

  /// Where the first record is in a file without a header that is believed.
  private OptionalLong beginning() throws IOException {
    OptionalLong found = resync.find(0, 0, progress);
    inventory.lose(
        0,
        found.orElse(file.size()),
        "there is no header here, REDIS or VALKEY and a version, that can be believed");
    enterHole();
    return found;
  }

  /// Reads from `from` to the next failure; returns where to go on.
  private OptionalLong read(long from) throws IOException {
    RecordWalk walk = RecordWalk.from(damaged, from, db, BUFFER_BYTES);
    evidence = new Evidence(damaged);
    if (from == HEADER_BYTES && !inventory.headerAssumed()) {
      evidence.beginFile();
    }
    while (true) {
      Step step = walk.next();
      progress.accept(walk.start());
      if (walk.start() >= limit && limit < file.size()) {
        commitAll();
        inventory.lose(
            inventory.reached(), file.size(), "too many keys stand twice to go on from here");
        return OptionalLong.empty();
      }
      // Each of them is listed, and to find its end may take work.
      if ((step == Step.LOST_TEMPLATE || step == Step.DAMAGED_VALUE)
          && (inventory.lossCount() >= MAX_LOSSES || resync.isExhausted())) {
        commitAll();
        return giveUpRest();
      }
      switch (step) {
        case KEY, DAMAGED_VALUE, LOST_TEMPLATE, OTHER -> {
          Seen seen = seen(step, walk);
          records++;
          unlikely += seen.likely() ? 0 : 1;
          countForeign(seen);
          repeated |= evidence.isRepeated();
          Optional<String> refusal = refusal(seen.record());
          if (refusal.isPresent()) {
            return strict
                ? goOn(seen.start(), refusal.get(), true, Optional.empty())
                : OptionalLong.of(seen.start());
          }
          walk.guess().ifPresent(guess -> templates.lost().put(guess.id(), guess.fields()));
          boolean isDoubtful =
              step == Step.DAMAGED_VALUE || walk.guess().isPresent() || !seen.likely();
          if (strict && isDoubtful && !resync.isConfirmed(seen.end())) {
            walk.guess().ifPresent(guess -> templates.lost().remove(guess.id()));
            return goOn(
                seen.start(),
                seen.likely()
                    ? seen.text().map(key -> "key " + key + ": ").orElse("") + seen.problem()
                    : "what stands here does not look like a key of this file",
                true,
                seen.likely() ? seen.head() : Optional.empty());
          }
          note(seen);
        }
        case END -> {
          if (walk.isEndOfFile()) {
            commitAll();
            inventory.end(walk.start(), file.size());
            return OptionalLong.empty();
          }
          if (isRealEnd(walk.start())) {
            commitAll();
            inventory.end(walk.start(), ending.after(walk.start()));
            return OptionalLong.empty();
          }
          return strict ? endedEarly(walk) : OptionalLong.of(walk.start());
        }
        case FAILED -> {
          if (!strict) {
            return OptionalLong.of(walk.start());
          }
          return goOn(walk.start(), walk.problem(), false, likelyHead(walk));
        }
      }
    }
  }

  /// Whether the end at `offset` is that of the RDB though something follows: what stands there is
  /// no part of an RDB, or nothing is lost before and the checksum matches.
  private boolean isRealEnd(long offset) throws IOException {
    return ending.isFollowedByAnother(offset)
        || (!inventory.headerAssumed()
            && inventory.lossCount() == 0
            && ending.isProvenByChecksum(offset));
  }

  /// An end with something behind it: a damaged byte if records follow, else a real end.
  private OptionalLong endedEarly(RecordWalk walk) throws IOException {
    commitAll();
    OptionalLong found = resync.find(walk.start() + 1, walk.start(), progress);
    if (found.isPresent()) {
      inventory.lose(
          walk.start(), found.getAsLong(), "the mark of the end stands here, but more follows");
      enterHole();
    } else {
      inventory.end(walk.start(), ending.after(walk.start()));
    }
    return found;
  }

  /// Decides what of the recent records is to be believed, and looks for a place to go on at.
  ///
  /// @param head the beginning of the key that is given up, if there is one
  private OptionalLong goOn(long failedAt, String problem, boolean unlikely, Optional<Head> head)
      throws IOException {
    long doubt = failedAt;
    boolean begins = !unlikely && resync.beginsAsKey(failedAt);
    List<Head> heads = new ArrayList<>(head.stream().toList());
    for (int i = 0; i < recent.size(); i++) {
      if (!recent.get(i).likely()) {
        doubt = recent.get(i).start();
        begins = false;
        giveUp(recent.subList(i, recent.size()), heads);
      }
    }
    long searchFrom = doubt + 1;
    Optional<Seen> suspect = Optional.empty();
    if (!recent.isEmpty() && !recent.getLast().selfChecking() && !begins && doubt < file.size()) {
      suspect = Optional.of(recent.getLast());
      giveUp(recent.subList(recent.size() - 1, recent.size()), heads);
      searchFrom = suspect.get().start() + 1;
    }
    if (doubt == file.size() && failedAt == doubt) {
      commitAll();
      inventory.lose(
          doubt,
          doubt,
          "the file was cut off here: the mark of the end is missing, and nobody knows what else");
      return OptionalLong.empty();
    }
    commitAll(); // hashes that are searched for may refer to templates among them
    OptionalLong found = resync.find(searchFrom, failedAt, progress);
    long resume = found.orElse(file.size());
    if (suspect.isPresent() && suspect.get().key().isEmpty() && resume >= suspect.get().end()) {
      inventory.add(suspect.get());
    }
    long lostFrom = Math.min(inventory.reached(), resume);
    inventory.lose(Lost.hole(lostFrom, resume, problem, heads, resume == file.size()));
    enterHole();
    return found;
  }

  private static void giveUp(List<Seen> records, List<Head> heads) {
    records.stream().filter(Seen::likely).flatMap(seen -> seen.head().stream()).forEach(heads::add);
    records.clear();
  }

  private Optional<Head> likelyHead(RecordWalk walk) throws IOException {
    return walk.head().isPresent()
            && evidence.isLikely(walk.record().orElseThrow(), walk.start(), walk.start())
        ? walk.head()
        : Optional.empty();
  }

  private void enterHole() {
    dbAssumed = true;
    int before = options.assumedDb().orElse(inventory.db());
    db = lostDatabases.begin(inventory.reached(), before, inventory.keysLeft(before));
  }

  private Seen seen(Step step, RecordWalk walk) throws IOException {
    Seen seen = Seen.of(step, walk, evidence, db, dbAssumed);
    if (seen.record() instanceof RdbRecord.SelectDb(int selected)) {
      db = selected;
      dbAssumed = false;
    }
    return seen;
  }

  /// Why a record cannot be taken, though it reads well: it would take too much memory, or servers
  /// refuse it beside what was taken.
  private Optional<String> refusal(RdbRecord record) {
    return switch (record) {
      case RdbRecord.HashTemplate template when !templates.takes(template) || isRecent(template) ->
          Optional.of("field templates stand twice, or take too much memory");
      case RdbRecord.SelectDb(int selected) when !inventory.takesDatabase(selected) ->
          Optional.of("there are more databases than any server has");
      default -> Optional.empty();
    };
  }

  private boolean isRecent(RdbRecord.HashTemplate template) {
    return recent.stream()
        .anyMatch(seen ->
            seen.record() instanceof RdbRecord.HashTemplate other && other.id() == template.id());
  }

  /// Another server has one or two records of its own in front of each key; a text may read as many
  /// in a row.
  private void countForeign(Seen seen) {
    if (isForeign(seen.record())) {
      foreign++;
      foreignInRow++;
    } else {
      keysBehindForeign +=
          seen.key().isPresent() && foreignInRow > 0 && foreignInRow <= MOST_FOREIGN ? 1 : 0;
      foreignInRow = 0;
    }
  }

  private static boolean isForeign(RdbRecord record) {
    return record instanceof RdbRecord.Verbatim verbatim && verbatim.warning().isPresent();
  }

  private void note(Seen seen) throws IOException {
    recent.add(seen);
    if (recent.size() > RECENT) {
      inventory.add(recent.removeFirst());
    }
  }

  private void commitAll() throws IOException {
    for (Seen each : recent) {
      inventory.add(each);
    }
    recent.clear();
  }
}
