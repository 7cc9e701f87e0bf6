package io.redrill.rdb;

import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StreamValue.Consumer;
import io.redrill.rdb.RdbValue.StreamValue.Group;
import io.redrill.rdb.RdbValue.StreamValue.Idempotence;
import io.redrill.rdb.RdbValue.StreamValue.Message;
import io.redrill.rdb.RdbValue.StreamValue.Pending;
import io.redrill.rdb.RdbValue.StreamValue.Producer;
import java.util.ArrayList;
import java.util.List;

/// Encodes a stream in the oldest of its types that holds all of it; the layout is drawn at
/// [StreamWalker].
final class StreamEncoder {

  /// What Redis 8.6 begins with; its bounds allow 1 to 86400 seconds and 1 to 10000 messages.
  private static final Idempotence DEFAULT_IDEMPOTENCE = new Idempotence(100, 100, List.of(), 0, 0);

  private final int version;
  private final PackingLimits limits;
  private final RdbOutput out;

  StreamEncoder(int version, PackingLimits limits, RdbOutput out) {
    this.version = version;
    this.limits = limits;
    this.out = out;
  }

  RdbType encode(StreamValue stream) throws TargetTooOldException {
    RdbType type = checkedType(stream);
    nodes(stream.entries());
    tail(stream, type);
    return type;
  }

  /// As [#encode], of what follows the nodes alone.
  RdbType encodeTail(StreamValue stream) throws TargetTooOldException {
    RdbType type = checkedType(stream);
    tail(stream, type);
    return type;
  }

  private RdbType checkedType(StreamValue stream) throws TargetTooOldException {
    RdbType type = typeFor(stream);
    if (!RdbVersions.holds(version, type)) {
      throw new TargetTooOldException(
          switch (type) {
            case STREAM_LISTPACKS_5 -> "pending entries of a stream that belong to no consumer";
            case STREAM_LISTPACKS_4 -> "what a stream remembers of its producers";
            case STREAM_LISTPACKS_3 -> "the active times of a stream's consumers";
            default -> "a stream's count of entries ever added and read";
          },
          version);
    }
    return type;
  }

  private void tail(StreamValue stream, RdbType type) {
    out.putLength(stream.length());
    out.putId(stream.lastId());
    if (type != RdbType.STREAM_LISTPACKS) {
      out.putId(stream.firstId());
      out.putId(stream.maxDeletedId());
      out.putLength(stream.entriesAdded());
    }
    out.putLength(stream.groups().size());
    for (Group group : stream.groups()) {
      group(group, type);
    }
    if (type.streamVersion() >= 4) {
      idempotence(stream.idempotence().orElse(DEFAULT_IDEMPOTENCE));
    }
  }

  /// Version 9 can only write the oldest type; later ones use it no more.
  private RdbType typeFor(StreamValue stream) {
    if (RdbVersions.hasUnowned(stream)) {
      return RdbType.STREAM_LISTPACKS_5;
    }
    if (stream.idempotence().filter(remembered -> !remembered.isUnused()).isPresent()) {
      return RdbType.STREAM_LISTPACKS_4;
    }
    if (RdbVersions.hasActiveTimes(stream)) {
      return RdbType.STREAM_LISTPACKS_3;
    }
    boolean isPlain =
        stream.entriesAdded() == stream.length()
            && stream.maxDeletedId().equals(new StreamValue.Id(0, 0))
            && stream.groups().stream().allMatch(group -> group.entriesRead() < 0);
    return version < 10 && isPlain ? RdbType.STREAM_LISTPACKS : RdbType.STREAM_LISTPACKS_2;
  }

  private void nodes(List<StreamValue.Entry> entries) {
    List<List<StreamValue.Entry>> nodes = new ArrayList<>();
    List<StreamValue.Entry> node = new ArrayList<>();
    long nodeBytes = 0;
    for (StreamValue.Entry entry : entries) {
      long entryBytes = 0;
      for (byte[] text : entry.fieldsAndValues()) {
        entryBytes += text.length;
      }
      boolean isFull =
          node.size() >= limits.streamNodeEntries()
              || nodeBytes + entryBytes > limits.streamNodeBytes();
      if (isFull && !node.isEmpty()) {
        nodes.add(node);
        node = new ArrayList<>();
        nodeBytes = 0;
      }
      node.add(entry);
      nodeBytes += entryBytes;
    }
    if (!node.isEmpty()) {
      nodes.add(node);
    }
    out.putLength(nodes.size());
    for (List<StreamValue.Entry> each : nodes) {
      RdbOutput rawId = new RdbOutput(false);
      rawId.putRawId(each.getFirst().id());
      out.putString(rawId.toByteArray());
      out.putString(StreamNode.write(each).bytes());
    }
  }

  private void group(Group group, RdbType type) {
    out.putString(group.name());
    out.putId(group.lastDeliveredId());
    if (type != RdbType.STREAM_LISTPACKS) {
      out.putLength(group.entriesRead());
    }
    out.putLength(group.pending().size());
    for (Pending pending : group.pending()) {
      out.putRawId(pending.id());
      out.putLongLittleEndian(pending.deliveredAtMillis());
      out.putLength(pending.deliveryCount());
    }
    out.putLength(group.consumers().size());
    for (Consumer consumer : group.consumers()) {
      out.putString(consumer.name());
      out.putLongLittleEndian(consumer.seenAtMillis());
      if (type.streamVersion() >= 3) {
        out.putLongLittleEndian(consumer.activeAtMillis());
      }
      out.putLength(consumer.pending().size());
      consumer.pending().forEach(out::putRawId);
    }
    if (type.streamVersion() >= 5) {
      out.putLength(group.unowned().size());
      group.unowned().forEach(out::putRawId);
    }
  }

  private void idempotence(Idempotence remembered) {
    out.putLength(remembered.seconds());
    out.putLength(remembered.maxEntries());
    out.putLength(remembered.producers().size());
    for (Producer producer : remembered.producers()) {
      out.putString(producer.name());
      out.putLength(producer.messages().size());
      for (Message message : producer.messages()) {
        out.putString(message.messageId());
        out.putId(message.id());
      }
    }
    out.putLength(remembered.added());
    out.putLength(remembered.duplicates());
  }
}
