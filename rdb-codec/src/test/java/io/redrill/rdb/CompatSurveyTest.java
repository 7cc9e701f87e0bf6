package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.convert.CompatReport;
import io.redrill.rdb.convert.CompatSurvey;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.convert.TargetCompat;
import io.redrill.rdb.filter.RdbFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompatSurveyTest {

  @TempDir private Path directory;

  @Test
  void tellsWhichServersTakeTheFileAsItIs() throws IOException {
    Path file = directory.resolve("source.rdb");
    try (OutputStream out = Files.newOutputStream(file)) {
      RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(12));
      rdb.write(0, new byte[] {'h'}, -1, expiringHash());
      rdb.end();
    }
    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      CompatReport report = CompatSurvey.of(source, List.of(RdbTarget.values()), RdbFilter.ALL, 0);

      assertThat(report.targets())
          .extracting(each -> each.target() + " " + each.asItIs() + " " + each.converted())
          .containsExactly(
              "redis-6.2 REFUSES LOADS_WITH_LOSS",
              "redis-7.0 REFUSES LOADS_WITH_LOSS",
              "redis-7.2 REFUSES LOADS_WITH_LOSS",
              "redis-7.4 LOADS LOADS",
              "redis-8.0 LOADS LOADS",
              "redis-8.6 LOADS LOADS",
              "redis-8.8 LOADS LOADS",
              "valkey-8 REFUSES LOADS_WITH_LOSS",
              "valkey-9 REFUSES LOADS");
      assertThat(report.targets()).extracting(TargetCompat::encodedAnew).contains(1L);
    }
  }

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  /// What a server wrote, it and the later ones of its line load as it is.
  @ParameterizedTest
  @MethodSource("healthyFiles")
  void theWriterAndItsSuccessorsLoadAFile(Path file) throws IOException {
    String writer = file.getName(file.getNameCount() - 3).toString();
    RdbTarget own =
        switch (writer.substring(0, writer.lastIndexOf('.'))) {
          case "redis-7.0" -> RdbTarget.REDIS_7_0;
          case "redis-7.2" -> RdbTarget.REDIS_7_2;
          case "redis-7.4" -> RdbTarget.REDIS_7_4;
          case "redis-8.0" -> RdbTarget.REDIS_8_0;
          case "valkey-8.0" -> RdbTarget.VALKEY_8;
          case "valkey-9.1" -> RdbTarget.VALKEY_9;
          default -> RdbTarget.REDIS_6_2; // of those before, which have no format of their own
        };
    List<RdbTarget> line =
        Stream.of(RdbTarget.values())
            .filter(target -> target.compareTo(own) >= 0)
            .filter(target -> target.id().startsWith(own.id().substring(0, 3)))
            .toList();

    try (RdbSource source = RdbSource.open(file, _ -> {})) {
      assertThat(CompatSurvey.of(source, line, RdbFilter.ALL, 0).targets())
          .isNotEmpty()
          .allMatch(compat -> compat.asItIs() == TargetCompat.Verdict.LOADS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "redis-6, redis-6.2",
    "Redis-7, redis-7.0",
    "redis-8.x, redis-8.0",
    "redis-8.4, redis-8.0",
    "valkey-7.2, valkey-8",
    "valkey-9.1, valkey-9"
  })
  void knowsReleasesOfTheSameFormat(String name, String target) {
    assertThat(RdbTarget.named(name)).map(RdbTarget::id).contains(target);
  }

  @Test
  void knowsNoOtherTargets() {
    assertThat(Stream.of("", "redis", "redis-9", "8.0", "redis-8.0 redis-8").map(RdbTarget::named))
        .allMatch(Optional::isEmpty);
  }

  private static RdbValue expiringHash() {
    return new RdbValue.HashValue(
        List.of(new RdbValue.HashValue.Field(new byte[] {'f'}, new byte[] {'v'}, 1)));
  }
}
