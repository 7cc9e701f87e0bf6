package io.redrill.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.epoll.Epoll;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerLoopTest {

  @Test
  void linuxIsServedByEpoll() {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    assumeThat(Set.of("amd64", "aarch64")).contains(System.getProperty("os.arch"));

    try (ServerLoop loop = ServerLoop.start()) {
      assertThat(Epoll.unavailabilityCause()).isNull();
      assertThat(loop.transport()).isEqualTo("epoll");
    }
  }
}
