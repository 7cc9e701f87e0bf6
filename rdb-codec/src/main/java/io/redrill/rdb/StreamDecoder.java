package io.redrill.rdb;

import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValue.StreamValue.Consumer;
import io.redrill.rdb.RdbValue.StreamValue.Group;
import io.redrill.rdb.RdbValue.StreamValue.Pending;
import io.redrill.rdb.encoding.Listpack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Decodes a stream of the three versions of its type (15, 19 and 21).
///
/// | from version | what |
/// |---|---|
/// | 1 | count of nodes; each: string of the 16 raw bytes of its first id, string of a listpack ([StreamNode]) |
/// | 1 | number of live entries, last id |
/// | 2 | first id, greatest deleted id, number of entries ever added |
/// | 1 | count of groups; each: name, last delivered id |
/// | 2 | ... its count of entries read |
/// | 1 | ... count of pending; each: raw id, delivery time (8), delivery count |
/// | 1 | ... count of consumers; each: name, seen time (8) |
/// | 3 | ... ... active time (8) |
/// | 1 | ... ... count of its pending; each: raw id |
final class StreamDecoder {

  private static final int ID_BYTES = 16;
  private static final StreamValue.Id ZERO = new StreamValue.Id(0, 0);

  private final RdbInput in;
  private final int version;

  StreamDecoder(RdbInput in, int version) {
    this.in = in;
    this.version = version;
  }

  StreamValue decode() throws IOException {
    List<StreamValue.Entry> entries = new ArrayList<>();
    for (long left = in.count(); left > 0; left--) {
      byte[] rawId = in.string();
      if (rawId.length != ID_BYTES) {
        throw in.corrupt("the id of a stream's node is not 16 bytes long");
      }
      StreamValue.Id first = RdbInput.idOf(rawId);
      if (!StreamNode.read(first, Listpack.parse(in.string()), entries)) {
        throw in.corrupt("a node of a stream is malformed");
      }
    }
    long length = in.length();
    StreamValue.Id lastId = in.id();
    StreamValue.Id firstId = entries.isEmpty() ? ZERO : entries.getFirst().id();
    StreamValue.Id maxDeletedId = ZERO;
    long entriesAdded = length;
    if (version >= 2) {
      firstId = in.id();
      maxDeletedId = in.id();
      entriesAdded = in.length();
    }
    if (length != entries.size()) {
      throw in.corrupt("the length of a stream does not match its entries");
    }
    return new StreamValue(entries, length, lastId, firstId, maxDeletedId, entriesAdded, groups());
  }

  private List<Group> groups() throws IOException {
    List<Group> groups = new ArrayList<>();
    for (long left = in.count(); left > 0; left--) {
      byte[] name = in.string();
      StreamValue.Id lastDelivered = in.id();
      long entriesRead = version >= 2 ? in.length() : -1;
      List<Pending> pending = new ArrayList<>();
      for (long more = in.count(); more > 0; more--) {
        pending.add(new Pending(in.rawId(), in.bytes().readLongLittleEndian(), in.length()));
      }
      groups.add(new Group(name, lastDelivered, entriesRead, pending, consumers()));
    }
    return groups;
  }

  private List<Consumer> consumers() throws IOException {
    List<Consumer> consumers = new ArrayList<>();
    for (long left = in.count(); left > 0; left--) {
      byte[] name = in.string();
      long seenAt = in.bytes().readLongLittleEndian();
      long activeAt = version >= 3 ? in.bytes().readLongLittleEndian() : -1;
      List<StreamValue.Id> pending = new ArrayList<>();
      for (long more = in.count(); more > 0; more--) {
        pending.add(in.rawId());
      }
      consumers.add(new Consumer(name, seenAt, activeAt, pending));
    }
    return consumers;
  }
}
