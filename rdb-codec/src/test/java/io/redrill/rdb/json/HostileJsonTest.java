package io.redrill.rdb.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Damaged files end in a refusal, after lines that are whole.
class HostileJsonTest {

  private static final long SEED = 77;
  private static final int ROUNDS = 2_000;

  @Test
  void damagedFilesGiveWholeLinesAndARefusal() throws IOException {
    Random random = new Random(SEED);
    List<Path> files =
        Corpus.healthyFiles().stream()
            .filter(file -> file.toString().contains("everything-plain") && size(file) < 100_000)
            .toList();
    if (files.isEmpty()) {
      files = Corpus.healthyFiles();
    }
    ObjectMapper json = new ObjectMapper();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = Files.readAllBytes(files.get(random.nextInt(files.size())));
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      boolean isRefused = false;
      try {
        JsonLines.write(bytes, true, out);
      } catch (FormatException e) {
        isRefused = true;
      }
      List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
      int whole = isPartlyOut(lines) ? lines.size() - 1 : lines.size();
      for (String line : lines.subList(0, whole)) {
        assertThat(json.readTree(line).isObject()).as("seed %d round %d", SEED, round).isTrue();
      }
      assertThat(!lines.isEmpty() && lines.getLast().startsWith("{\"end\""))
          .as("seed %d round %d", SEED, round)
          .isNotEqualTo(isRefused);
    }
  }

  /// Whether the last line may be cut: a part of it had gone to the output when the damage came.
  private static boolean isPartlyOut(List<String> lines) {
    return !lines.isEmpty() && lines.getLast().length() > 100_000;
  }

  private static long size(Path file) {
    return file.toFile().length();
  }
}
