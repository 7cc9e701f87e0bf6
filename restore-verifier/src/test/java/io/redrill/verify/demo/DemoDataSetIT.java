package io.redrill.verify.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataSetIT {

  @Test
  void aRealServerTakesEveryCommand(@TempDir Path directory) throws IOException {
    RealRedis.assumeInstalled();
    DemoDataSet data = new DemoDataSet(2_000, 42);
    try (RealRedis redis = RealRedis.start(directory);
        RespConnection connection = redis.connect()) {
      send(data.commands(), connection);
      send(data.traffic(1).limit(2_000), connection);

      connection.call("SELECT", "3");
      assertThat(connection.call("XLEN", "orders").asLong()).isEqualTo(100);
      assertThat(connection.call("XPENDING", "orders", "shipping").asList().getFirst().asLong())
          .isEqualTo(12);
      connection.call("SELECT", "1");
      String session = connection.call("RANDOMKEY").asText();
      assertThat(connection.call("TTL", session).asLong()).isPositive();
    }
  }

  private static void send(Stream<List<byte[]>> commands, RespConnection connection)
      throws IOException {
    for (Iterator<List<byte[]>> all = commands.iterator(); all.hasNext(); ) {
      connection.send(all.next());
      assertThat(connection.receive()).isNotInstanceOf(RespReply.ErrorReply.class);
    }
  }
}
