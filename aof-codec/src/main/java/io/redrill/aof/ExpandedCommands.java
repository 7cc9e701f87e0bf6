package io.redrill.aof;

import static io.redrill.aof.CommandBuffer.constant;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.DoubleText;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.FormatException;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A key as ordinary commands, of at most 64 elements each, or about a megabyte.
///
/// The commands of a value are written while it is walked, so a value that proves damaged leaves
/// some of its commands behind. The number of arguments stands in front of them: those of one
/// command are gathered in a [Batch]. Streams are [ExpandedStream]'s.
///
/// Failures of the output are thrown through the walk as [UncheckedIOException].
final class ExpandedCommands implements ElementHandler {

  /// No more elements in one command, so that no command holds a server up.
  static final int MOST_ELEMENTS = 64;

  /// Nor more once there are that many bytes, which have to be gathered.
  private static final int AMPLE_BYTES = 1 << 20;

  /// What Redis 8 takes in `HPEXPIREAT`. (Seen; a file, and Valkey, may have later ones.)
  private static final long GREATEST_EXPIRY = (1L << 46) - 1;

  private static final byte[] DEL = constant("DEL");
  private static final byte[] SET = constant("SET");
  private static final byte[] RPUSH = constant("RPUSH");
  private static final byte[] SADD = constant("SADD");
  private static final byte[] ZADD = constant("ZADD");
  private static final byte[] HSET = constant("HSET");
  private static final byte[] HMSET = constant("HMSET");
  private static final byte[] HPEXPIREAT = constant("HPEXPIREAT");
  private static final byte[] FIELDS = constant("FIELDS");
  private static final byte[] PEXPIREAT = constant("PEXPIREAT");

  private final CommandBuffer out;
  private final RestoreOptions options;
  private final RestoreLosses losses;
  private final ExpandedStream stream;
  private final Batch batch = new Batch();
  private final Batch expiries = new Batch();
  private ByteSlice key = new ByteSlice();
  private byte[] name = SET;

  ExpandedCommands(CommandBuffer out, RestoreOptions options, RestoreLosses losses) {
    this.out = out;
    this.options = options;
    this.losses = losses;
    this.stream = new ExpandedStream(out, options.since70(), losses);
  }

  /// Whether there are ordinary commands for values of `kind`.
  static boolean expands(RdbKind kind) {
    return switch (kind) {
      case STRING, LIST, SET, SORTED_SET, HASH, STREAM -> true;
      case MODULE, VECTOR_SET, ARRAY, OTHER -> false;
    };
  }

  /// Writes the key that `cursor` is at.
  void key(RdbCursor cursor) throws IOException {
    key = cursor.key();
    batch.clear();
    expiries.clear();
    name =
        switch (cursor.type().kind()) {
          case LIST -> RPUSH;
          case SET -> SADD;
          case SORTED_SET -> ZADD;
          // HSET takes several fields from Redis 4.0 on.
          case HASH -> options.since70() ? HSET : HMSET;
          case STRING, STREAM, MODULE, VECTOR_SET, ARRAY, OTHER -> SET;
        };
    if (options.replace()) {
      out.begin(2);
      out.raw(DEL);
      out.argument(key);
    }
    stream.begin(key, cursor.isValueHeld());
    try {
      if (cursor.type().kind() == RdbKind.STREAM && cursor.isValueHeld()) {
        cursor.walk(stream.new Pending());
      }
      cursor.walk(this);
      stream.end();
      endBatch();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (FormatException e) {
      batch.clear();
      expiries.clear();
      throw e;
    }
    if (cursor.idleSeconds() >= 0 || cursor.frequency() >= 0) {
      losses.add(RestoreLoss.IDLE_TIMES);
    }
    if (cursor.expireAtMillis() != RdbRecord.Entry.NO_EXPIRY) {
      out.begin(3);
      out.raw(PEXPIREAT);
      out.argument(key);
      out.argument(cursor.expireAtMillis());
    }
  }

  /// Writes the command whose arguments have been gathered.
  private void endBatch() throws IOException {
    if (batch.count() > 0) {
      out.begin(2 + batch.count());
      out.raw(name);
      out.argument(key);
      batch.writeTo(out);
    }
    if (expiries.count() > 0) {
      expiries.writeTo(out);
    }
    batch.clear();
    expiries.clear();
  }

  private void beginElement(int arguments) {
    if (batch.count() >= MOST_ELEMENTS * arguments || batch.size() >= AMPLE_BYTES) {
      try {
        endBatch();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void string(ByteSlice string) {
    try {
      out.begin(3);
      out.raw(SET);
      out.argument(key);
      out.argument(string);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void element(ByteSlice element) {
    beginElement(1);
    batch.add(element);
  }

  @Override
  public void member(ByteSlice member, double score) {
    beginElement(2);
    batch.add(DoubleText.of(score));
    batch.add(member);
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    beginElement(2);
    batch.add(field);
    batch.add(value);
    if (expireAtMillis != -1 && !options.since70()) {
      losses.add(RestoreLoss.FIELD_EXPIRIES);
    } else if (expireAtMillis > GREATEST_EXPIRY) {
      losses.add(RestoreLoss.LATE_FIELD_EXPIRIES);
    } else if (expireAtMillis != -1) {
      expiries.begin(6);
      expiries.raw(HPEXPIREAT);
      expiries.add(key);
      expiries.add(expireAtMillis);
      expiries.raw(FIELDS);
      expiries.add(1);
      expiries.add(field);
    }
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    stream.entry(millis, sequence);
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    stream.field(field, value);
  }

  @Override
  public void streamState(StreamState state) {
    stream.state(state);
  }

  @Override
  public void group(ByteSlice group, long millis, long sequence, long entriesRead) {
    stream.group(group, millis, sequence, entriesRead);
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    stream.pending(millis, sequence, deliveredAtMillis, deliveryCount);
  }

  @Override
  public void consumer(ByteSlice consumer, long seenAtMillis, long activeAtMillis) {
    stream.consumer(consumer);
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    stream.consumerPending(millis, sequence);
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    stream.unownedPending();
  }

  @Override
  public void producer(ByteSlice name) {
    stream.rememberedProducers();
  }

  @Override
  public void idempotenceCounts(long added, long duplicates) {
    if (added != 0 || duplicates != 0) {
      stream.rememberedProducers();
    }
  }
}
