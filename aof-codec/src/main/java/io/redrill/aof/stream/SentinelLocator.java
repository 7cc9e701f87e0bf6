package io.redrill.aof.stream;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.resp.ServerEndpoint;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Optional;

/// Asks Sentinels for the primary of a name, as their guidelines for clients want it: one after the
/// other until one knows, and then the server itself, by `ROLE`, whether it is one. While a
/// failover is under way, it is not, or the old address is still told: then another attempt has to
/// be made.
public final class SentinelLocator implements PrimaryLocator {

  private static final int MOST_PORT = 65_535;

  private final AskedServers sentinels;
  private final String name;
  private final ServerEndpoint server;

  /// Asks `sentinels`, with their own credentials and encryption.
  ///
  /// @param name what they call the primary
  /// @param server credentials, encryption and timeouts for the primary; its address does not
  ///   matter
  public SentinelLocator(List<ServerEndpoint> sentinels, String name, ServerEndpoint server) {
    this.sentinels = new AskedServers(sentinels);
    this.name = name;
    this.server = server;
  }

  @Override
  public ServerEndpoint locate() throws IOException {
    return sentinels.ask(name, this::ask);
  }

  private Optional<ServerEndpoint> ask(
      RespConnection sentinel, ServerEndpoint asked, List<String> answers) throws IOException {
    RespReply reply = sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name);
    if (reply instanceof RespReply.NullReply) {
      answers.add("%s: knows no primary of this name".formatted(asked.address()));
      return Optional.empty();
    }
    List<RespReply> address = reply.asList();
    if (address.size() != 2) {
      throw new ProtocolException("no address in the answer of the Sentinel");
    }
    ServerEndpoint primary =
        server.at(address.getFirst().asText(), port(address.getLast().asText()));
    String role = role(primary);
    if (!role.equals("master")) {
      answers.add(
          "%s: names %s, whose role is %s".formatted(asked.address(), primary.address(), role));
      return Optional.empty();
    }
    return Optional.of(primary);
  }

  private static String role(ServerEndpoint server) throws IOException {
    try (RespConnection connection = RespConnection.connect(server)) {
      List<RespReply> role = connection.call("ROLE").asList();
      return role.isEmpty() ? "unknown" : role.getFirst().asText();
    }
  }

  static int port(String text) throws ProtocolException {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > MOST_PORT) {
      throw new ProtocolException("no port: " + text.replaceAll("[^ -~]", "?"));
    }
    return port;
  }
}
