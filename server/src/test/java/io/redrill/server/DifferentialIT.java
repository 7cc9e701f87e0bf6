package io.redrill.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same random commands to a real server and to ours: every reply must be the same, and again
/// and again the digest of all data.
final class DifferentialIT {

  /// Per seed; `-Dredrill.differential.commands=50000` takes a minute or so.
  private static final int COMMANDS = Integer.getInteger("redrill.differential.commands", 15_000);

  private static final int PIPELINE = 50;
  private static final int SHOWN = 25;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
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
      Answers expected = new Answers(realClient);
      Answers answered = new Answers(ourClient);
      for (int i = 0; i < COMMANDS && differences.size() < SHOWN; i += PIPELINE) {
        List<List<String>> batch =
            new ArrayList<>(Stream.generate(commands::next).limit(PIPELINE).toList());
        batch.add(List.of("DEBUG", "DIGEST"));
        List<String> theirs = expected.to(batch);
        List<String> our = answered.to(batch);
        for (int j = 0; j < batch.size(); j++) {
          if (!theirs.get(j).equals(our.get(j))) {
            differences.add(
                "#%d %s%n  real %s%n  ours %s%s"
                    .formatted(
                        i + j,
                        batch.get(j),
                        theirs.get(j),
                        our.get(j),
                        j < PIPELINE ? "" : "\n  after " + batch));
          }
        }
      }
      List<List<String>> last = List.of(List.of("DISCARD"), List.of("DEBUG", "DIGEST"));
      String digest = expected.to(last).getLast();
      String ourDigest = answered.to(last).getLast();
      assertThat(differences).as("differences with seed %d", seed).isEmpty();
      assertThat(ourDigest).as("digest of all data after seed %d", seed).isEqualTo(digest);
    }
  }

  /// The replies of one server as text, in which elements that come in no order are sorted: those
  /// of certain commands, and of those commands' replies inside the reply of `EXEC`.
  private static final class Answers {
    private final RespConnection client;
    private final List<List<String>> queue = new ArrayList<>();

    Answers(RespConnection client) {
      this.client = client;
    }

    List<String> to(List<List<String>> batch) throws IOException {
      for (List<String> command : batch) {
        client.send(command.toArray(new String[0]));
      }
      client.flush();
      List<String> answers = new ArrayList<>();
      for (List<String> command : batch) {
        answers.add(text(command, client.receive()));
      }
      return answers;
    }

    private String text(List<String> command, RespReply reply) {
      String name = command.getFirst();
      if (reply instanceof RespReply.SimpleString(String status) && status.equals("QUEUED")) {
        queue.add(command);
      } else if (name.equals("DISCARD") || name.equals("EXEC")) {
        List<List<String>> queued = List.copyOf(queue);
        queue.clear();
        if (reply instanceof RespReply.ArrayReply(List<RespReply> items)) {
          List<String> texts = new ArrayList<>();
          for (int i = 0; i < items.size(); i++) {
            texts.add(queued.get(i) + " " + text(items.get(i), isUnordered(queued.get(i))));
          }
          return String.join("\n    ", texts);
        }
      }
      return text(reply, isUnordered(command));
    }

    private static boolean isUnordered(List<String> command) {
      return RandomCommands.UNORDERED.contains(command.getFirst());
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
}
