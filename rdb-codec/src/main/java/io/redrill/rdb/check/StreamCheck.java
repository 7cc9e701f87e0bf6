package io.redrill.rdb.check;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler.StreamState;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.spill.SpillLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What must hold of a stream. Memory: the names of groups, and the pending ids and names of
/// consumers of one group, up to a limit. Beyond it, what the rest of the stream has of them goes
/// to a [GroupSpill], if there may be one; else it is not compared ([#isFull]).
///
/// Of what breaks a rule the first is named: the first group that has such, and the lowest name or
/// id there. So it does not depend on the limit.
final class StreamCheck {

  /// About what an entry of a set takes.
  private static final int ENTRY_BYTES = 100;

  private static final byte[] NOTHING = {};

  private final long roomBytes;
  private final Optional<SpillLimits> limits;
  private final Map<StreamRule, byte[]> broken = new EnumMap<>(StreamRule.class);
  private final GroupFact fact = new GroupFact();
  // These are made anew rather than cleared: what was large once takes long to clear.
  private Set<String> groups = new HashSet<>();
  private Set<String> consumers = new HashSet<>();
  private Set<StreamValue.Id> unowned = new HashSet<>();
  private Optional<GroupSpill> spill = Optional.empty();
  private long lastMillis;
  private long lastSequence;
  private long group;
  private long namesBytes;
  private boolean isFull;

  /// Compares in up to `roomBytes`, and beyond that as `limits` say, where they are given.
  StreamCheck(long roomBytes, Optional<SpillLimits> limits) {
    this.roomBytes = roomBytes;
    this.limits = limits;
  }

  /// Begins a stream; the one before may have been damaged, and never come to its [#end].
  void begin() {
    lastMillis = 0;
    lastSequence = 0;
    group = 0;
    namesBytes = 0;
    isFull = false;
    broken.clear();
    forgetAll();
  }

  void entry(long millis, long sequence) {
    if (StreamValue.Id.compare(lastMillis, lastSequence, millis, sequence) >= 0) {
      broken.put(StreamRule.ENTRIES_ASCEND, NOTHING);
    }
    lastMillis = millis;
    lastSequence = sequence;
  }

  void state(StreamState state) {
    if (StreamValue.Id.compare(lastMillis, lastSequence, state.lastMillis(), state.lastSequence())
        > 0) {
      broken.put(StreamRule.LAST_ID_IS_LAST, NOTHING);
    }
    if (Long.compareUnsigned(state.entriesAdded(), state.length()) < 0) {
      broken.put(StreamRule.ENTRIES_WERE_ADDED, NOTHING);
    }
  }

  void group(ByteSlice name) {
    endGroup();
    group++;
    boolean isKept = hasRoom(name.length());
    if (!isKept || !groups.add(text(name))) {
      fact.setGroup(name);
      take(isKept, StreamRule.GROUPS_DIFFER);
    }
  }

  void pending(long millis, long sequence) {
    boolean isKept = hasRoom(0);
    if (!isKept || !unowned.add(new StreamValue.Id(millis, sequence))) {
      fact.setPending(group, millis, sequence, false);
      take(isKept, StreamRule.PENDING_DIFFER);
    }
  }

  void consumer(ByteSlice name) {
    boolean isKept = hasRoom(name.length());
    if (!isKept || !consumers.add(text(name))) {
      fact.setConsumer(group, name);
      take(isKept, StreamRule.CONSUMERS_DIFFER);
    }
  }

  void owned(long millis, long sequence) {
    if (isFull || !unowned.remove(new StreamValue.Id(millis, sequence))) {
      fact.setPending(group, millis, sequence, true);
      take(!isFull, StreamRule.OWNED_IS_PENDING);
    }
  }

  /// Takes the fact that breaks `rule`, or one that there was no room for.
  private void take(boolean isBreach, StreamRule rule) {
    if (isBreach) {
      broken(rule, fact.array(), 0, fact.length());
    } else if (spill.isPresent()) {
      spill.get().add(fact);
    }
  }

  /// Whether there is room for one more name of `nameBytes`, or id; from when there is none on,
  /// nothing more of this stream is kept here.
  private boolean hasRoom(int nameBytes) {
    if (isFull) {
      return false;
    }
    namesBytes += nameBytes;
    long entries = 1L + groups.size() + consumers.size() + unowned.size();
    isFull = namesBytes + entries * ENTRY_BYTES > roomBytes;
    if (isFull && limits.isPresent()) {
      spillOver(limits.get());
    }
    return !isFull;
  }

  /// What was kept so far goes in front of the rest. Ids that were pending and have their consumer
  /// already are not missed: one that has a second is there without being pending.
  private void spillOver(SpillLimits spillLimits) {
    GroupSpill fresh = new GroupSpill(spillLimits);
    spill = Optional.of(fresh); // it is closed also where it fails
    for (String name : groups) {
      fact.setGroup(bytes(name));
      fresh.add(fact);
    }
    for (String name : consumers) {
      fact.setConsumer(group, bytes(name));
      fresh.add(fact);
    }
    for (StreamValue.Id id : unowned) {
      fact.setPending(group, id.millis(), id.sequence(), false);
      fresh.add(fact);
    }
    forgetAll();
  }

  /// Whether there was no room for all names and ids, and they were not compared.
  boolean isFull() {
    return isFull && limits.isEmpty();
  }

  private void endGroup() {
    if (!isFull) {
      for (StreamValue.Id id : unowned) {
        fact.setPending(group, id.millis(), id.sequence(), false);
        take(true, StreamRule.PENDING_IS_OWNED);
      }
    }
    forgetGroup();
  }

  private void forgetAll() {
    groups = groups.isEmpty() ? groups : new HashSet<>();
    forgetGroup();
  }

  private void forgetGroup() {
    unowned = unowned.isEmpty() ? unowned : new HashSet<>();
    consumers = consumers.isEmpty() ? consumers : new HashSet<>();
  }

  /// Keeps what breaks `rule` if it is the first.
  private void broken(StreamRule rule, byte[] bytes, int from, int to) {
    int role = GroupFact.ROLE_BYTES;
    byte[] before = broken.get(rule);
    if (before == null
        || Arrays.compareUnsigned(bytes, from + role, to, before, role, before.length) < 0) {
      broken.put(rule, Arrays.copyOfRange(bytes, from, to));
    }
  }

  /// One sentence for each rule that is broken.
  ///
  /// @throws IOException if temporary files fail
  List<String> end() throws IOException {
    endGroup();
    if (spill.isPresent()) {
      spill.get().each(this::broken);
    }
    return broken.entrySet().stream().map(StreamCheck::sentence).toList();
  }

  private static String sentence(Map.Entry<StreamRule, byte[]> breach) {
    return breach.getValue().length == 0
        ? breach.getKey().broken()
        : GroupFact.sentence(breach.getKey(), breach.getValue());
  }

  private static String text(ByteSlice name) {
    return new String(name.array(), name.offset(), name.length(), StandardCharsets.ISO_8859_1);
  }

  private static ByteSlice bytes(String name) {
    return ByteSlice.of(name.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Removes the temporary files of the stream, whether it came to its end or not.
  void release() throws IOException {
    if (spill.isPresent()) {
      GroupSpill open = spill.get();
      spill = Optional.empty();
      open.close();
    }
  }
}
