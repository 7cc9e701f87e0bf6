package io.redrill.server.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.redrill.server.command.Client;
import io.redrill.server.command.Clients;
import io.redrill.server.command.Connection;
import io.redrill.server.command.Dispatcher;
import io.redrill.server.command.ReplyBuffer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: what is read becomes requests, and the replies of one read leave in one write.
///
/// While a command blocks, or the peer does not take its replies, nothing more is read; what has
/// been read already waits in the backlog.
final class ConnectionHandler extends ChannelInboundHandlerAdapter implements Connection {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

  /// Replies are handed to the socket early when a batch has produced this much, in bytes.
  private static final int EARLY_FLUSH_BYTES = 1024 * 1024;

  private final Channel channel;
  private final Dispatcher dispatcher;
  private final Clients clients;
  private final IntSupplier maxClients;
  private final ReplyCycle cycle;
  private final byte[] input;
  private final RequestParser parser = new RequestParser();
  private @Nullable Client client;
  private byte[] backlog = {};
  private boolean paused;
  private boolean running;
  private Runnable onWritable = () -> {};

  ConnectionHandler(
      Channel channel,
      Dispatcher dispatcher,
      Clients clients,
      IntSupplier maxClients,
      ReplyCycle cycle,
      byte[] input) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.clients = clients;
    this.maxClients = maxClients;
    this.cycle = cycle;
    this.input = input;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (clients.count() >= maxClients.getAsInt()) {
      dispatcher.statistics().countRejectedConnection();
      byte[] refusal =
          "-ERR max number of clients reached\r\n"
              .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
      send(refusal, 0, refusal.length);
      closeAfterFlush();
      return;
    }
    dispatcher.statistics().countConnection();
    client = clients.connect(this, dispatcher.keyspace().clock().millis());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf received = (ByteBuf) message;
    try {
      dispatcher.statistics().countIn(received.readableBytes());
      while (received.isReadable()) {
        int count = Math.min(received.readableBytes(), input.length);
        received.readBytes(input, 0, count);
        consume(input, count);
      }
    } finally {
      received.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readOn(); // the socket may have taken a large reply while requests ran, and nothing tells again
    cycle.flushLater(this);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      onWritable.run();
      resume();
    } else {
      channel.config().setAutoRead(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Client gone = client;
    client = null;
    if (gone != null) {
      dispatcher.disconnected(gone);
      clients.disconnect(gone);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection {} broke", remoteAddress(), cause);
    } else {
      LOG.error("connection {} is closed after a fault of the server", remoteAddress(), cause);
    }
    var _ = context.close();
  }

  private void consume(byte[] bytes, int count) {
    if (paused || backlog.length > 0 || running) {
      int old = backlog.length;
      backlog = Arrays.copyOf(backlog, old + count);
      System.arraycopy(bytes, 0, backlog, old, count);
      return;
    }
    int done = run(bytes, count);
    if (done < count) {
      backlog = Arrays.copyOfRange(bytes, done, count);
    }
  }

  /// Runs the requests in `bytes` and returns how many bytes are dealt with: all, unless a command
  /// paused the connection.
  private int run(byte[] bytes, int count) {
    Client current = client;
    if (current == null || current.isClosing()) {
      return count;
    }
    int at = 0;
    running = true;
    try {
      while (at < count) {
        at = parser.feed(bytes, at, count, current.isAuthenticated());
        if (parser.error() != null) {
          current.reply().mute(false);
          current.reply().error("ERR Protocol error: " + parser.error());
          current.closeAfterReply();
          return count;
        }
        byte[][] request = parser.take();
        if (request != null) {
          dispatcher.dispatch(current, request);
          if (current.isClosing()) {
            return count;
          }
          if (current.reply().length() > EARLY_FLUSH_BYTES) {
            flush();
          }
          if (paused) {
            return at;
          }
        }
      }
    } finally {
      running = false;
    }
    return count;
  }

  private void resume() {
    if (paused || running || !channel.isActive()) {
      return;
    }
    byte[] waiting = backlog;
    backlog = new byte[0];
    if (waiting.length > 0) {
      consume(waiting, waiting.length);
      flush();
    }
    readOn();
  }

  private void readOn() {
    if (!paused && channel.isWritable()) {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public String remoteAddress() {
    return text(channel.remoteAddress());
  }

  @Override
  public String localAddress() {
    return text(channel.localAddress());
  }

  private static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "?:0";
  }

  @Override
  public void flush() {
    Client current = client;
    if (current == null) {
      return;
    }
    ReplyBuffer reply = current.reply();
    if (reply.length() > 0) {
      cycle.beforeReplies();
      send(reply.array(), 0, reply.length());
      reply.clear();
    }
    if (current.isClosing()) {
      closeAfterFlush();
    }
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    dispatcher.statistics().countOut(length);
    ByteBuf out = channel.alloc().buffer(length);
    out.writeBytes(bytes, offset, length);
    var _ = channel.writeAndFlush(out, channel.voidPromise());
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void onWritable(Runnable action) {
    onWritable = action;
  }

  @Override
  public void closeAfterFlush() {
    var _ =
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void close() {
    var _ = channel.close();
  }

  @Override
  public void pause(boolean pause) {
    paused = pause;
    if (pause) {
      channel.config().setAutoRead(false);
    } else {
      channel.eventLoop().execute(this::resume);
    }
  }
}
