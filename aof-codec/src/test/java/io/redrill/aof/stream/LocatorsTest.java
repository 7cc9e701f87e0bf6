package io.redrill.aof.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Sentinels and nodes of clusters answer, and what becomes of it.
class LocatorsTest {

  private static ServerEndpoint server() {
    return ServerEndpoint.of("nowhere", 1).with(Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  private static ServerEndpoint nobody() throws IOException {
    return server().at("127.0.0.1", RealRedis.freePort());
  }

  /// Answers every command with `reply`, where `%d` is the port of `named`.
  private static ScriptedPrimary answering(String reply) throws IOException {
    return new ScriptedPrimary(command -> reply.getBytes(ISO_8859_1));
  }

  private static String address(int port) {
    String digits = Integer.toString(port);
    return "*2\r\n$9\r\n127.0.0.1\r\n$%d\r\n%s\r\n".formatted(digits.length(), digits);
  }

  @Test
  void asksSentinelsInTurnAndThenTheServer() throws IOException {
    try (ScriptedPrimary primary = answering("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n");
        ScriptedPrimary ignorant = answering("*-1\r\n");
        ScriptedPrimary sentinel = answering(address(primary.endpoint().port()))) {
      SentinelLocator locator =
          new SentinelLocator(
              List.of(nobody(), ignorant.endpoint(), sentinel.endpoint()), "orders", server());
      ServerEndpoint found = locator.locate();
      assertThat(found.address()).isEqualTo("127.0.0.1:" + primary.endpoint().port());
      assertThat(found.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
      assertThat(sentinel.heard()).contains("SENTINEL GET-MASTER-ADDR-BY-NAME orders");
      assertThat(primary.heard()).contains("ROLE");
    }
  }

  @Test
  void doesNotTakeAServerThatIsNoPrimaryYet() throws IOException {
    try (ScriptedPrimary replica = answering("*2\r\n$5\r\nslave\r\n:0\r\n");
        ScriptedPrimary sentinel = answering(address(replica.endpoint().port()))) {
      SentinelLocator locator =
          new SentinelLocator(List.of(sentinel.endpoint()), "orders", server());
      assertThatThrownBy(locator::locate)
          .isInstanceOf(PrimaryNotFoundException.class)
          .hasMessageContaining("nobody knows the primary of orders")
          .hasMessageContaining("whose role is slave");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+OK\r\n",
        "*1\r\n$1\r\na\r\n",
        "*2\r\n$1\r\na\r\n$1\r\n0\r\n",
        "*2\r\n$1\r\na\r\n$6\r\n-1abc\r\r\n",
        "*2\r\n:1\r\n:2\r\n",
        "-ERR no\r\n",
        "*999999999\r\n",
        "\0\0\0"
      })
  void refusesWhatIsNoAnswer(String answer) throws IOException {
    try (ScriptedPrimary sentinel = answering(answer)) {
      SentinelLocator locator =
          new SentinelLocator(List.of(sentinel.endpoint()), "orders", server());
      assertThatThrownBy(locator::locate).isInstanceOf(PrimaryNotFoundException.class);
    }
    try (ScriptedPrimary node = answering(answer)) {
      ClusterLocator locator = new ClusterLocator(List.of(node.endpoint()), 7, server());
      assertThatThrownBy(locator::locate).isInstanceOf(PrimaryNotFoundException.class);
    }
  }

  /// Two shards; of the second the primary has failed, and a replica is none yet.
  private static final String SHARDS =
      shard(0, 100, node("10.0.0.1", 7001, "master", "online"))
          + shard(
              101,
              16383,
              node("10.0.0.2", 7002, "master", "fail") + node("", 7003, "replica", "online"));

  private static String shard(int first, int last, String nodes) {
    return "*4\r\n$5\r\nslots\r\n*2\r\n:%d\r\n:%d\r\n$5\r\nnodes\r\n*%d\r\n%s"
        .formatted(first, last, nodes.split("endpoint", -1).length - 1, nodes);
  }

  private static String node(String host, int port, String role, String health) {
    return "*8\r\n"
        + text("endpoint")
        + text(host)
        + text("port")
        + ":%d\r\n".formatted(port)
        + text("role")
        + text(role)
        + text("health")
        + text(health);
  }

  private static String text(String text) {
    return "$%d\r\n%s\r\n".formatted(text.length(), text);
  }

  @Test
  void followsASlotOfACluster() throws IOException {
    try (ScriptedPrimary node = answering("*2\r\n" + SHARDS)) {
      ClusterLocator locator = new ClusterLocator(List.of(node.endpoint()), 7, server());
      assertThat(locator.locate().address()).isEqualTo("10.0.0.1:7001");
    }
    try (ScriptedPrimary node = answering("*2\r\n" + SHARDS)) {
      ClusterLocator locator = new ClusterLocator(List.of(node.endpoint()), 200, server());
      assertThatThrownBy(locator::locate)
          .isInstanceOf(PrimaryNotFoundException.class)
          .hasMessageContaining("knows nobody who serves it");
    }
  }

  /// As servers before 7.0 tell it: without a host it is the one that was asked.
  @ParameterizedTest
  @CsvSource({"7, 10.0.0.1:7001", "200, 127.0.0.1:7002", "16383, 127.0.0.1:7003"})
  void asksOlderNodesForSlots(int slot, String address) throws IOException {
    String full =
        "*4\r\n%s:7001\r\n%s*2\r\n$1\r\nx\r\n:9\r\n".formatted(text("10.0.0.1"), text("id"));
    String slots =
        "*3\r\n"
            + range(0, 100, full)
            + range(101, 16_000, "*2\r\n%s:7002\r\n".formatted(text("")))
            + range(16_001, 16_383, "*2\r\n$-1\r\n:7003\r\n");
    try (ScriptedPrimary node =
        new ScriptedPrimary(command ->
            (command.equals("CLUSTER SLOTS") ? slots : "-ERR unknown subcommand 'SHARDS'\r\n")
                .getBytes(ISO_8859_1))) {
      ClusterLocator locator = new ClusterLocator(List.of(node.endpoint()), slot, server());
      assertThat(locator.locate().address()).isEqualTo(address);
    }
  }

  private static String range(int first, int last, String node) {
    return "*3\r\n:%d\r\n:%d\r\n%s".formatted(first, last, node);
  }

  @Test
  void refusesASlotThatIsNone() throws IOException {
    List<ServerEndpoint> seeds = List.of(nobody());
    assertThatThrownBy(() -> new ClusterLocator(seeds, 16_384, server()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SentinelLocator(List.of(), "orders", server()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
