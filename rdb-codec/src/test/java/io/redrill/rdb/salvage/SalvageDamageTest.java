package io.redrill.rdb.salvage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.ByteInput;
import io.redrill.rdb.Corpus;
import io.redrill.rdb.RdbReader;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of every version, damaged from seeds in each way: what comes back is what was there.
class SalvageDamageTest {

  private static final int HEADER_BYTES = 9;
  private static final int LEAST_KEYS = 10;
  private static final int RUNS = 4;

  /// The last records before a failure are doubted, and from the first on those that are unlike the
  /// others; these files are full of such keys.
  private static final int MOST_LOST_BEFORE = 12;

  @TempDir private Path directory;

  /// A key of a file: where its record stands, and all that it is, in one text.
  record Stored(int db, String key, String text, long start, long end) {}

  /// What one damaged file gave.
  ///
  /// @param touched keys whose record was damaged
  /// @param sameTouched of those, how many came back changed, as inside of a plain string
  /// @param wrong keys that came back and were never there so, though they were not touched
  /// @param lost keys that were not touched and did not come back
  /// @param lostBefore of those, the ones before the damage
  private record Outcome(int touched, int sameTouched, int wrong, int lost, int lostBefore) {}

  @ParameterizedTest
  @EnumSource
  void bringsBackNearlyAllAndNothingElse(Damage.Kind kind) throws IOException {
    long keys = 0;
    long runs = 0;
    long wrong = 0;
    long lost = 0;
    for (Path file : Corpus.healthyFiles()) {
      byte[] original = Files.readAllBytes(file);
      List<Stored> truth = stored(original);
      for (int i = 0; truth.size() >= LEAST_KEYS && i < RUNS; i++) {
        long seed = file.subpath(file.getNameCount() - 3, file.getNameCount()).hashCode() * 31L + i;
        Random random = new Random(seed);
        int at = HEADER_BYTES + random.nextInt(original.length - HEADER_BYTES);
        Damage damage = kind.apply(original, at, random);
        Outcome outcome = outcome(truth, salvage(damage.bytes()), damage);
        String run = "%s of %s at %d, seed %d: %s".formatted(kind, file, at, seed, outcome);
        assertThat(outcome.lostBefore()).as(run).isLessThanOrEqualTo(MOST_LOST_BEFORE);
        if (kind == Damage.Kind.FLIP) {
          // A bit of a key makes another key of it; nothing else can be wrong.
          assertThat(outcome.wrong() + outcome.sameTouched()).as(run).isLessThanOrEqualTo(1);
        }
        keys += truth.size();
        runs++;
        wrong += outcome.wrong();
        lost += outcome.lost();
      }
    }
    assertThat(lost)
        .as("lost beside the damage, of %d keys in %d runs", keys, runs)
        .isLessThan(2 * runs);
    long spliced = runs / 20; // the halves of two keys that were joined, or fields taken for keys
    assertThat(wrong)
        .as("wrong, of %d keys in %d runs", keys, runs)
        .isLessThanOrEqualTo(kind == Damage.Kind.FLIP ? runs / 10 : spliced);
  }

  private static Outcome outcome(List<Stored> truth, List<Stored> salvaged, Damage damage) {
    Map<String, List<Stored>> byKey = truth.stream().collect(Collectors.groupingBy(Stored::key));
    Set<Stored> found = new HashSet<>();
    int sameTouched = 0;
    int wrong = 0;
    for (Stored got : salvaged) {
      List<Stored> candidates = byKey.getOrDefault(got.key(), List.of());
      // Where the selection of a database was lost, its keys are said to be in an assumed one.
      Optional<Stored> same =
          candidates.stream().filter(stored -> stored.text().equals(got.text())).findFirst();
      if (same.isPresent()) {
        found.addAll(
            candidates.stream().filter(stored -> stored.text().equals(got.text())).toList());
      } else if (candidates.stream().anyMatch(c -> damage.touches(c.start(), c.end()))) {
        sameTouched++;
      } else {
        wrong++;
      }
    }
    List<Stored> lost =
        truth.stream()
            .filter(
                stored -> !found.contains(stored) && !damage.touches(stored.start(), stored.end()))
            .toList();
    return new Outcome(
        (int) truth.stream().filter(s -> damage.touches(s.start(), s.end())).count(),
        sameTouched,
        wrong,
        lost.size(),
        (int) lost.stream().filter(stored -> stored.end() <= damage.from()).count());
  }

  static List<Path> healthyFiles() {
    return Corpus.healthyFiles();
  }

  @ParameterizedTest
  @MethodSource("healthyFiles")
  void leavesSoundFilesWhole(Path file) throws IOException {
    SalvageReport report = Salvage.survey(file, Salvaged.options(), SalvageWatch.NOBODY);

    assertThat(report.losses()).isEmpty();
    assertThat(report.isComplete()).isTrue();
    assertThat(report.lostKeys()).isZero();
    assertThat(report.keys()).isEqualTo(stored(Files.readAllBytes(file)).size());
  }

  private List<Stored> salvage(byte[] damaged) throws IOException {
    Path source = directory.resolve("damaged.rdb");
    Files.write(source, damaged);
    SalvageReport report = Salvage.survey(source, Salvaged.options(), SalvageWatch.NOBODY);
    if (report.keys() == 0) {
      return List.of();
    }
    return stored(Salvaged.sound(source, report));
  }

  static List<Stored> stored(byte[] file) throws IOException {
    ByteInput in = ByteInput.of(file, "test");
    RdbReader reader = new RdbReader(in);
    List<Stored> stored = new ArrayList<>();
    while (true) {
      RdbRecord record = reader.next();
      if (record instanceof RdbRecord.End) {
        return stored;
      }
      if (record instanceof RdbRecord.Entry e) {
        String text =
            "%d %d %d %s %s"
                .formatted(
                    e.expireAtMillis(),
                    e.idleSeconds(),
                    e.frequency(),
                    e.type(),
                    HexFormat.of().formatHex(e.value()));
        stored.add(
            new Stored(
                e.db(), new String(e.key(), ISO_8859_1), text, reader.recordOffset(), in.offset()));
      }
    }
  }
}
