package io.redrill.aof.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.aof.resp.Tls;
import io.redrill.aof.resp.TlsException;
import io.redrill.aof.testing.RealRedis;
import io.redrill.aof.testing.TestCertificates;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Follows a real `redis-server` over TLS.
@Timeout(60)
class TlsReplicationIT {

  private static final int WRITES = 2_000;

  @TempDir private static Path directory;
  private static TestCertificates certificates;

  @BeforeAll
  static void make() throws Exception {
    RealRedis.assumeInstalled();
    certificates = TestCertificates.in(directory.resolve("pki"));
    certificates.make("server", "RSA", "-ext", "SAN=dns:localhost");
    certificates.make("client", "EC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "yes"})
  void followsWithAndWithoutAClientCertificate(String clients) throws Exception {
    int port = RealRedis.freePort();
    try (RealRedis redis =
            RealRedis.start(
                directory.resolve("server-" + clients),
                certificates.redisDirectives("server", port, clients));
        RespConnection writer = redis.connect()) {
      Tls anonymous = Tls.ofDefaults().trusting(certificates.authority());
      Tls known = anonymous.as(certificates.certificate("client"), certificates.key("client"));
      ServerEndpoint bare =
          ServerEndpoint.of("localhost", port).with(Duration.ofSeconds(5), Duration.ofSeconds(20));
      writer.call("SET", "before", "x");
      follows(bare.with(clients.equals("yes") ? known : anonymous), writer);

      fails(
          bare.with(known.trusting(certificates.certificate("client"))),
          TlsException.Problem.UNTRUSTED);
      fails(bare.with(known.named("redis.example")), TlsException.Problem.OTHER_NAME);
      // Redis sends no alert for what it cannot read.
      assertThatThrownBy(() -> ReplicationStream.connect(ReplicationOptions.of(bare)).close())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("may expect TLS");
      fails(
          redis.endpoint().with(Duration.ofSeconds(1), Duration.ofSeconds(20)).with(known),
          TlsException.Problem.PLAIN_SERVER);
      if (clients.equals("yes")) {
        fails(bare.with(anonymous), TlsException.Problem.CLIENT_CERTIFICATE);
      }
    }
  }

  private static void follows(ServerEndpoint endpoint, RespConnection writer) throws IOException {
    String id;
    long offset;
    try (ReplicationStream stream = ReplicationStream.connect(ReplicationOptions.of(endpoint))) {
      SyncResult.FullSync full = stream.sync();
      RdbReader rdb = new RdbReader(full.snapshot().input());
      while (!(rdb.next() instanceof RdbRecord.End)) {
        // One key; what counts is that the frame fits.
      }
      full.snapshot().finish();
      offset = followWrites(stream, writer);
      id = full.replicationId();
    }
    try (ReplicationStream stream = ReplicationStream.connect(ReplicationOptions.of(endpoint))) {
      assertThat(stream.resume(id, offset)).isEqualTo(new SyncResult.Continued(id, offset));
      followWrites(stream, writer);
    }
  }

  /// Where the last write ended.
  private static long followWrites(ReplicationStream stream, RespConnection writer)
      throws IOException {
    AofReader reader = new AofReader(stream.commands());
    for (int i = 0; i < WRITES; i++) {
      writer.send("SET", "key:" + i, "x".repeat(i));
    }
    for (int i = 0; i < WRITES; i++) {
      writer.receive();
    }
    int seen = 0;
    while (seen < WRITES) {
      AofRecord.Command command = (AofRecord.Command) reader.next();
      if (command.is("SET")) {
        assertThat(command.args().get(2)).hasSize(seen++);
      }
    }
    stream.acknowledge(stream.commands().offset());
    assertThat(writer.call("WAIT", "1", "10000").asLong()).isEqualTo(1);
    return reader.goodOffset();
  }

  private static void fails(ServerEndpoint endpoint, TlsException.Problem problem) {
    assertThatThrownBy(() -> ReplicationStream.connect(ReplicationOptions.of(endpoint)).close())
        .isInstanceOfSatisfying(
            TlsException.class, failure -> assertThat(failure.problem()).isEqualTo(problem));
  }
}
