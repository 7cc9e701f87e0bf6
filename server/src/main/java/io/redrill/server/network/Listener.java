package io.redrill.server.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.redrill.server.command.Clients;
import io.redrill.server.command.Dispatcher;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.function.IntSupplier;

/// An open port whose connections become clients.
public final class Listener implements Closeable {

  private static final WriteBufferWaterMark WRITE_MARKS =
      new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

  private final Channel channel;

  private Listener(Channel channel) {
    this.channel = channel;
  }

  /// Opens `port` (0 for any free one) on address `bind`; blocks until it is open.
  ///
  /// @throws BindException if another program has the port
  /// @throws IOException if the address or port cannot be had for another reason
  public static Listener open(
      ServerLoop loop,
      String bind,
      int port,
      IntSupplier maxClients,
      ReplyCycle cycle,
      Dispatcher dispatcher,
      Clients clients)
      throws IOException {
    byte[] input = new byte[64 * 1024]; // shared: one thread reads
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.group())
            .channel(loop.channelType())
            .option(ChannelOption.SO_BACKLOG, 511)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    child
                        .pipeline()
                        .addLast(
                            new ConnectionHandler(
                                child, dispatcher, clients, maxClients, cycle, input));
                  }
                });
    ChannelFuture bound = bootstrap.bind(new InetSocketAddress(bind, port)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw refusal(bind, port, bound.cause());
    }
    return new Listener(bound.channel());
  }

  /// Each transport has its own type for a port that is taken; the system's words are the same.
  private static IOException refusal(String bind, int port, Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    String message = "cannot listen on %s:%d: %s".formatted(bind, port, reason);
    IOException refusal =
        reason.contains("Address already in use")
            ? new BindException(message)
            : new IOException(message);
    refusal.initCause(cause);
    return refusal;
  }

  /// The port that is open.
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /// Closes the port; connections stay.
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }
}
