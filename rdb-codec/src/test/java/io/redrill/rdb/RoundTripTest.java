package io.redrill.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.rdb.convert.Loss;
import io.redrill.rdb.convert.LossCount;
import io.redrill.rdb.convert.RdbConversion;
import io.redrill.rdb.convert.RdbSource;
import io.redrill.rdb.convert.RdbTarget;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.filter.RdbFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Values of every container, encoded for every target and decoded again: the same, or less by what
/// was named.
class RoundTripTest {

  private static final int VALUES = 300;
  private static final PackingLimits TINY = new PackingLimits(4, 16, 4, 16, 8, 4, 16, 200, 100, 3);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(RdbTarget.class)
  void decodesWhatWasEncoded(RdbTarget target) throws IOException {
    long seed = new Random().nextLong();
    RandomValues values = new RandomValues(seed);
    for (int i = 0; i < VALUES; i++) {
      RdbValue value = values.next();
      PackingLimits limits = i % 2 == 0 ? PackingLimits.DEFAULT : TINY;
      RdbValueEncoder.Encoded encoded;
      try {
        encoded = new RdbValueEncoder(target.version(), i % 3 == 0, limits).encode(value);
      } catch (TargetTooOldException loss) {
        assertThat(loss.content()).as("seed %d", seed).containsAnyOf("expir", "active", "count");
        continue;
      }

      assertThat(target.reads(encoded.type()))
          .as("seed %d: %s of %s", seed, encoded.type(), target)
          .isTrue();
      assertThat(digest(RdbValues.decode(encoded.type(), encoded.value())))
          .as("seed %d, value %d: %s", seed, i, encoded.type())
          .isEqualTo(digest(value));
    }
  }

  /// Through a file of the version that holds everything, in both dialects.
  @ParameterizedTest
  @EnumSource(RdbTarget.class)
  void convertsWhatCanBeHeld(RdbTarget target) throws IOException {
    long seed = new Random().nextLong();
    for (int version : new int[] {12, 80}) {
      RandomValues values = new RandomValues(seed);
      Path file = directory.resolve("source.rdb");
      DatasetDigest expected = new DatasetDigest();
      try (OutputStream out = Files.newOutputStream(file)) {
        RdbWriter rdb = new RdbWriter(out, RdbWriterOptions.of(version));
        for (int i = 0; i < VALUES; i++) {
          RdbValue value = values.next();
          byte[] key = ("key" + i).getBytes(StandardCharsets.UTF_8);
          rdb.write(i % 3, key, -1, value);
          expected.add(i % 3, key, -1, value);
        }
        rdb.end();
      }

      EnumSet<Loss> losses = EnumSet.noneOf(Loss.class);
      DatasetDigest found = new DatasetDigest();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (RdbSource source = RdbSource.open(file, _ -> {})) {
        RdbConversion conversion =
            RdbConversion.plan(source, target, RdbFilter.ALL, PackingLimits.DEFAULT, true, 0);
        conversion.losses().stream().map(LossCount::loss).forEach(losses::add);
        conversion.write(out, EnumSet.allOf(Loss.class));
      }
      for (RdbRecord record : RdbReaderTest.records(ByteInput.of(out.toByteArray(), "converted"))) {
        if (record instanceof RdbRecord.Entry entry) {
          found.add(entry);
        }
      }
      assertThat(found.keys()).as("seed %d", seed).isEqualTo(VALUES);
      assertThat(losses.isEmpty())
          .as("seed %d, from %d for %s: %s", seed, version, target, losses)
          .isEqualTo(found.equals(expected));
      assertThat(losses.isEmpty()).isEqualTo(target.hasFieldExpiry());
    }
  }

  private static DatasetDigest digest(RdbValue value) throws IOException {
    DatasetDigest digest = new DatasetDigest();
    digest.add(0, new byte[] {'k'}, -1, value);
    return digest;
  }
}
