package io.redrill.rdb;

import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StreamValue.Consumer;
import io.redrill.rdb.RdbValue.StreamValue.Group;
import io.redrill.rdb.RdbValue.StreamValue.Pending;
import java.util.ArrayList;
import java.util.List;

/// Encodes a stream in the oldest of its types that holds all of it; the layout is drawn at
/// [StreamDecoder].
final class StreamEncoder {

  private final int version;
  private final PackingLimits limits;
  private final RdbOutput out;

  StreamEncoder(int version, PackingLimits limits, RdbOutput out) {
    this.version = version;
    this.limits = limits;
    this.out = out;
  }

  RdbType encode(StreamValue stream) throws TargetTooOldException {
    RdbType type = typeFor(stream);
    if (!RdbVersions.holds(version, type)) {
      throw new TargetTooOldException(
          type == RdbType.STREAM_LISTPACKS_3
              ? "the active times of a stream's consumers"
              : "a stream's count of entries ever added and read",
          version);
    }
    nodes(stream.entries());
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
    return type;
  }

  /// Version 9 can only write the oldest type; later ones use it no more.
  private RdbType typeFor(StreamValue stream) {
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
      if (type == RdbType.STREAM_LISTPACKS_3) {
        out.putLongLittleEndian(consumer.activeAtMillis());
      }
      out.putLength(consumer.pending().size());
      consumer.pending().forEach(out::putRawId);
    }
  }
}
