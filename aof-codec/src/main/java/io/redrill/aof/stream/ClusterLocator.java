package io.redrill.aof.stream;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespErrorException;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.resp.ServerEndpoint;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks the nodes of a cluster which one serves a slot, so that a shard is followed by one of its
/// slots, through failovers. Any node can tell, and each tells of others, which are asked when
/// those that were given are gone.
///
/// ```
/// CLUSTER SHARDS   Redis 7.0 and later, Valkey: shards with their slots and nodes
/// CLUSTER SLOTS    before: ranges of slots with their nodes, the primary first
/// ```
///
/// An address that a node leaves out is the one at which it was asked.
public final class ClusterLocator implements PrimaryLocator {

  /// Slots are numbered from 0 to this.
  public static final int LAST_SLOT = 16_383;

  private final AskedServers nodes;
  private final int slot;
  private final ServerEndpoint server;

  /// Asks `seeds`.
  ///
  /// @param slot one that the shard serves, from 0 to [#LAST_SLOT]
  /// @param server credentials, encryption and timeouts for all nodes; its address does not matter
  public ClusterLocator(List<ServerEndpoint> seeds, int slot, ServerEndpoint server) {
    if (slot < 0 || slot > LAST_SLOT) {
      throw new IllegalArgumentException("there is no slot " + slot);
    }
    this.nodes = new AskedServers(seeds);
    this.slot = slot;
    this.server = server;
  }

  @Override
  public ServerEndpoint locate() throws IOException {
    return nodes.ask("slot " + slot, this::ask);
  }

  private Optional<ServerEndpoint> ask(
      RespConnection node, ServerEndpoint asked, List<String> answers) throws IOException {
    Optional<ServerEndpoint> primary;
    try {
      primary = ofShards(node.call("CLUSTER", "SHARDS").asList(), asked);
    } catch (RespErrorException unknown) {
      if (!unknown.code().equals("ERR")) {
        throw unknown;
      }
      primary = ofSlots(node.call("CLUSTER", "SLOTS").asList(), asked);
    }
    if (primary.isEmpty()) {
      answers.add("%s: knows nobody who serves it".formatted(asked.address()));
    }
    return primary;
  }

  private Optional<ServerEndpoint> ofShards(List<RespReply> shards, ServerEndpoint asked)
      throws IOException {
    Optional<ServerEndpoint> primary = Optional.empty();
    for (RespReply reply : shards) {
      Map<String, RespReply> shard = fields(reply);
      boolean isOurs = serves(field(shard, "slots").asList());
      for (RespReply each : field(shard, "nodes").asList()) {
        Map<String, RespReply> node = fields(each);
        ServerEndpoint endpoint = endpoint(node, asked);
        nodes.learn(endpoint);
        if (isOurs
            && field(node, "role").asText().equals("master")
            && field(node, "health").asText().equals("online")) {
          primary = Optional.of(endpoint);
        }
      }
    }
    return primary;
  }

  /// First and last slot of each range in turn.
  private boolean serves(List<RespReply> ranges) throws IOException {
    for (int i = 0; i + 1 < ranges.size(); i += 2) {
      if (slot >= number(ranges.get(i)) && slot <= number(ranges.get(i + 1))) {
        return true;
      }
    }
    return false;
  }

  private ServerEndpoint endpoint(Map<String, RespReply> node, ServerEndpoint asked)
      throws IOException {
    boolean isEncrypted = server.tls().isPresent();
    RespReply port = field(node, isEncrypted && node.containsKey("tls-port") ? "tls-port" : "port");
    return server.at(host(field(node, "endpoint"), asked), port(number(port)));
  }

  private Optional<ServerEndpoint> ofSlots(List<RespReply> ranges, ServerEndpoint asked)
      throws IOException {
    Optional<ServerEndpoint> primary = Optional.empty();
    for (RespReply reply : ranges) {
      List<RespReply> range = reply.asList();
      if (range.size() < 3) {
        throw new ProtocolException("a range of slots without a node");
      }
      for (int i = 2; i < range.size(); i++) {
        List<RespReply> node = range.get(i).asList();
        if (node.size() < 2) {
          throw new ProtocolException("a node without an address");
        }
        ServerEndpoint endpoint = server.at(host(node.get(0), asked), port(number(node.get(1))));
        nodes.learn(endpoint);
        if (i == 2 && slot >= number(range.get(0)) && slot <= number(range.get(1))) {
          primary = Optional.of(endpoint);
        }
      }
    }
    return primary;
  }

  /// A question mark is a host name that the node does not know itself.
  private static String host(RespReply reply, ServerEndpoint asked) throws IOException {
    String host = reply instanceof RespReply.NullReply ? "" : reply.asText();
    return host.isEmpty() || host.equals("?") ? asked.host() : host;
  }

  private static int port(long number) throws ProtocolException {
    return SentinelLocator.port(Long.toString(number));
  }

  private static long number(RespReply reply) throws IOException {
    if (reply instanceof RespReply.IntegerReply(long value)) {
      return value;
    }
    String text = reply.asText();
    if (!text.matches("[0-9]{1,9}")) {
      throw new ProtocolException("not a number: " + text.replaceAll("[^ -~]", "?"));
    }
    return Long.parseLong(text);
  }

  /// A map, or as in version 2 of the protocol names and values in turn.
  private static Map<String, RespReply> fields(RespReply reply) throws IOException {
    Map<String, RespReply> fields = new HashMap<>();
    if (reply instanceof RespReply.MapReply(List<RespReply.MapReply.Entry> entries)) {
      for (RespReply.MapReply.Entry entry : entries) {
        fields.put(entry.key().asText(), entry.value());
      }
      return fields;
    }
    List<RespReply> items = reply.asList();
    for (int i = 0; i + 1 < items.size(); i += 2) {
      fields.put(items.get(i).asText(), items.get(i + 1));
    }
    return fields;
  }

  private static RespReply field(Map<String, RespReply> fields, String name)
      throws ProtocolException {
    RespReply field = fields.get(name);
    if (field == null) {
      throw new ProtocolException("the answer lacks the field " + name);
    }
    return field;
  }
}
