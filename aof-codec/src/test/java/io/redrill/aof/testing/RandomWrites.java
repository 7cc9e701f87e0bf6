package io.redrill.aof.testing;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/// Writes to a server all the time, until closed: every kind of value, transactions, scripts, long
/// and binary strings, several databases. What comes is told by the seed; where a connection is
/// lost, it goes on with the next one.
public final class RandomWrites implements Closeable {

  private static final int BATCH = 50;
  private static final long FAR_SECONDS = 100_000_000;

  private final SplittableRandom random;
  private final IntSupplier port;
  private final Thread thread;
  private final AtomicLong written = new AtomicLong();
  private volatile boolean closing;

  private RandomWrites(long seed, IntSupplier port) {
    this.random = new SplittableRandom(seed);
    this.port = port;
    this.thread = Thread.ofVirtual().name("random-writes").unstarted(this::run);
  }

  /// Begins to write to the server at the port of 127.0.0.1 that `port` tells, which is asked
  /// before every connection.
  public static RandomWrites start(long seed, IntSupplier port) {
    RandomWrites writes = new RandomWrites(seed, port);
    writes.thread.start();
    return writes;
  }

  /// How many commands were answered so far.
  public long written() {
    return written.get();
  }

  private void run() {
    while (!closing) {
      try (RespConnection connection = RespConnection.connect("127.0.0.1", port.getAsInt())) {
        while (!closing) {
          write(connection);
        }
      } catch (RespErrorException e) {
        throw new IllegalStateException(e);
      } catch (IOException away) {
        pause(); // the server is being restarted
      }
    }
  }

  private void write(RespConnection connection) throws IOException {
    int commands = 0;
    for (int i = 0; i < BATCH; i++) {
      for (List<byte[]> command : next()) {
        connection.send(command);
        commands++;
      }
    }
    for (int i = 0; i < commands; i++) {
      if (!(connection.receive() instanceof RespReply.ErrorReply)) {
        written.incrementAndGet(); // a wrong type is answered with an error, and not replicated
      }
    }
    pause();
  }

  private List<List<byte[]>> next() {
    String key = "key:" + random.nextInt(300);
    return switch (random.nextInt(22)) {
      case 0 -> commands("SELECT " + random.nextInt(4));
      case 1, 2 -> List.of(List.of(bytes("SET"), bytes("s:" + key), value()));
      case 3 -> commands("INCR n:" + key);
      case 4 -> List.of(List.of(bytes("HSET"), bytes("h:" + key), value(), value()));
      case 5 -> List.of(List.of(bytes("RPUSH"), bytes("l:" + key), value(), value()));
      case 6 -> commands("LPOP l:" + key);
      case 7 -> List.of(List.of(bytes("SADD"), bytes("t:" + key), value()));
      case 8 -> commands("SPOP t:" + key);
      case 9 ->
          commands("ZADD z:%s %s m%d".formatted(key, random.nextDouble(), random.nextInt(50)));
      case 10 -> commands("XADD x:%s MAXLEN ~ 100 * f %d".formatted(key, random.nextInt()));
      case 11 -> commands("DEL s:%s n:%s".formatted(key, key));
      case 12 ->
          commands("MULTI", "INCR tx:a", "SELECT 2", "INCR tx:b", "RPUSH tx:l " + key, "EXEC");
      case 13 ->
          List.of(
              List.of(
                  bytes("EVAL"),
                  bytes("redis.call('INCR', KEYS[1]) redis.call('RPUSH', KEYS[2], ARGV[1])"),
                  bytes("2"),
                  bytes("lua:" + key),
                  bytes("lua:l"),
                  value()));
      case 14 -> commands("EXPIRE s:%s %d".formatted(key, FAR_SECONDS));
      case 15 -> commands("SET e:%s v EX %d".formatted(key, FAR_SECONDS));
      case 16 -> commands("RENAME s:%s s:renamed".formatted(key));
      case 17 -> commands("BITFIELD b:%s SET u8 #%d 200".formatted(key, random.nextInt(40)));
      case 18 -> commands("PFADD p:%s %d %d".formatted(key, random.nextInt(), random.nextInt()));
      case 19 -> commands("INCRBYFLOAT f:%s %s".formatted(key, random.nextDouble()));
      case 20 -> random.nextInt(200) == 0 ? commands("FLUSHDB") : commands("LTRIM lua:l 0 50");
      default ->
          random.nextInt(20) == 0
              ? List.of(List.of(bytes("SET"), bytes("large"), new byte[200_000]))
              : commands("COPY s:%s s:copy REPLACE".formatted(key));
    };
  }

  /// Bytes of all kinds, among them what looks like the log itself.
  private byte[] value() {
    byte[] value = new byte[random.nextInt(80)];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) "\r\n$*#TS:0\0ab\u00ff".charAt(random.nextInt(13));
    }
    return value;
  }

  private static List<List<byte[]>> commands(String... lines) {
    List<List<byte[]>> commands = new ArrayList<>();
    for (String line : lines) {
      List<byte[]> command = new ArrayList<>();
      for (String word : line.split(" ", -1)) {
        command.add(bytes(word));
      }
      commands.add(command);
    }
    return commands;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends after the batch at hand.
  @Override
  public void close() {
    stop();
  }

  /// As [#close].
  public void stop() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
