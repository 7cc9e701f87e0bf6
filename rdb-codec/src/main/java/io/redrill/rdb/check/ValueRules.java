package io.redrill.rdb.check;

import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What must hold of a value that decodes, and can only be seen from all its elements together.
final class ValueRules {

  private static final Comparator<StreamValue.Id> ID_ORDER =
      (left, right) -> {
        int byMillis = Long.compareUnsigned(left.millis(), right.millis());
        return byMillis != 0 ? byMillis : Long.compareUnsigned(left.sequence(), right.sequence());
      };

  private ValueRules() {}

  /// One sentence for each rule that `value` breaks.
  static List<String> violations(RdbValue value) {
    return switch (value) {
      case StringValue _, ListValue _, ModuleValue _ -> List.of();
      case SetValue set -> distinct(set.members(), "a set holds a member twice");
      case SortedSetValue sortedSet ->
          distinct(
              sortedSet.members().stream().map(SortedSetValue.Member::member).toList(),
              "a sorted set holds a member twice");
      case HashValue hash ->
          distinct(
              hash.fields().stream().map(HashValue.Field::field).toList(),
              "a hash holds a field twice");
      case StreamValue stream -> stream(stream);
    };
  }

  static boolean isEmptyCollection(RdbValue value) {
    return switch (value) {
      case ListValue list -> list.elements().isEmpty();
      case SetValue set -> set.members().isEmpty();
      case SortedSetValue sortedSet -> sortedSet.members().isEmpty();
      case HashValue hash -> hash.fields().isEmpty();
      case StringValue _, StreamValue _, ModuleValue _ -> false;
    };
  }

  private static List<String> distinct(List<byte[]> elements, String sentence) {
    byte[][] sorted = elements.toArray(new byte[0][]);
    Arrays.sort(sorted, Arrays::compareUnsigned);
    for (int i = 1; i < sorted.length; i++) {
      if (Arrays.equals(sorted[i - 1], sorted[i])) {
        return List.of(sentence);
      }
    }
    return List.of();
  }

  private static List<String> stream(StreamValue stream) {
    List<String> broken = new ArrayList<>();
    StreamValue.Id before = new StreamValue.Id(0, 0);
    for (StreamValue.Entry entry : stream.entries()) {
      if (ID_ORDER.compare(before, entry.id()) >= 0) {
        broken.add("the ids of a stream do not ascend");
        break;
      }
      before = entry.id();
    }
    if (ID_ORDER.compare(before, stream.lastId()) > 0) {
      broken.add("an id of a stream is greater than its last id");
    }
    if (Long.compareUnsigned(stream.entriesAdded(), stream.length()) < 0) {
      broken.add("a stream holds more entries than were ever added");
    }
    broken.addAll(
        distinct(
            stream.groups().stream().map(StreamValue.Group::name).toList(),
            "a stream has a group twice"));
    stream.groups().forEach(group -> broken.addAll(group(group)));
    return broken;
  }

  private static List<String> group(StreamValue.Group group) {
    List<String> broken = new ArrayList<>();
    Set<StreamValue.Id> unowned = new HashSet<>();
    for (StreamValue.Pending pending : group.pending()) {
      if (!unowned.add(pending.id())) {
        broken.add("an entry is pending twice in a group");
      }
    }
    for (StreamValue.Consumer consumer : group.consumers()) {
      for (StreamValue.Id id : consumer.pending()) {
        if (!unowned.remove(id)) {
          broken.add("a consumer has a pending entry that its group has not, or another has too");
        }
      }
    }
    if (!unowned.isEmpty()) {
      broken.add("a pending entry of a group belongs to no consumer");
    }
    broken.addAll(
        distinct(
            group.consumers().stream().map(StreamValue.Consumer::name).toList(),
            "a group has a consumer twice"));
    return broken;
  }
}
