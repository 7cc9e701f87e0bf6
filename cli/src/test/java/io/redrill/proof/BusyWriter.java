package io.redrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.proof.WriteMix.Write;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A client that writes to a server without end, on a thread of its own.
final class BusyWriter implements Closeable {

  /// How many writes are under way at a time.
  private static final int BATCH = 100;

  private final RespConnection connection;
  private final WriteMix mix;
  private final Thread thread;
  private final Map<String, Integer> done = new HashMap<>();
  private final Map<String, String> refusals = new HashMap<>();
  private final AtomicLong written = new AtomicLong();
  private volatile boolean closing;
  private volatile Optional<IOException> failure = Optional.empty();

  private BusyWriter(RespConnection connection, WriteMix mix) {
    this.connection = connection;
    this.mix = mix;
    this.thread = Thread.ofPlatform().name("busy writer").unstarted(this::run);
  }

  /// Begins to write what `mix` hands out; `connection` is the writer's from now on.
  static BusyWriter start(RespConnection connection, WriteMix mix) {
    BusyWriter writer = new BusyWriter(connection, mix);
    writer.thread.start();
    return writer;
  }

  private void run() {
    try {
      while (!closing) {
        List<Write> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          Write write = mix.next();
          for (List<byte[]> command : write.commands()) {
            connection.send(command);
          }
          batch.add(write);
        }
        for (Write write : batch) {
          receive(write);
        }
        written.addAndGet(batch.size());
      }
    } catch (IOException e) {
      failure = Optional.of(e);
    }
  }

  /// Counts the write as done only if no part of it was refused.
  private void receive(Write write) throws IOException {
    Optional<String> refusal = Optional.empty();
    for (int i = 0; i < write.commands().size(); i++) {
      Optional<String> one = refusal(connection.receive());
      refusal = refusal.isPresent() ? refusal : one;
    }
    if (refusal.isEmpty()) {
      done.merge(write.kind(), 1, Integer::sum);
    } else {
      refusals.put(write.kind(), refusal.get());
    }
  }

  private static Optional<String> refusal(RespReply reply) {
    return switch (reply) {
      case RespReply.ErrorReply(String text) -> Optional.of(text);
      case RespReply.ArrayReply(List<RespReply> items) ->
          items.stream().flatMap(item -> refusal(item).stream()).findFirst();
      default -> Optional.empty();
    };
  }

  /// Waits until so many more writes are done.
  void awaitMore(long writes) {
    long goal = written.get() + writes;
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> written.get() >= goal || failure.isPresent());
  }

  /// Ends it, and proves that it has done each kind of write at least once, unrefused.
  void stop() throws IOException, InterruptedException {
    closing = true;
    thread.join();
    if (failure.isPresent()) {
      throw failure.get();
    }
    assertThat(
            mix.kinds().stream()
                .filter(kind -> !done.containsKey(kind))
                .map(kind -> kind + " -> " + refusals.get(kind)))
        .as("kinds of writes that were never done, of %d writes", written.get())
        .isEmpty();
  }

  /// Waits until every key is gone that the writer wrote to be gone soon.
  static void awaitBriefGone(RespConnection server) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> assertThat(ServerContents.keys(server, WriteMix.BRIEF + "*")).isEmpty());
  }

  @Override
  public void close() throws IOException {
    closing = true;
    connection.close();
  }
}
