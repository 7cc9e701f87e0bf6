package io.redrill.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same random commands to a real server and to ours: every reply must be the same, and in the
/// end the digest of all data.
final class DifferentialIT {

  private static final int COMMANDS = 20_000;
  private static final int SHOWN = 25;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answersAsTheRealServerDoes(long seed) throws Exception {
    RealRedis.assumeInstalled();
    ServerConfig config =
        new ServerConfig()
            .set(Directive.PORT, "0")
            .set(Directive.SAVE, "")
            .set(Directive.ENABLE_DEBUG_COMMAND, "yes")
            .set(Directive.DIR, directory.toString());
    List<String> differences = new ArrayList<>();
    try (RealRedis real = RealRedis.start(directory.resolve("real"));
        RedisServer ours =
            RedisServer.start(config, InstantSource.system(), new SplittableRandom(seed));
        RespConnection realClient = RespConnection.connect("127.0.0.1", real.port());
        RespConnection ourClient = RespConnection.connect("127.0.0.1", ours.port())) {
      RandomCommands commands = new RandomCommands(seed);
      for (int i = 0; i < COMMANDS && differences.size() < SHOWN; i++) {
        List<String> command = commands.next();
        String expected = answer(realClient, command);
        String answered = answer(ourClient, command);
        if (!expected.equals(answered)) {
          differences.add("#%d %s%n  real %s%n  ours %s".formatted(i, command, expected, answered));
        }
      }
      answer(realClient, List.of("DISCARD"));
      answer(ourClient, List.of("DISCARD"));
      String digest = answer(realClient, List.of("DEBUG", "DIGEST"));
      assertThat(differences).as("differences with seed %d", seed).isEmpty();
      assertThat(answer(ourClient, List.of("DEBUG", "DIGEST")))
          .as("digest of all data after seed %d", seed)
          .isEqualTo(digest);
    }
  }

  private static String answer(RespConnection client, List<String> command) throws Exception {
    client.send(command.toArray(new String[0]));
    boolean unordered = !command.isEmpty() && RandomCommands.UNORDERED.contains(command.getFirst());
    return text(client.receive(), unordered || command.contains("HSCAN"));
  }

  private static String text(RespReply reply, boolean unordered) {
    return switch (reply) {
      case RespReply.SimpleString(String text) -> "+" + text;
      case RespReply.ErrorReply(String text) -> "-" + text;
      case RespReply.IntegerReply(long value) -> ":" + value;
      case RespReply.BulkString(byte[] bytes) ->
          "\"" + new String(bytes, StandardCharsets.ISO_8859_1) + "\"";
      case RespReply.NullReply() -> "null";
      case RespReply.ArrayReply(List<RespReply> items) -> {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(text(item, unordered)));
        if (unordered) {
          texts.sort(null);
        }
        yield texts.toString();
      }
      default -> throw new AssertionError("not a reply of RESP2: " + reply);
    };
  }
}
