package io.redrill.rdb;

import io.redrill.rdb.encoding.ElementSlot;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Walks what stands behind the entries of a stream: who reads it, and what it remembers of who
/// wrote it.
///
/// | from version | what |
/// |---|---|
/// | 1 | count of groups; each: name, last delivered id |
/// | 2 | ... its count of entries read |
/// | 1 | ... count of pending; each: raw id, delivery time (8), delivery count |
/// | 1 | ... count of consumers; each: name, seen time (8) |
/// | 3 | ... ... active time (8) |
/// | 1 | ... ... count of its pending; each: raw id |
/// | 5 | ... count of pending that belong to nobody; each: raw id |
/// | 4 | seconds and messages to remember, count of producers; each: name, count; each: message id, id |
/// | 4 | message ids ever added, repetitions dropped |
///
/// A name whose inside is damaged does not hide where the value ends. Only after the rest, which
/// may hide that and then comes first, is it told.
final class StreamGroups {

  private static final ElementHandler NOBODY = new ElementHandler() {};

  private final RdbInput in;
  private final Items items;
  private final ElementSlot text = new ElementSlot();
  private ElementHandler handler = NOBODY;
  private @Nullable FormatException damage;

  StreamGroups(RdbInput in, Items items) {
    this.in = in;
    this.items = items;
  }

  void walk(int version, ElementHandler listener) throws IOException {
    handler = listener;
    damage = null;
    for (long left = in.count(); left > 0; left--) {
      group(version);
    }
    if (version >= 4) {
      idempotence();
    }
    if (damage != null) {
      items.passed();
      throw damage;
    }
  }

  private void group(int version) throws IOException {
    ByteSlice name = name();
    handler.group(name, in.length(), in.length(), version >= 2 ? in.length() : -1);
    for (long left = in.count(); left > 0; left--) {
      handler.pending(
          in.bigEndianLong(), in.bigEndianLong(), in.bytes().readLongLittleEndian(), in.length());
    }
    for (long left = in.count(); left > 0; left--) {
      consumer(version);
    }
    if (version >= 5) {
      for (long ids = in.countOf(ValueScanner.STREAM_ID_BYTES); ids > 0; ids--) {
        handler.unownedPending(in.bigEndianLong(), in.bigEndianLong());
      }
    }
  }

  private void consumer(int version) throws IOException {
    ByteSlice name = name();
    handler.consumer(
        name,
        in.bytes().readLongLittleEndian(),
        version >= 3 ? in.bytes().readLongLittleEndian() : -1);
    for (long ids = in.countOf(ValueScanner.STREAM_ID_BYTES); ids > 0; ids--) {
      handler.consumerPending(in.bigEndianLong(), in.bigEndianLong());
    }
  }

  private void idempotence() throws IOException {
    handler.idempotence(in.length(), in.length());
    for (long left = in.count(); left > 0; left--) {
      handler.producer(name());
      for (long messages = in.count(); messages > 0; messages--) {
        ByteSlice id = name();
        handler.producerMessage(id, in.length(), in.length());
      }
    }
    handler.idempotenceCounts(in.length(), in.length());
  }

  /// The next name. After the first that cannot be unpacked nobody is told of anything.
  private ByteSlice name() throws IOException {
    in.bytes().hold();
    try {
      in.string(text);
    } catch (FormatException e) {
      in.bytes().rewind();
      in.skipString();
      handler = NOBODY;
      damage = damage == null ? e : damage;
    }
    in.bytes().release();
    return text.text();
  }
}
