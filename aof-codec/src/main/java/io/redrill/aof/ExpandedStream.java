package io.redrill.aof;

import static io.redrill.aof.CommandBuffer.constant;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.ElementHandler.StreamState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A stream as ordinary commands, in the order in which it is stored: `XADD` for each entry,
/// `XSETID`, and for each group `XGROUP CREATE`, its consumers, and `XCLAIM` for what is pending.
///
/// An entry that is pending though it was deleted cannot be made pending again: `XCLAIM` drops it,
/// as it does when a server rewrites its log. This, and what else has no command, is counted. So
/// that they are known, the stream is walked twice: [Pending] first learns which ids are pending
/// somewhere. These are kept, as is what is pending in one group. A stream that is too large for
/// two walks has its `XCLAIM` for deleted entries too, and they are not counted: the server drops
/// them.
final class ExpandedStream {

  private static final byte[] XADD = constant("XADD");
  private static final byte[] MAXLEN = constant("MAXLEN");
  private static final byte[] ZERO = constant("0");
  private static final byte[] XSETID = constant("XSETID");
  private static final byte[] ENTRIESADDED = constant("ENTRIESADDED");
  private static final byte[] MAXDELETEDID = constant("MAXDELETEDID");
  private static final byte[] XGROUP = constant("XGROUP");
  private static final byte[] CREATE = constant("CREATE");
  private static final byte[] CREATECONSUMER = constant("CREATECONSUMER");
  private static final byte[] ENTRIESREAD = constant("ENTRIESREAD");
  private static final byte[] XCLAIM = constant("XCLAIM");
  private static final byte[] TIME = constant("TIME");
  private static final byte[] RETRYCOUNT = constant("RETRYCOUNT");
  private static final byte[] FORCE = constant("FORCE");
  private static final byte[] JUSTID = constant("JUSTID");
  private static final byte[] FIELD = constant("x");

  private record Id(long millis, long sequence) {

