package io.redrill.aof.stream;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Servers of which any can tell where the primary is: asked in turn, and the one that could goes
/// first the next time. For use by one thread at a time.
final class AskedServers {

  /// Of a cluster of a thousand nodes it is enough to know some.
  private static final int MOST = 100;

  private final Set<ServerEndpoint> servers = new LinkedHashSet<>();

  AskedServers(List<ServerEndpoint> first) {
    if (first.isEmpty()) {
      throw new IllegalArgumentException("somebody has to be asked");
    }
    servers.addAll(first);
  }

  /// A question to one server; empty, with a line in `answers`, if it does not know.
  interface Question {
    Optional<ServerEndpoint> ask(
        RespConnection connection, ServerEndpoint asked, List<String> answers) throws IOException;
  }

  /// The first answer.
  ///
  /// @param primary what errors call what is looked for
  synchronized ServerEndpoint ask(String primary, Question question)
      throws PrimaryNotFoundException {
    List<String> answers = new ArrayList<>();
    for (ServerEndpoint server : List.copyOf(servers)) {
      try (RespConnection connection = RespConnection.connect(server)) {
        Optional<ServerEndpoint> found = question.ask(connection, server, answers);
        if (found.isPresent()) {
          toFront(server);
          return found.get();
        }
      } catch (IOException silent) {
        answers.add("%s: %s".formatted(server.address(), silent.getMessage()));
      }
    }
    throw new PrimaryNotFoundException(primary, answers);
  }

  private void toFront(ServerEndpoint server) {
    List<ServerEndpoint> others = new ArrayList<>(servers);
    others.remove(server);
    servers.clear();
    servers.add(server);
    servers.addAll(others);
  }

  /// Remembers another one that can be asked.
  synchronized void learn(ServerEndpoint server) {
    if (servers.size() < MOST) {
      servers.add(server);
    }
  }
}
