package io.redrill.aof.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redrill.aof.AofCheck;
import io.redrill.aof.AofCheckReport;
import io.redrill.aof.AofCorpus;
import io.redrill.aof.AofCursor;
import io.redrill.aof.AofDirectory;
import io.redrill.aof.AofFinding.Severity;
import io.redrill.aof.AofManifest;
import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.aof.AofRepair;
import io.redrill.aof.AofRepairPlan;
import io.redrill.aof.AofStats;
import io.redrill.aof.LogCut;
import io.redrill.aof.LogCutReport;
import io.redrill.aof.LogCutter;
import io.redrill.aof.UnrepairableException;
import io.redrill.aof.resp.RespLimits;
import io.redrill.aof.resp.RespReader;
import io.redrill.aof.stream.RecordedSnapshot;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Each way into the codec for bytes of somebody else. Whatever they are, it ends with a result
/// that holds together, or with a refusal.
enum Way {

  /// Records in place and records as objects are the same, and so is where they end.
  RECORDS {
    @Override
    void take(byte[] input) throws IOException {
      AofCursor cursor = new AofCursor(inPieces(input));
      AofReader reader = new AofReader(ByteInput.of(input, "log"), LIMITS, 0);
      try {
        while (true) {
          AofRecord record = reader.next();
          AofCursor.Step step = cursor.next();
          if (step == AofCursor.Step.COMMAND && !cursor.complete()) {
            step = cursor.next();
          }
          assertThat(step == AofCursor.Step.END).isEqualTo(record instanceof AofRecord.End);
          if (record instanceof AofRecord.End end) {
            assertThat(cursor.end()).isEqualTo(end);
            assertThat(end.offset()).isBetween(0L, (long) input.length);
            return;
          }
          assertThat(cursor.offset()).isEqualTo(record.offset());
          assertThat(cursor.goodOffset()).isEqualTo(reader.goodOffset());
          assertThat(cursor.db()).isEqualTo(reader.db());
        }
      } catch (FormatException refused) {
        assertThat(refused.offset()).isBetween(0L, (long) input.length);
      }
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return logs();
    }
  },

