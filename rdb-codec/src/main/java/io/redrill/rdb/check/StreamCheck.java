package io.redrill.rdb.check;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler.StreamState;
import io.redrill.rdb.RdbValue.StreamValue;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What must hold of a stream. Memory: the pending ids of one group, and the names of groups and
/// consumers, up to a limit; beyond it, pending ids and names are not compared ([#isFull]).
final class StreamCheck {

  /// About what an entry of a set takes.
  private static final int ENTRY_BYTES = 100;

  private final long roomBytes;
  private final Set<String> problems = new LinkedHashSet<>();
  private final Set<String> groups = new HashSet<>();
  private final Set<String> consumers = new HashSet<>();
  private final Set<StreamValue.Id> unowned = new HashSet<>();
  private long lastMillis;
  private long lastSequence;
  private boolean hasGroup;
  private long namesBytes;
  private boolean isFull;

  StreamCheck(long roomBytes) {
    this.roomBytes = roomBytes;
  }

  /// Begins a stream; the one before may have been damaged, and never come to its [#end].
  void begin() {
    lastMillis = 0;
    lastSequence = 0;
    hasGroup = false;
    namesBytes = 0;
    isFull = false;
    problems.clear();
    groups.clear();
    consumers.clear();
    unowned.clear();
  }

  void entry(long millis, long sequence) {
    if (StreamValue.Id.compare(lastMillis, lastSequence, millis, sequence) >= 0) {
      problems.add("the ids of a stream do not ascend");
    }
    lastMillis = millis;
    lastSequence = sequence;
  }

  void state(StreamState state) {
    if (StreamValue.Id.compare(lastMillis, lastSequence, state.lastMillis(), state.lastSequence())
        > 0) {
      problems.add("an id of a stream is greater than its last id");
    }
    if (Long.compareUnsigned(state.entriesAdded(), state.length()) < 0) {
      problems.add("a stream holds more entries than were ever added");
    }
  }

  void group(ByteSlice name) {
    endGroup();
    hasGroup = true;
    if (hasRoom(name.length()) && !groups.add(text(name))) {
      problems.add("a stream has a group twice");
    }
  }

  void pending(long millis, long sequence) {
    if (hasRoom(0) && !unowned.add(new StreamValue.Id(millis, sequence))) {
      problems.add("an entry is pending twice in a group");
    }
  }

  void consumer(ByteSlice name) {
    if (hasRoom(name.length()) && !consumers.add(text(name))) {
      problems.add("a group has a consumer twice");
    }
  }

  void owned(long millis, long sequence) {
    if (!isFull && !unowned.remove(new StreamValue.Id(millis, sequence))) {
      problems.add("a consumer has a pending entry that its group has not, or another has too");
    }
  }

  /// Whether there is room for one more name of `nameBytes`, or id; from when there is none on,
  /// nothing is compared any more in this stream.
  private boolean hasRoom(int nameBytes) {
    namesBytes += nameBytes;
    long entries = 1L + groups.size() + consumers.size() + unowned.size();
    isFull |= namesBytes + entries * ENTRY_BYTES > roomBytes;
    return !isFull;
  }

  /// Whether there was no room for all names and ids.
  boolean isFull() {
    return isFull;
  }

  private void endGroup() {
    if (hasGroup && !isFull && !unowned.isEmpty()) {
      problems.add("a pending entry of a group belongs to no consumer");
    }
    unowned.clear();
    consumers.clear();
  }

  /// One sentence for each rule that is broken.
  List<String> end() {
    endGroup();
    return List.copyOf(problems);
  }

  private static String text(ByteSlice name) {
    return new String(name.array(), name.offset(), name.length(), StandardCharsets.ISO_8859_1);
  }
}
