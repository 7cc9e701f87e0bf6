package io.redrill.backup.recovery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.testing.Peer;
import io.redrill.aof.testing.RealRedis;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbValue;
import io.redrill.rdb.RdbWriter;
import io.redrill.rdb.RdbWriterOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Servers of other releases are asked whether they take values of modules that they lack. Redis
/// 6.0 ends when it is sent one.
class TargetCheckIT {

  private static final String TEST_MODULE = "81b5eb2dfffadd6c01" + "00";

  /// Without its vectors, so that a Redis with vector sets refuses it, too.
  private static final String CUT_VECTOR_SET = "81bde72da2bb1eb400" + "00";

  @TempDir private Path directory;

  @BeforeAll
  static void needsPeers() throws IOException {
    Assumptions.assumeFalse(
        Peer.all().isEmpty(), "there are no servers of other releases: ./peers unpacks some");
  }

  static Stream<Arguments> peersAndValues() throws IOException {
    return Peer.all().stream()
        .flatMap(
            peer -> Stream.of(TEST_MODULE, CUT_VECTOR_SET).map(value -> Arguments.of(peer, value)));
  }

  @ParameterizedTest
  @MethodSource("peersAndValues")
  void aServerWithoutTheModuleIsNotChosenAndGoesOn(Peer peer, String value) throws IOException {
    Path file = directory.resolve("module.rdb");
    try (OutputStream out = Files.newOutputStream(file)) {
      RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
      writer.write(
          new RdbRecord.Entry(
              0,
              "key".getBytes(US_ASCII),
              RdbRecord.Entry.NO_EXPIRY,
              -1,
              -1,
              RdbType.MODULE_2,
              HexFormat.of().parseHex(value)));
      writer.end();
    }

    try (RealRedis target = RealRedis.start(peer, directory.resolve("target"));
        RespConnection connection = target.connect()) {
      assertThatThrownBy(() -> new TargetCheck(connection, "target", file, false).run())
          .isInstanceOfSatisfying(
              RedrillException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_TOO_OLD));
      assertThat(connection.call("PING").asText()).isEqualTo("PONG");
    }
  }

  static Stream<Peer> peers() throws IOException {
    return Peer.all().stream();
  }

  /// As rented servers, and those before 4.0.
  @ParameterizedTest
  @MethodSource("peers")
  void aServerThatMayNotBeAskedForModulesIsFitForOtherValues(Peer peer) throws IOException {
    Path file = directory.resolve("text.rdb");
    try (OutputStream out = Files.newOutputStream(file)) {
      RdbWriter writer = new RdbWriter(out, RdbWriterOptions.of(10));
      byte[] text = "text".getBytes(US_ASCII);
      writer.write(0, text, RdbRecord.Entry.NO_EXPIRY, new RdbValue.StringValue(text));
      writer.end();
    }

    try (RealRedis target =
            RealRedis.start(
                peer, directory.resolve("target"), "--rename-command", "MODULE", "NO-MODULE");
        RespConnection connection = target.connect()) {
      assertThat(new TargetCheck(connection, "target", file, false).run().replace()).isTrue();
    }
  }
}
