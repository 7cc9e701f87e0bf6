package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// Finds where reading can go on behind damage.
///
/// Offsets are tried in ascending order, so that what stands before a key is found with it. One is
/// taken when from there a run of records parses and decodes: keys such as the file has, until
/// there is enough [Evidence] that they are no chance, or fewer up to an end of the RDB that is the
/// end of the file.
///
/// The first record of a run is given up, because nothing vouches for its beginning: an expiry may
/// have stood in front of it, or it may be garbage that happens to end where a record begins. It is
/// kept where its first bytes are hardly chance: a reasonable expiry, or a database and its size.
///
/// All work is counted by [FileBytes#looks], with lengths that are followed and strings that are
/// unpacked, and the search ends when it is more than so many times the file's size: no file can
/// make it endless.
final class Resync {

  private static final int BUFFER_BYTES = 512;
  private static final int MOST_UNLIKELY = 3;
  private static final int LOOKS_PER_BYTE = 64;
  private static final long LEAST_LOOKS = 64L << 20;
  private static final int MOST_FAILURES = 100;
  private static final long ANYWHERE = -1;

  private final DamagedFile damaged;
  private final FileBytes file;
  private final KeyShape shape;
  private final Outline outline;
  private final long mostLooks;

  Resync(DamagedFile damaged) {
    this.damaged = damaged;
    this.file = damaged.bytes();
    this.shape = damaged.shape();
    this.outline = new Outline(damaged);
    this.mostLooks = file.looks() + mostLooks(file.size());
  }

  /// How much work reading and searching may make of a file of that size.
  static long mostLooks(long fileBytes) {
    return LEAST_LOOKS + LOOKS_PER_BYTE * fileBytes;
  }

  /// Whether a record of a key begins at `offset`, whatever becomes of its value.
  boolean beginsAsKey(long offset) throws IOException {
    return outline.beginsAsKey(offset);
  }

  /// The first offset from `from` on at which reading can go on and gets further than `past`.
  OptionalLong find(long from, long past, LongConsumer progress) throws IOException {
    OptionalLong found = search(from, past, progress);
    if (!shape.takesBinary() && !shape.hasSeenText() && isNoKey(found)) {
      shape.takeAnything();
      found = search(from, past, progress);
    }
    return found;
  }

  private boolean isNoKey(OptionalLong found) throws IOException {
    return found.isEmpty() || outline.isEndOfFile(found.getAsLong());
  }

  /// Whether records go on at `offset` as they do in a sound file, which vouches for what stands
  /// before: a few that are likely, the first of which covers no others, or many of which most are.
  boolean isConfirmed(long offset) throws IOException {
    OptionalLong run = tryFrom(offset, offset);
    if (run.isPresent()) {
      long resume = run.getAsLong();
      return earliest(offset, offset, resume, offset) == resume;
    }
    return isLongRun(offset);
  }

  private boolean isLongRun(long offset) throws IOException {
    RecordWalk walk = walk(offset);
    Evidence evidence = new Evidence(damaged);
    int unlikely = 0;
    while (unlikely <= MOST_UNLIKELY && !evidence.isAmple()) {
      if (isExhausted()) {
        return false;
      }
      switch (walk.next()) {
        case KEY, LOST_TEMPLATE, OTHER -> {
          RdbRecord record = walk.record().orElseThrow();
          if (evidence.isLikely(record, walk.start(), walk.end())) {
            evidence.add(record, walk.isLookedInto());
          } else if (evidence.isRepeated()) {
            return false;
          } else {
            unlikely++;
          }
        }
        case END -> {
          return walk.isEndOfFile();
        }
        case DAMAGED_VALUE, FAILED -> {
          return false;
        }
      }
    }
    return evidence.isAmple();
  }

  private RecordWalk walk(long offset) {
    return RecordWalk.from(damaged, offset, 0, BUFFER_BYTES);
  }

  /// Whether the search was given up because too much had been read in vain.
  boolean isExhausted() {
    return file.looks() >= mostLooks;
  }

  private OptionalLong search(long from, long past, LongConsumer progress) throws IOException {
    for (long candidate = from; candidate < file.size() && !isExhausted(); candidate++) {
      progress.accept(candidate);
      if (outline.mayBegin(candidate)) {
        OptionalLong resume = tryFrom(candidate, past);
        if (resume.isPresent()) {
          return OptionalLong.of(earliest(from, candidate, resume.getAsLong(), past));
        }
      }
    }
    return OptionalLong.empty();
  }

  /// The beginning of the run that was found at `resume`. Where the record in front of it was given
  /// up, that may be garbage that ends inside of a record by chance: behind the expiry of a key, or
  /// far away, with sound records in between. Those are taken if they lead to `resume`.
  private long earliest(long from, long candidate, long resume, long past) throws IOException {
    if (resume == candidate) {
      return resume;
    }
    long earliest = outline.withExpiry(resume, from);
    int failures = 0;
    for (long at = candidate + 1;
        at < earliest && failures < MOST_FAILURES && !isExhausted();
        at++) {
      if (outline.mayBegin(at)) {
        OptionalLong earlier = tryFrom(at, past, earliest);
        if (earlier.isPresent()) {
          earliest = Math.min(earliest, outline.withExpiry(earlier.getAsLong(), from));
        } else {
          failures++;
        }
      }
    }
    return earliest;
  }

  private OptionalLong tryFrom(long candidate, long past) throws IOException {
    return tryFrom(candidate, past, ANYWHERE);
  }

  private OptionalLong tryFrom(long candidate, long past, long through) throws IOException {
    return isExhausted() ? OptionalLong.empty() : run(walk(candidate), candidate, past, through);
  }

  /// Where reading can go on if a run begins at `candidate`.
  ///
  /// @param through an offset at which one of its records has to begin, after keys that are all
  ///   familiar; or [#ANYWHERE]
  private OptionalLong run(RecordWalk walk, long candidate, long past, long through)
      throws IOException {
    Evidence evidence = new Evidence(damaged);
    long resume = candidate;
    boolean isThrough = through == ANYWHERE;
    for (int records = 0; !evidence.suffices() || walk.end() <= past || !isThrough; records++) {
      switch (walk.next()) {
        case KEY, LOST_TEMPLATE, OTHER -> {
          RdbRecord record = walk.record().orElseThrow();
          boolean isLikely = evidence.isLikely(record, walk.start(), walk.end());
          // A blank in a text begins such a hash, which then ends wherever a record begins.
          if (!isLikely
              || (records == 0 && walk.guess().isPresent())
              || (!isThrough && records > 0 && !evidence.isFamiliar(record))) {
            return OptionalLong.empty();
          }
          if (records == 0 && !evidence.isSureBeginning(record, walk.start(), walk.end())) {
            resume = walk.end();
          } else {
            evidence.add(record, walk.isLookedInto());
          }
        }
        case END -> {
          return walk.isEndOfFile() && isThrough && evidence.isEnoughForAnEnd()
              ? OptionalLong.of(resume)
              : OptionalLong.empty();
        }
        case DAMAGED_VALUE, FAILED -> {
          return OptionalLong.empty();
        }
      }
      isThrough |= walk.end() == through;
      if (isExhausted() || (!isThrough && walk.end() > through)) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(resume);
  }
}
