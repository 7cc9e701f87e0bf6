package io.redrill.rdb.convert;

import io.redrill.rdb.ByteTap;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.encoding.Crc64;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Sends the bytes of records to sinks as a reader consumes them, so that nothing is read again and
/// a record of any size takes no memory.
///
/// Bytes come by the buffer, and records end anywhere in it. So what is to become of a stretch is
/// noted when it is known ([#begin], [#end]), and done when its bytes come by; neighbours that go
/// the same way are one stretch. Bytes that come by before it is known (of a key, where a buffer
/// ends) wait in an array of their own.
///
/// A plan of copying needs to know the CRC-64 of what it gets. The cursor sums up all bytes anyway,
/// so where a plan gets whole buffers, theirs is taken from what the cursor had before and after.
///
/// Invariants: every byte before `seen` went its way or waits; the bytes that wait are those from
/// `decided` to `seen`; stretches end in ascending order, the last one at `decided` or, while
/// `isOpen`, nowhere yet.
final class PassingBytes implements ByteTap {

  /// Where bytes go that nobody wants.
  static final RecordSink[] NOWHERE = {};

  private RecordSink[][] sinks = new RecordSink[64][];
  private long[] ends = new long[sinks.length];
  private int stretches;
  private boolean isOpen;
  private long decided;
  private long seen;
  private byte[] waiting = new byte[256];
  private int waitingBytes;
  private final RdbCursor cursor;

  // The plan that gets whole buffers, since when and how much.
  private @Nullable CopyPlan plan;
  private long crcBefore;
  private long planBytes;

  /// Begins with the byte at `offset`, which the input of `cursor` shows next.
  PassingBytes(long offset, RdbCursor cursor) {
    this.decided = offset;
    this.seen = offset;
    this.cursor = cursor;
  }

  /// Up to where it is known what becomes of the bytes.
  long decided() {
    return decided;
  }

  /// Sends the bytes from `start` on to `to`, until [#end]. Those in front of them of which nothing
  /// was said go nowhere.
  ///
  /// @param start at [#decided] or behind it
  /// @param to always the same array for the same sinks: neighbours are told by it
  void begin(long start, RecordSink[] to) throws IOException {
    int skipped = (int) Math.min(waitingBytes, start - decided);
    send(to, waiting, skipped, waitingBytes - skipped, decided + skipped);
    waitingBytes = 0;
    if (start > decided) {
      add(NOWHERE);
      end(start);
    }
    add(to);
    isOpen = true;
  }

  /// Ends the stretch that [#begin] began. All bytes before `end` have been consumed.
  void end(long end) {
    ends[stretches - 1] = end;
    decided = end;
    isOpen = false;
  }

  @SuppressWarnings("ReferenceEquality") // an array is nothing but itself
  private void add(RecordSink[] to) {
    if (stretches > 0 && sinks[stretches - 1] == to) {
      return;
    }
    if (stretches == sinks.length) {
      sinks = Arrays.copyOf(sinks, 2 * stretches);
      ends = Arrays.copyOf(ends, 2 * stretches);
    }
    sinks[stretches++] = to;
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) throws IOException {
    CopyPlan whole = planOfAll(length);
    if (plan != whole) {
      endWholeBuffers();
    }
    int at = offset;
    int limit = offset + length;
    if (whole != null) {
      toPlan(whole, length);
      at = limit;
    }
    for (int i = 0; i < stretches && at < limit; i++) {
      int stop = limit;
      if (!isOpen || i < stretches - 1) {
        // What stands before `seen` went by while it waited.
        stop = Math.max(at, (int) Math.min(limit, offset + ends[i] - seen));
      }
      send(sinks[i], bytes, at, stop - at, seen + at - offset);
      at = stop;
    }
    seen += length;
    if (isOpen) {
      sinks[0] = sinks[stretches - 1];
      stretches = 1;
    } else {
      stretches = 0;
      keep(bytes, at, limit - at);
    }
  }

  /// The plan that gets all of the next `length` bytes, if one does.
  private @Nullable CopyPlan planOfAll(int length) {
    boolean isOne = stretches == 1 && (isOpen || ends[0] == seen + length);
    return isOne && sinks[0].length == 1 && sinks[0][0] instanceof CopyPlan found ? found : null;
  }

  private void toPlan(CopyPlan whole, int length) throws IOException {
    if (plan == null) {
      plan = whole;
      crcBefore = cursor.crc();
      planBytes = 0;
    }
    whole.extend(seen, length);
    planBytes += length;
  }

  /// Lets the plan know the CRC of the buffers that it got: the cursor has seen these, and nothing
  /// else. (No plan ends with a whole buffer: a record that it does not get ends it.)
  private void endWholeBuffers() throws IOException {
    if (plan != null) {
      plan.summed(planBytes, Crc64.combine(crcBefore, cursor.crc(), planBytes));
      plan = null;
    }
  }

  private void keep(byte[] bytes, int from, int length) {
    int needed = Math.addExact(waitingBytes, length);
    if (needed > waiting.length) {
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * waiting.length);
      waiting = Arrays.copyOf(waiting, Math.max(needed, doubled));
    }
    System.arraycopy(bytes, from, waiting, waitingBytes, length);
    waitingBytes = needed;
  }

  private static void send(RecordSink[] to, byte[] bytes, int from, int length, long offset)
      throws IOException {
    for (RecordSink sink : to) {
      sink.copy(bytes, from, length, offset);
    }
  }
}
