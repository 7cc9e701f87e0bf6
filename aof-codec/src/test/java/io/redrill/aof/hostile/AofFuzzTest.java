package io.redrill.aof.hostile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.provider.MethodSource;

/// Every [Way] as a target for coverage-guided fuzzing; CONTRIBUTING.md says how. Without
/// `JAZZER_FUZZ=1` what was found once, and is kept among the test resources, goes every way.
class AofFuzzTest {

  private static final List<Way> WAYS =
      Optional.ofNullable(System.getProperty("redrill.fuzz"))
          .map(name -> List.of(Way.valueOf(name)))
          .orElse(List.of(Way.values()));

  static List<byte[]> seeds() throws IOException {
    return WAYS.size() == 1 ? WAYS.getFirst().seeds() : List.of(new byte[0]);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void nothingButARefusal(byte[] input) throws IOException {
    for (Way way : WAYS) {
      way.take(input);
    }
  }
}
