package io.redrill.aof.testing;

import io.redrill.aof.resp.ServerEndpoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The way to a server on the loopback interface, which can be cut, held, closed, or led to another
/// server: what an address in front of a replicated pair does.
public final class FaultyLink implements Closeable {

  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private boolean held;
  private volatile boolean refusing;
  private volatile int port;

  /// Leads to `port`.
  public FaultyLink(int port) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = port;
    Thread.ofVirtual().start(this::acceptAll);
  }

  /// This side of it.
  public ServerEndpoint endpoint() {
    return ServerEndpoint.of("127.0.0.1", listener.getLocalPort());
  }

  /// Leads new connections to `other`, and resets those that there are.
  public void leadTo(int other) {
    port = other;
    refusing = false;
    cut();
  }

  /// Resets every connection.
  public void cut() {
    for (Socket socket : List.copyOf(sockets)) {
      sockets.remove(socket);
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // gone already
      }
    }
  }

  /// Resets every connection, and each new one, until led to a server again.
  public void refuse() {
    refusing = true;
    cut();
  }

  /// Keeps every connection open and lets nothing pass, until released.
  public void hold() {
    lock.lock();
    try {
      held = true;
    } finally {
      lock.unlock();
    }
  }

  /// Lets pass what was held.
  public void release() {
    lock.lock();
    try {
      held = false;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        if (refusing) {
          cut();
          continue;
        }
        Thread.ofVirtual().start(() -> connect(client));
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
      sockets.add(server);
      Thread.ofVirtual().start(() -> forward(client, server));
      Thread.ofVirtual().start(() -> forward(server, client));
    } catch (IOException e) {
      close(client);
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        awaitReleased();
        out.write(buffer, 0, count);
      }
    } catch (IOException | InterruptedException e) {
      // cut
    } finally {
      close(from);
      close(to);
    }
  }

  private void awaitReleased() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (held) {
        released.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // gone already
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    release();
    cut();
  }
}
