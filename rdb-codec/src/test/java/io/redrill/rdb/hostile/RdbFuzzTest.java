package io.redrill.rdb.hostile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/// Every way into the codec as a target for coverage-guided fuzzing; CONTRIBUTING.md says how.
/// Without `JAZZER_FUZZ=1` each runs once with the inputs that are kept.
class RdbFuzzTest {

  private static final String DURATION = "1m";

  @FuzzTest(maxDuration = DURATION)
  void records(byte[] input) throws IOException {
    Targets.bounded(input, Targets::records);
  }

  @FuzzTest(maxDuration = DURATION)
  void check(byte[] input) throws IOException {
    Targets.bounded(input, Targets::check);
  }

  @FuzzTest(maxDuration = DURATION)
  void value(byte[] input) throws IOException {
    Targets.bounded(input, Targets::value);
  }

  @FuzzTest(maxDuration = DURATION)
  void dump(byte[] input) throws IOException {
    Targets.bounded(input, Targets::dump);
  }

  @FuzzTest(maxDuration = DURATION)
  void listpack(byte[] input) throws IOException {
    Targets.bounded(input, Targets::listpack);
  }

  @FuzzTest(maxDuration = DURATION)
  void ziplist(byte[] input) throws IOException {
    Targets.bounded(input, Targets::ziplist);
  }

  @FuzzTest(maxDuration = DURATION)
  void zipmap(byte[] input) throws IOException {
    Targets.bounded(input, Targets::zipmap);
  }

  @FuzzTest(maxDuration = DURATION)
  void intset(byte[] input) throws IOException {
    Targets.bounded(input, Targets::intset);
  }

  @FuzzTest(maxDuration = DURATION)
  void lzf(byte[] input) throws IOException {
    Targets.bounded(input, Targets::lzf);
  }

  @FuzzTest(maxDuration = DURATION)
  void salvage(byte[] input) throws IOException {
    Targets.bounded(input, Targets::salvage);
  }
}
