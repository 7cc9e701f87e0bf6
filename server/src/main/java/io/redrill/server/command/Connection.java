package io.redrill.server.command;

/// What a client is connected by, as far as commands care; used on the keyspace's thread.
public interface Connection {

  /// The peer, as `address:port`.
  String remoteAddress();

  /// The own end, as `address:port`.
  String localAddress();

  /// Sends what stands in the client's reply buffer.
  void flush();

  /// Sends `length` bytes of `bytes`, after anything sent before. The array may be reused at once.
  void send(byte[] bytes, int offset, int length);

  /// Whether the peer takes data as fast as it is sent: false while much is waiting to be written.
  boolean isWritable();

  /// Has `action` run whenever [#isWritable()] becomes true again.
  void onWritable(Runnable action);

  /// Closes the connection once everything sent has been written.
  void closeAfterFlush();

  /// Closes the connection at once.
  void close();

  /// Stops or resumes the handling of requests, as a blocking command does.
  void pause(boolean paused);
}
