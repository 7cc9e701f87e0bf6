package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.util.OptionalLong;

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
/// What may be read in a search is bounded, so that no file can make it endless.
final class Resync {

  private static final int BUFFER_BYTES = 512;
  private static final int MOST_UNLIKELY = 3;
  private static final int BUDGET_FACTOR = 16;
  private static final long BUDGET_BASE = 64L << 20;

  private final FileBytes file;
  private final RdbHeader header;
  private final KeyShape shape;
  private final Outline outline;
  private final long maxRecordBytes;
  private long budget;

  Resync(FileBytes file, RdbHeader header, KeyShape shape, long maxRecordBytes) {
    this.file = file;
    this.header = header;
    this.shape = shape;
    this.outline = new Outline(file, header, shape);
    this.maxRecordBytes = maxRecordBytes;
    this.budget = BUDGET_BASE + BUDGET_FACTOR * file.size();
  }

  /// Whether a record of a key begins at `offset`, whatever becomes of its value.
  boolean beginsAsKey(long offset) throws IOException {
    return outline.beginsAsKey(offset);
  }

  /// The first offset from `from` on at which reading can go on and gets further than `past`.
  OptionalLong find(long from, long past) throws IOException {
    OptionalLong found = search(from, past);
    if (found.isEmpty() && !shape.takesBinary() && shape.isUntaught()) {
      shape.takeAnything();
      found = search(from, past);
    }
    return found;
  }

  /// Whether records go on at `offset` as they do in a sound file, which vouches for what stands
  /// before: a few that are likely, or many of which most are.
  boolean isConfirmed(long offset) throws IOException {
    return tryFrom(offset, offset).isPresent() || isLongRun(offset);
  }

  private boolean isLongRun(long offset) throws IOException {
    RecordWalk walk = walk(offset);
    try {
      Evidence evidence = new Evidence(file, header, shape);
      int unlikely = 0;
      while (unlikely <= MOST_UNLIKELY && !evidence.isAmple()) {
        if (walk.end() - offset > budget) {
          return false;
        }
        switch (walk.next()) {
          case KEY, OTHER -> {
            RdbRecord record = walk.record().orElseThrow();
            if (evidence.isLikely(record, walk.start(), walk.end())) {
              evidence.add(record);
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
    } finally {
      spend(walk, offset);
    }
  }

  private RecordWalk walk(long offset) throws IOException {
    return RecordWalk.from(
        file, header, offset, 0, Math.min(maxRecordBytes, Math.max(1, budget)), BUFFER_BYTES);
  }

  private void spend(RecordWalk walk, long from) throws IOException {
    budget -= Math.max(BUFFER_BYTES, walk.end() - from);
  }

  /// Whether the search was given up because too much had been read in vain.
  boolean isExhausted() {
    return budget <= 0;
  }

  private OptionalLong search(long from, long past) throws IOException {
    for (long candidate = from; candidate < file.size() && !isExhausted(); candidate++) {
      if (outline.mayBegin(candidate)) {
        OptionalLong resume = tryFrom(candidate, past);
        if (resume.isPresent()) {
          return resume;
        }
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong tryFrom(long candidate, long past) throws IOException {
    RecordWalk walk = walk(candidate);
    try {
      return run(walk, candidate, past);
    } finally {
      spend(walk, candidate);
    }
  }

  private OptionalLong run(RecordWalk walk, long candidate, long past) throws IOException {
    Evidence evidence = new Evidence(file, header, shape);
    long resume = candidate;
    for (int records = 0; !evidence.suffices() || walk.end() <= past; records++) {
      switch (walk.next()) {
        case KEY, OTHER -> {
          RdbRecord record = walk.record().orElseThrow();
          if (!evidence.isLikely(record, walk.start(), walk.end())) {
            return OptionalLong.empty();
          }
          if (records == 0 && !evidence.isSureBeginning(record, walk.start(), walk.end())) {
            resume = walk.end();
          } else {
            evidence.add(record);
          }
        }
        case END -> {
          return walk.isEndOfFile() ? OptionalLong.of(resume) : OptionalLong.empty();
        }
        case DAMAGED_VALUE, FAILED -> {
          return OptionalLong.empty();
        }
      }
      if (walk.end() - candidate > budget) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(resume);
  }
}
