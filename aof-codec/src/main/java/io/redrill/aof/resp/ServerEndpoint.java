package io.redrill.aof.resp;

import java.time.Duration;
import java.util.Optional;

/// Where a server listens, and how to introduce oneself.
///
/// @param connectTimeout how long to wait for the connection, and with TLS for each message of the
///   handshake; zero waits for ever
/// @param readTimeout how long to wait for the next byte; zero waits for ever
/// @param tls how the connection is encrypted; empty for one that is not
public record ServerEndpoint(
    String host,
    int port,
    Optional<Credentials> credentials,
    Duration connectTimeout,
    Duration readTimeout,
    Optional<Tls> tls) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  /// Without credentials or TLS; 5 seconds to connect, 60 to answer.
  public static ServerEndpoint of(String host, int port) {
    return new ServerEndpoint(
        host, port, Optional.empty(), CONNECT_TIMEOUT, READ_TIMEOUT, Optional.empty());
  }

  /// The same with credentials.
  public ServerEndpoint with(Credentials credentials) {
    return new ServerEndpoint(
        host, port, Optional.of(credentials), connectTimeout, readTimeout, tls);
  }

  /// The same with other timeouts.
  public ServerEndpoint with(Duration connectTimeout, Duration readTimeout) {
    return new ServerEndpoint(host, port, credentials, connectTimeout, readTimeout, tls);
  }

  /// The same, encrypted.
  public ServerEndpoint with(Tls tls) {
    return new ServerEndpoint(
        host, port, credentials, connectTimeout, readTimeout, Optional.of(tls));
  }

  /// The same at another address.
  public ServerEndpoint at(String host, int port) {
    return new ServerEndpoint(host, port, credentials, connectTimeout, readTimeout, tls);
  }

  /// `host:port`, for messages.
  public String address() {
    return host + ":" + port;
  }
}
