package io.redrill.server.network;

import io.redrill.server.command.Connection;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the replies of one cycle of the event loop leave together, after what must come first: the
/// append-only log is written, and made durable, once for all of them.
///
/// Used on the event loop only.
public final class ReplyCycle {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyCycle.class);

  private final ServerLoop loop;
  private final Runnable first;
  private final List<Connection> waiting = new ArrayList<>();
  private boolean scheduled;

  /// Runs `first` before replies leave; if it throws, they do not leave.
  public ReplyCycle(ServerLoop loop, Runnable first) {
    this.loop = loop;
    this.first = first;
  }

  /// Does what must come before any reply.
  void beforeReplies() {
    first.run();
  }

  /// Has a connection flushed when all that can be read now has been read.
  void flushLater(Connection connection) {
    waiting.add(connection);
    if (!scheduled) {
      scheduled = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    scheduled = false;
    List<Connection> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(ReplyCycle::flush);
  }

  /// A fault of one connection must not keep the replies of the others; its own client is told by
  /// the end of the connection rather than left waiting.
  private static void flush(Connection connection) {
    try {
      connection.flush();
    } catch (RuntimeException e) {
      LOG.error("a connection is closed because its replies cannot leave", e);
      connection.close();
    }
  }
}
