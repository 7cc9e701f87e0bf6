package io.redrill.rdb.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.redrill.rdb.encoding.LittleEndian;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSpillTest {

  private static final long SEED = 7;

  @TempDir private Path directory;

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(path -> !path.equals(directory)).toList();
    }
  }

  /// With 2000 bytes the records are dealt several times over.
  @ParameterizedTest
  @ValueSource(ints = {2_000, 30_000, 400_000, 10_000_000})
  void givesBackEveryRecordWithAllOthersOfItsHash(int memoryBytes) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    Map<Long, List<Integer>> expected = new HashMap<>();
    Map<Long, List<Integer>> found = new HashMap<>();
    try (RecordSpill spill = new RecordSpill(new SpillLimits(directory, memoryBytes))) {
      for (int i = 0; i < 20_000; i++) {
        long hash = new SplittableRandom(random.nextInt(8_000)).nextLong();
        byte[] payload = new byte[4 + random.nextInt(30)];
        LittleEndian.putInt(payload, 0, i);
        spill.add(hash, payload, 0, payload.length);
        expected.computeIfAbsent(hash, absent -> new ArrayList<>()).add(i);
      }
      assertThat(spill.isSpilled()).isEqualTo(memoryBytes < 10_000_000);
      spill.each(batch -> {
        Map<Long, List<Integer>> inBatch = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
          assertThat(i == 0 || Long.compareUnsigned(batch.hash(i - 1), batch.hash(i)) <= 0)
              .isTrue();
          inBatch
              .computeIfAbsent(batch.hash(i), absent -> new ArrayList<>())
              .add(LittleEndian.getInt(batch.array(), batch.from(i)));
        }
        assertThat(found).doesNotContainKeys(inBatch.keySet().toArray(new Long[0]));
        found.putAll(inBatch);
      });
    }
    assertThat(found).as("seed %d", SEED).isEqualTo(expected);
    assertThat(files()).isEmpty();
  }

  @Test
  void aFailedWriteNamesItsFile() throws IOException {
    assumeThat(Path.of("/dev/full")).as("a file that is always full").exists();
    try (RecordSpill spill = new RecordSpill(new SpillLimits(directory, 1024))) {
      while (!spill.isSpilled()) {
        spill.add(0, new byte[20], 0, 20);
      }
      Path part =
          files().stream().filter(path -> path.endsWith("part-0")).findFirst().orElseThrow();
      Files.delete(part);
      Files.createSymbolicLink(part, Path.of("/dev/full"));

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  spill.add(0, new byte[20], 0, 20);
                }
              })
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith(part + ": ");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void noticesThatAFileWasRemoved() throws IOException {
    try (RecordSpill spill = new RecordSpill(new SpillLimits(directory, 1024))) {
      while (!spill.isSpilled()) {
        spill.add(0, new byte[20], 0, 20);
      }
      Path part =
          files().stream().filter(path -> path.endsWith("part-0")).findFirst().orElseThrow();
      Files.delete(part);

      assertThatThrownBy(() -> spill.each(batch -> {}))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(part.toString());
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void keepsItsFilesFromOthersAndRemovesThemWhenGivenUp() throws IOException {
    try (RecordSpill spill = new RecordSpill(new SpillLimits(directory.resolve("work"), 1024))) {
      for (int i = 0; i < 100; i++) {
        spill.add(i, new byte[20], 0, 20);
      }
      Path made =
          files().stream()
              .filter(path -> path.getFileName().toString().startsWith("redrill-"))
              .findFirst()
              .orElseThrow();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx------");
    }
    assertThat(files()).containsExactly(directory.resolve("work"));
  }

  @Test
  void refusesMoreRecordsOfOneHashThanMemoryHolds() throws IOException {
    try (RecordSpill spill = new RecordSpill(new SpillLimits(directory, 1024))) {
      for (int i = 0; i < 200; i++) {
        spill.add(5, new byte[20], 0, 20);
      }
      assertThatThrownBy(() -> spill.each(batch -> {})).hasMessageContaining("occurs so often");
    }
    assertThat(files()).isEmpty();
  }

  /// Those of other hashes come as ever.
  @Test
  void givesRecordsOfOneHashInPartsToWhoTakesThem() throws IOException {
    List<Integer> parts = new ArrayList<>();
    List<Long> whole = new ArrayList<>();
    try (RecordSpill spill = new RecordSpill(new SpillLimits(directory, 1024))) {
      for (int i = 0; i < 200; i++) {
        spill.add(5, new byte[20], 0, 20);
        spill.add(5L << 60 | i, new byte[] {1}, 0, 1);
      }
      spill.each(
          new RecordSpill.Visitor() {
            @Override
            public void visit(RecordBatch batch) {
              for (int i = 0; i < batch.size(); i++) {
                whole.add(batch.hash(i));
              }
            }

            @Override
            public void visitSome(RecordBatch some) {
              assertThat(some.endOfHash(0)).isEqualTo(some.size());
              parts.add(some.size());
            }
          });
    }
    assertThat(parts).hasSizeGreaterThan(5);
    assertThat(parts.stream().mapToInt(size -> size).sum()).isEqualTo(200);
    assertThat(whole).hasSize(200).doesNotHaveDuplicates();
    assertThat(files()).isEmpty();
  }
}