  /// What a repair leaves is sound, and the beginning of what was there.
  REPAIR {
    @Override
    void take(byte[] input) throws IOException {
      Path directory = Files.createTempDirectory("redrill-hostile");
      Path file = directory.resolve("appendonly.aof");
      Path target = directory.resolve("target");
      try {
        Files.write(file, input);
        AofRepairPlan plan =
            AofRepair.plan(
                AofDirectory.open(file),
                dropped -> {
                  assertThat(dropped.offset() + dropped.length()).isLessThanOrEqualTo(input.length);
                });
        AofRepair.copy(plan, target);
        byte[] repaired = Files.readAllBytes(target.resolve("appendonly.aof"));
        assertThat(repaired).isEqualTo(Arrays.copyOf(input, repaired.length));
        AofCheckReport report = AofCheck.check(target);
        assertThat(report.worst()).isEqualTo(Severity.NOTE);
        new AofStatsReader().read(target);
      } catch (UnrepairableException refused) {
        assertThat(AofCheck.check(file).worst()).isEqualTo(Severity.DAMAGE);
      } finally {
        Files.deleteIfExists(target.resolve("appendonly.aof"));
        Files.deleteIfExists(target);
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    }

    @Override
    List<byte[]> seeds() throws IOException {
      List<byte[]> seeds = new ArrayList<>(logs());
      seeds.add(
          Files.readAllBytes(
              AofCorpus.golden("redis-7.0.15", "timestamps")
                  .resolve("appendonlydir/appendonly.aof.2.base.rdb")));
      return seeds;
    }
  },

  /// What a cut leaves is whole, and no longer than it says.
  CUT {
    @Override
    void take(byte[] input) throws IOException {
      for (LogCut cut :
          List.of(
              new LogCut.AtTime(Instant.ofEpochSecond(1_795_468_560)),
              LogCut.BeforeMatch.of("SET *:k", 3),
              new LogCut.AtOffset(input.length / 2))) {
        Path file = Files.createTempFile("redrill-hostile", ".aof");
        Files.delete(file);
        try (LogCutter cutter = new LogCutter(file, cut, 0)) {
          cutter.append(inPieces(input));
          LogCutReport report = cutter.finish();
          assertThat(Files.size(file)).isEqualTo(report.sizeBytes());
          assertThat(report.offset()).isBetween(0L, (long) input.length);
          assertThat(AofCheck.check(file).worst()).isEqualTo(Severity.NOTE);
        } catch (FormatException refused) {
          assertThat(refused.offset()).isBetween(0L, (long) input.length);
        } finally {
          Files.deleteIfExists(file);
        }
      }
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return logs();
    }
  },

  /// A manifest that is read is written so that it reads back the same.
  MANIFEST {
    @Override
    void take(byte[] input) throws IOException {
      try {
        AofManifest manifest = AofManifest.parse(input, "manifest");
        assertThat(manifest.parts()).allMatch(part -> !part.name().contains("/"));
        String written = new String(manifest.toBytes(), ISO_8859_1);
        if (written.lines().allMatch(line -> line.length() < 1024)) { // escapes make it longer
          assertThat(AofManifest.parse(manifest.toBytes(), "written")).isEqualTo(manifest);
        }
      } catch (FormatException refused) {
        assertThat(refused.offset()).isBetween(0L, (long) input.length);
      }
    }

    @Override
    List<byte[]> seeds() throws IOException {
      List<byte[]> seeds = new ArrayList<>();
      for (String set : List.of("several-incr", "with-history", "timestamps")) {
        seeds.add(
            Files.readAllBytes(
                AofCorpus.golden("redis-7.0.15", set)
                    .resolve("appendonlydir/appendonly.aof.manifest")));
      }
      seeds.add(
          "# x\nfile \"a \\x00 b\\n.aof\" seq 7 type i startoffset 5 endoffset 9 more 1\n"
              .getBytes(ISO_8859_1));
      return seeds;
    }
  },

  /// A reply of a server, nested as it may be.
  REPLY {
    @Override
    void take(byte[] input) throws IOException {
      ByteInput in = inPieces(input);
      RespReader reader = new RespReader(in, LIMITS);
      try {
        while (!in.atEnd()) {
          assertThat(reader.readReply()).isNotNull();
        }
      } catch (FormatException refused) {
        assertThat(refused.offset()).isBetween(0L, (long) input.length);
      } catch (EOFException cutShort) {
        assertThat(in.atEnd()).isTrue();
      }
    }

    @Override
    List<byte[]> seeds() {
      return List.of(
          "+OK\r\n-ERR no\r\n:12\r\n$3\r\nabc\r\n*2\r\n$-1\r\n*-1\r\n".getBytes(ISO_8859_1),
          "%1\r\n+a\r\n~2\r\n:1\r\n#t\r\n,1.5\r\n(123\r\n=7\r\ntxt:abc\r\n|1\r\n+k\r\n_\r\n>1\r\n!3\r\nERR\r\n"
              .getBytes(ISO_8859_1));
    }
  },

  /// The beginning of a recorded synchronisation.
  FULL_SYNC {
    @Override
    void take(byte[] input) throws IOException {
      try (RecordedSnapshot rdb =
          RecordedSnapshot.open(new ByteArrayInputStream(input), "recording")) {
        assertThat(rdb.readAllBytes().length).isLessThanOrEqualTo(input.length);
      } catch (FormatException refused) {
        assertThat(refused.offset()).isZero();
      }
    }

    @Override
    List<byte[]> seeds() throws IOException {
      List<byte[]> seeds = new ArrayList<>();
      for (Path stream : AofCorpus.streams().subList(0, 2)) {
        seeds.add(Arrays.copyOf(Files.readAllBytes(stream), 4000));
      }
      return seeds;
    }
  };

  private static final RespLimits LIMITS = new RespLimits(100_000, 1 << 20, 1 << 22, 32);

  /// Takes `input`; an exception or a failed assertion is a finding.
  abstract void take(byte[] input) throws IOException;

  /// What to begin with: real bytes.
  abstract List<byte[]> seeds() throws IOException;

  private static List<byte[]> logs() throws IOException {
    List<byte[]> logs = new ArrayList<>();
    for (String file :
        List.of(
            "timestamps/appendonlydir/appendonly.aof.2.incr.aof",
            "timestamps-no-rdb/appendonlydir/appendonly.aof.2.incr.aof",
            "several-incr/appendonlydir/appendonly.aof.4.incr.aof")) {
      logs.add(Files.readAllBytes(AofCorpus.golden("redis-7.0.15", ".").resolve(file)));
    }
    return logs;
  }

  /// A few bytes at a time, so that each part of a record once is the last that is there.
  private static ByteInput inPieces(byte[] input) {
    InputStream pieces =
        new ByteArrayInputStream(input) {
          @Override
          public synchronized int read(byte[] target, int from, int wanted) {
            return super.read(target, from, Math.min(wanted, 7));
          }
        };
    return new ByteInput(pieces, "log");
  }

  /// Everything that stands in a set, read once more.
  private static final class AofStatsReader {
    void read(Path set) throws IOException {
      AofStats stats = new AofStats(":", 1);
      AofDirectory.open(set).read(stats);
      assertThat(stats.unfinishedBytes()).isZero();
    }
  }
}
