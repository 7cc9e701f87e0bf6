package io.redrill.verify.demo;

import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbValue.StreamValue;
import io.redrill.rdb.RdbValueEncoder;
import io.redrill.rdb.RdbValueEncoder.Encoded;
import io.redrill.rdb.RdbVersions;
import io.redrill.rdb.TargetTooOldException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A stream of orders with the groups `billing`, which has caught up, and `shipping`, in which two
/// workers hold the last entries unacknowledged.
///
/// It is loaded with `RESTORE`, which servers of RDB version 10 and later take, those too that do
/// not know the commands of streams.
///
/// @param orders how many entries there are
record OrderStream(int orders, long seed) {

  /// Order ids begin here and count seconds: 2026-01-01.
  private static final long FIRST_MILLIS = 1_767_225_600_000L;

  private static final int PENDING = 12;

  /// The command that makes the stream under `key`, in place of what is there.
  List<byte[]> restore(String key) {
    try {
      Encoded encoded = new RdbValueEncoder(RdbVersions.BASELINE).encode(stream());
      return List.of(
          bytes("RESTORE"),
          bytes(key),
          bytes("0"),
          DumpPayload.of(encoded.type(), encoded.value()),
          bytes("REPLACE"));
    } catch (TargetTooOldException e) {
      throw new IllegalStateException("the baseline version holds such streams", e);
    }
  }

  private StreamValue stream() {
    SplittableRandom random = new SplittableRandom(seed);
    List<StreamValue.Entry> entries = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      entries.add(
          new StreamValue.Entry(
              id(i),
              List.of(
                  bytes("order"),
                  bytes("%06d".formatted(i)),
                  bytes("total"),
                  bytes(random.nextInt(5, 400) + ".90"))));
    }
    StreamValue.Id last = id(orders - 1);
    return new StreamValue(
        entries,
        orders,
        last,
        id(0),
        new StreamValue.Id(0, 0),
        orders,
        List.of(
            new StreamValue.Group(bytes("billing"), last, orders, List.of(), List.of()),
            shipping(last)));
  }

  private StreamValue.Group shipping(StreamValue.Id last) {
    List<StreamValue.Pending> pending = new ArrayList<>();
    List<StreamValue.Id> even = new ArrayList<>();
    List<StreamValue.Id> odd = new ArrayList<>();
    for (int i = orders - PENDING; i < orders; i++) {
      StreamValue.Id id = id(i);
      pending.add(new StreamValue.Pending(id, id.millis() + 1_500, 1 + i % 3));
      (i % 2 == 0 ? even : odd).add(id);
    }
    return new StreamValue.Group(
        bytes("shipping"),
        last,
        orders,
        pending,
        List.of(
            new StreamValue.Consumer(bytes("worker-even"), last.millis() + 1_500, -1, even),
            new StreamValue.Consumer(bytes("worker-odd"), last.millis() + 1_500, -1, odd)));
  }

  private static StreamValue.Id id(int number) {
    return new StreamValue.Id(FIRST_MILLIS + number * 1_000L, number % 7);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
