package io.redrill.server;

import io.redrill.server.type.EncodingLimits;

/// What a server is started with.
///
/// @param bind the address to listen on
/// @param port the TCP port, or 0 for any free one
/// @param databases how many databases there are
/// @param requirePass the password of the default user, or empty for none
/// @param maxClients how many clients may be connected at once
/// @param limits when values change their form
public record ServerConfig(
    String bind,
    int port,
    int databases,
    String requirePass,
    int maxClients,
    EncodingLimits limits) {

  /// The defaults of Redis, on the loopback address.
  public static final ServerConfig DEFAULT =
      new ServerConfig("127.0.0.1", 6379, 16, "", 10_000, EncodingLimits.DEFAULT);

  /// The same with another port.
  public ServerConfig withPort(int next) {
    return new ServerConfig(bind, next, databases, requirePass, maxClients, limits);
  }

  /// The same with another address to listen on.
  public ServerConfig withBind(String next) {
    return new ServerConfig(next, port, databases, requirePass, maxClients, limits);
  }

  /// The same with a password, or with none if it is empty.
  public ServerConfig withRequirePass(String next) {
    return new ServerConfig(bind, port, databases, next, maxClients, limits);
  }

  /// The password is not shown.
  @Override
  public String toString() {
    return "ServerConfig[bind=%s, port=%d, databases=%d]".formatted(bind, port, databases);
  }
}