    byte[] text() {
      return (Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence))
          .getBytes(StandardCharsets.US_ASCII);
    }
  }

  private record Delivery(long atMillis, long count) {}

  private final CommandBuffer out;
  private final boolean since70;
  private final RestoreLosses losses;
  private final Batch entry = new Batch();
  private final Set<Id> pending = new HashSet<>();
  private final Set<Id> live = new HashSet<>();
  private final Map<Id, Delivery> deliveries = new HashMap<>();
  private ByteSlice key = new ByteSlice();
  private byte[] group = {};
  private byte[] consumer = {};
  private boolean hasEntry;
  private boolean hasEntries;
  private boolean hasConsumer;
  private boolean ownsEntries;
  private boolean hasCounts;
  private boolean hasProducers;
  private boolean isPendingKnown;

  ExpandedStream(CommandBuffer out, boolean since70, RestoreLosses losses) {
    this.out = out;
    this.since70 = since70;
    this.losses = losses;
  }

  /// Begins the stream `of`.
  ///
  /// @param isWalkedTwice whether [Pending] comes before all the rest
  void begin(ByteSlice of, boolean isWalkedTwice) {
    key = of;
    isPendingKnown = isWalkedTwice;
    hasEntry = false;
    entry.clear();
    hasEntries = false;
    hasConsumer = false;
    hasCounts = false;
    hasProducers = false;
    pending.clear();
    live.clear();
    deliveries.clear();
  }

  /// Takes the ids that are pending in any group.
  final class Pending implements ElementHandler {
    @Override
    public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
      pending.add(new Id(millis, sequence));
    }
  }

  void end() {
    endConsumer();
    if (hasCounts && !since70) {
      losses.add(RestoreLoss.STREAM_COUNTS);
    }
    if (hasProducers) {
      losses.add(RestoreLoss.IDEMPOTENCE);
    }
    pending.clear();
    live.clear();
    deliveries.clear();
  }

  void entry(long millis, long sequence) {
    endEntry();
    Id id = new Id(millis, sequence);
    if (pending.contains(id)) {
      live.add(id);
    }
    entry.add(id.text());
    hasEntry = true;
    hasEntries = true;
  }

  void field(ByteSlice field, ByteSlice value) {
    entry.add(field);
    entry.add(value);
  }

  private void endEntry() {
    if (!hasEntry) {
      return;
    }
    write(() -> {
      out.begin(2 + entry.count());
      out.raw(XADD);
      out.argument(key);
      entry.writeTo(out);
    });
    entry.clear();
    hasEntry = false;
  }

  void state(StreamState state) {
    endEntry();
    hasCounts |=
        state.entriesAdded() != state.length()
            || state.maxDeletedMillis() != 0
            || state.maxDeletedSequence() != 0;
    write(() -> {
      if (!hasEntries) {
        // Only an entry brings a stream into being.
        out.begin(7);
        out.raw(XADD);
        out.argument(key);
        out.raw(MAXLEN);
        out.raw(ZERO);
        argument(new Id(0, 1).text());
        out.raw(FIELD);
        out.raw(FIELD);
      }
      out.begin(since70 ? 7 : 3);
      out.raw(XSETID);
      out.argument(key);
      argument(new Id(state.lastMillis(), state.lastSequence()).text());
      if (since70) {
        out.raw(ENTRIESADDED);
        out.argument(state.entriesAdded());
        out.raw(MAXDELETEDID);
        argument(new Id(state.maxDeletedMillis(), state.maxDeletedSequence()).text());
      }
    });
  }

  void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    endConsumer();
    hasCounts |= entriesRead != -1;
    deliveries.clear();
    group = name.toByteArray();
    boolean hasCount = since70 && entriesRead != -1;
    write(() -> {
      out.begin(hasCount ? 7 : 5);
      out.raw(XGROUP);
      out.raw(CREATE);
      out.argument(key);
      argument(group);
      argument(new Id(millis, sequence).text());
      if (hasCount) {
        out.raw(ENTRIESREAD);
        out.argument(entriesRead);
      }
    });
  }

  void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    deliveries.put(new Id(millis, sequence), new Delivery(deliveredAtMillis, deliveryCount));
  }

  void consumer(ByteSlice name) {
    endConsumer();
    hasConsumer = true;
    ownsEntries = false;
    consumer = name.toByteArray();
    if (since70) {
      write(() -> {
        out.begin(5);
        out.raw(XGROUP);
        out.raw(CREATECONSUMER);
        out.argument(key);
        argument(group);
        argument(consumer);
      });
    }
  }

  /// Before Redis 7.0 only what is pending for a consumer brings it into being.
  private void endConsumer() {
    if (hasConsumer) {
      losses.add(since70 || ownsEntries ? RestoreLoss.CONSUMER_TIMES : RestoreLoss.CONSUMERS);
    }
    hasConsumer = false;
  }

  void unownedPending() {
    losses.add(RestoreLoss.UNOWNED_ENTRIES);
  }

  void rememberedProducers() {
    hasProducers = true;
  }

  void consumerPending(long millis, long sequence) {
    Id id = new Id(millis, sequence);
    Delivery delivery = deliveries.get(id);
    if (delivery == null || (isPendingKnown && !live.contains(id))) {
      losses.add(RestoreLoss.DELETED_PENDING);
      return;
    }
    ownsEntries = true;
    write(() -> {
      out.begin(12);
      out.raw(XCLAIM);
      out.argument(key);
      argument(group);
      argument(consumer);
      out.raw(ZERO);
      argument(id.text());
      out.raw(TIME);
      out.argument(delivery.atMillis());
      out.raw(RETRYCOUNT);
      out.argument(delivery.count());
      out.raw(FORCE);
      out.raw(JUSTID);
    });
  }

  private void argument(byte[] bytes) throws IOException {
    out.argument(bytes, 0, bytes.length);
  }

  @FunctionalInterface
  private interface Writing {
    void write() throws IOException;
  }

  private static void write(Writing writing) {
    try {
      writing.write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
