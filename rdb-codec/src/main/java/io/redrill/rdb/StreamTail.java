package io.redrill.rdb;

import io.redrill.rdb.RdbValue.StreamValue;
import java.io.IOException;

/// What a stream says behind its nodes, for a stream that changes its type and is too large to be
/// held: the nodes are the same bytes in all five types, and are copied.
public final class StreamTail {

  private StreamTail() {}

  /// Passes over the nodes of the stream that `in` shows next, its tail stays.
  ///
  /// @throws IOException if the input ends before, or holds no stream
  public static void skipNodes(ByteInput in) throws IOException {
    RdbInput nodes = new RdbInput(in);
    for (long left = nodes.count(); left > 0; left--) {
      nodes.skipString();
      nodes.skipString();
    }
  }

  /// The stream that `walk` walks, without its entries. All of that is held.
  ///
  /// @throws IOException as `walk` does
  public static StreamValue of(UnpackedEncoder.Walk walk) throws IOException {
    ValueCollector collector = new WithoutEntries();
    walk.walk(collector);
    return (StreamValue) collector.value();
  }

  private static final class WithoutEntries extends ValueCollector {

    WithoutEntries() {
      super(RdbType.STREAM_LISTPACKS_5);
    }

    @Override
    public void streamEntry(long millis, long sequence) {
      // it stays in its node
    }

    @Override
    public void streamField(ByteSlice field, ByteSlice value) {
      // as its entry
    }
  }
}
