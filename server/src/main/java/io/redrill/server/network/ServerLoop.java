package io.redrill.server.network;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// The one thread that owns the keyspace: all sockets are served and all commands run on it.
public final class ServerLoop implements Closeable {

  private final EventLoopGroup group;
  private final boolean epoll;

  private ServerLoop(EventLoopGroup group, boolean epoll) {
    this.group = group;
    this.epoll = epoll;
  }

  /// Starts the thread, with epoll where the machine has it.
  public static ServerLoop start() {
    boolean epoll = Epoll.isAvailable();
    return new ServerLoop(
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()),
        epoll);
  }

  /// Runs `action` on the thread, soon; does not block.
  public void execute(Runnable action) {
    group.execute(action);
  }

  /// Runs `action` on the thread and waits for its result.
  public <T> T call(Callable<T> action) throws Exception {
    return group.submit(action).get();
  }

  /// Runs `action` on the thread again and again.
  public void every(Duration period, Runnable action) {
    var _ =
        group.scheduleAtFixedRate(
            action, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Runs `action` on the thread once, after `delay`.
  public void after(Duration delay, Runnable action) {
    var _ = group.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Ends the thread; blocks until it has ended.
  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /// What the sockets are served by: `epoll`, or `nio` where the machine does not have it.
  public String transport() {
    return epoll ? "epoll" : "nio";
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends ServerChannel> channelType() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }
}
