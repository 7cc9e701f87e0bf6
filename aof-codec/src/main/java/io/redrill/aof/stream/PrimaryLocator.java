package io.redrill.aof.stream;

import io.redrill.aof.resp.ServerEndpoint;
import java.io.IOException;

/// Where the primary is now. Asked before each connection, as that may change with every failover.
@FunctionalInterface
public interface PrimaryLocator {

  /// Finds the primary. Blocks.
  ///
  /// @throws PrimaryNotFoundException if nobody who was asked could tell; a later attempt may
  ///   succeed
  ServerEndpoint locate() throws IOException;

  /// A primary that stays where it is.
  static PrimaryLocator fixed(ServerEndpoint endpoint) {
    return () -> endpoint;
  }
}
