package io.redrill.cli.config;

/// Where the console listens.
///
/// @param bind a name or address of the loopback interface
/// @param port from 1 to 65535, or 0 for any free one
public record ConsoleConfig(String bind, int port) {

  /// `127.0.0.1:8379`.
  public static ConsoleConfig standard() {
    return new ConsoleConfig("127.0.0.1", 8379);
  }
}
