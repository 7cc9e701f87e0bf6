package io.redrill.backup.source;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.net.SocketTimeoutException;

/// The first words with a server, which tell whether there is one, and whether it is a Redis.
public final class Greeting {

  private Greeting() {}

  /// Connects, and hears a reply to `PING`, whatever it is; the caller closes the connection.
  ///
  /// @throws RedrillException with [ErrorCode#SOURCE_UNREACHABLE] or [ErrorCode#NOT_REDIS]
  /// @throws IOException if the connection fails otherwise
  public static RespConnection connect(ServerEndpoint endpoint) throws IOException {
    try {
      RespConnection connection = RespConnection.connect(endpoint);
      try {
        connection.send("PING");
        connection.receive();
        return connection;
      } catch (IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (CorruptInputException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.NOT_REDIS, "server", endpoint.address(), "problem", e.problem());
    } catch (SocketTimeoutException e) {
      throw RedrillException.causedBy(
          e,
          ErrorCode.SOURCE_UNREACHABLE,
          "server",
          endpoint.address(),
          "problem",
          "nothing was heard within the time-out");
    }
  }
}
