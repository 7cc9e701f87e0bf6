package io.redrill.rdb.digest;

import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbValue.HashValue;
import io.redrill.rdb.RdbValue.ListValue;
import io.redrill.rdb.RdbValue.ModuleValue;
import io.redrill.rdb.RdbValue.SetValue;
import io.redrill.rdb.RdbValue.SortedSetValue;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StringValue;
import java.nio.charset.StandardCharsets;

/// Hashes a key with its expiry and its value, as `docs/formats/digest.md` defines it.
///
/// Whatever has no order is summed: the hash of each element is added modulo 2^128.
final class KeyHash {

  /// The kinds of value, as they enter the hash.
  private static final int STRING = 1;

  private static final int LIST = 2;
  private static final int SET = 3;
  private static final int SORTED_SET = 4;
  private static final int HASH = 5;
  private static final int STREAM = 6;
  private static final int MODULE = 7;

  private final HashedBytes whole = new HashedBytes();
  private final HashedBytes element = new HashedBytes();
  private final HashedBytes part = new HashedBytes();

  Digest128 of(byte[] key, long expireAtMillis, RdbValue value) {
    whole.clear();
    whole.put(key);
    whole.put(expireAtMillis);
    switch (value) {
      case StringValue string -> {
        whole.put(STRING);
        whole.put(string.bytes());
      }
      case ListValue list -> {
        whole.put(LIST);
        whole.put(list.elements().size());
        list.elements().forEach(whole::put);
      }
      case SetValue set -> set(set);
      case SortedSetValue sortedSet -> sortedSet(sortedSet);
      case HashValue hash -> hash(hash);
      case StreamValue stream -> stream(stream);
      case ModuleValue module -> {
        whole.put(MODULE);
        whole.put(module.moduleName().getBytes(StandardCharsets.ISO_8859_1));
        whole.put(module.payload());
      }
    }
    return whole.hash();
  }

  private void set(SetValue set) {
    Digest128 sum = Digest128.ZERO;
    for (byte[] member : set.members()) {
      element.clear();
      element.put(member);
      sum = sum.plus(element.hash());
    }
    whole.put(SET);
    whole.put(set.members().size());
    whole.put(sum);
  }

  private void sortedSet(SortedSetValue sortedSet) {
    Digest128 sum = Digest128.ZERO;
    for (SortedSetValue.Member member : sortedSet.members()) {
      element.clear();
      element.put(member.member());
      // Adding zero makes -0.0 equal to 0.0, as it is to every command.
      element.put(Double.doubleToLongBits(member.score() + 0.0));
      sum = sum.plus(element.hash());
    }
    whole.put(SORTED_SET);
    whole.put(sortedSet.members().size());
    whole.put(sum);
  }

  private void hash(HashValue hash) {
    Digest128 sum = Digest128.ZERO;
    for (HashValue.Field field : hash.fields()) {
      element.clear();
      element.put(field.field());
      element.put(field.value());
      element.put(field.expireAtMillis());
      sum = sum.plus(element.hash());
    }
    whole.put(HASH);
    whole.put(hash.fields().size());
    whole.put(sum);
  }

  private void stream(StreamValue stream) {
    whole.put(STREAM);
    whole.put(stream.entries().size());
    for (StreamValue.Entry entry : stream.entries()) {
      put(whole, entry.id());
      whole.put(entry.fieldsAndValues().size());
      entry.fieldsAndValues().forEach(whole::put);
    }
    put(whole, stream.lastId());
    Digest128 groups = Digest128.ZERO;
    for (StreamValue.Group group : stream.groups()) {
      groups = groups.plus(group(group));
    }
    whole.put(stream.groups().size());
    whole.put(groups);
  }

  private Digest128 group(StreamValue.Group group) {
    Digest128 pending = Digest128.ZERO;
    for (StreamValue.Pending each : group.pending()) {
      part.clear();
      put(part, each.id());
      part.put(each.deliveredAtMillis());
      part.put(each.deliveryCount());
      pending = pending.plus(part.hash());
    }
    Digest128 consumers = Digest128.ZERO;
    for (StreamValue.Consumer consumer : group.consumers()) {
      consumers = consumers.plus(consumer(consumer));
    }
    element.clear();
    element.put(group.name());
    put(element, group.lastDeliveredId());
    element.put(group.pending().size());
    element.put(pending);
    element.put(group.consumers().size());
    element.put(consumers);
    return element.hash();
  }

  private Digest128 consumer(StreamValue.Consumer consumer) {
    Digest128 ids = Digest128.ZERO;
    for (StreamValue.Id id : consumer.pending()) {
      part.clear();
      put(part, id);
      ids = ids.plus(part.hash());
    }
    part.clear();
    part.put(consumer.name());
    part.put(consumer.pending().size());
    part.put(ids);
    return part.hash();
  }

  private static void put(HashedBytes bytes, StreamValue.Id id) {
    bytes.put(id.millis());
    bytes.put(id.sequence());
  }
}
