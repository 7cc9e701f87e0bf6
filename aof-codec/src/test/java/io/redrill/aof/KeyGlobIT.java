package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.resp.RespConnection;
import io.redrill.aof.resp.RespReply;
import io.redrill.aof.testing.RealRedis;
import io.redrill.rdb.filter.KeyGlob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pattern matches what `KEYS` of a real `redis-server` says, whatever the pattern.
class KeyGlobIT {

  private static final int KEYS = 400;
  private static final int PATTERNS = 5000;
  private static final long SEED = 20_261_124;

  @TempDir Path directory;

  private final Random random = new Random(SEED);

  private String text(String letters, int most) {
    return random
        .ints(random.nextInt(most + 1), 0, letters.length())
        .mapToObj(i -> String.valueOf(letters.charAt(i)))
        .collect(Collectors.joining());
  }

  @Test
  void matchesWhatAServerDoes() throws IOException {
    RealRedis.assumeInstalled();
    try (RealRedis redis = RealRedis.start(directory);
        RespConnection connection = redis.connect()) {
      Set<String> keys = new TreeSet<>(List.of("", "\\", "[", "]", "*", "aaaaaaaaaaaa"));
      while (keys.size() < KEYS) {
        keys.add(text("ab*?[]^-\\", 5));
      }
      for (String key : keys) {
        connection.call("SET", key, "x");
      }
      for (int i = 0; i < PATTERNS; i++) {
        // Some are letters with a star here and there, others can be anything.
        String pattern = text(i % 2 == 0 ? "ab*?" : "ab*?[]^-\\", 8);
        Set<String> ours = new TreeSet<>();
        for (String key : keys) {
          if (KeyGlob.of(pattern).matches(key.getBytes(ISO_8859_1))) {
            ours.add(key);
          }
        }
        Set<String> theirs = new TreeSet<>();
        for (RespReply key : connection.call("KEYS", pattern).asList()) {
          theirs.add(key.asText());
        }
        assertThat(ours).as(pattern).isEqualTo(theirs);
      }
    }
  }
}
