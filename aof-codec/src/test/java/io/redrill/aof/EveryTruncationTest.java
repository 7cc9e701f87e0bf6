package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redrill.aof.AofFinding.Severity;
import io.redrill.aof.resp.RespReader;
import io.redrill.rdb.ByteInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A crash can leave the first bytes of a log, however many. At each number of them the check says
/// what is lost, and the repair leaves the log up to its last whole command or transaction.
class EveryTruncationTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "redis-7.0.15/aof/timestamps/appendonlydir/appendonly.aof.2.incr.aof",
    "redis-7.0.15/aof/timestamps-no-rdb/appendonlydir/appendonly.aof.2.base.aof",
    "redis-7.0.15/aof/timestamps-no-rdb/appendonlydir/appendonly.aof.2.incr.aof",
    "redis-7.0.15/damaged/aof-plain-flip-argument/appendonlydir/appendonly.aof.1.incr.aof",
    "valkey-9.1.2/aof/timestamps/appendonlydir/appendonly.aof.2.incr.aof",
  })
  void keepsWhatIsWhole(String golden) throws IOException {
    byte[] log = Files.readAllBytes(Path.of("src/test/resources/corpus").resolve(golden));
    NavigableSet<Integer> boundaries = boundaries(log);
    Path file = directory.resolve("appendonly.aof");
    for (int cut = 0; cut <= log.length; cut++) {
      Files.write(file, Arrays.copyOf(log, cut));
      int whole = boundaries.floor(cut);

      AofCheckReport report = AofCheck.check(file);
      AofCheckReport.CheckedFile checked = report.files().getFirst();
      assertThat(checked.soundBytes()).as("cut at %d", cut).isEqualTo(whole);
      assertThat(report.worst())
          .as("cut at %d", cut)
          .isEqualTo(whole == cut ? Severity.NOTE : Severity.UNFINISHED);
      List<Dropped> dropped = new ArrayList<>();
      AofRepairPlan plan = AofRepair.plan(AofDirectory.open(file), dropped::add);
      assertThat(plan.isNeeded()).isEqualTo(whole < cut);
      if (whole < cut) {
        assertThat(plan.torn()).contains(new AofRepairPlan.TornFile(file, whole, cut));
      }
      long named = dropped.stream().mapToLong(Dropped::length).sum();
      assertThat(named).as("named of what goes at %d", cut).isBetween(0L, (long) cut - whole);
      if (cut % 251 == 0) { // each copy is made durable, which takes its time
        Path target = directory.resolve("at-" + cut);
        AofRepair.copy(plan, target);
        assertThat(Files.readAllBytes(target.resolve("appendonly.aof")))
            .as("repaired at %d", cut)
            .isEqualTo(Arrays.copyOf(log, whole));
      }
    }
  }

  /// Ends of records outside of transactions, found with the plain reader of commands.
  private static NavigableSet<Integer> boundaries(byte[] log) throws IOException {
    NavigableSet<Integer> boundaries = new TreeSet<>();
    boundaries.add(0);
    ByteInput in = ByteInput.of(log, "log");
    RespReader commands = new RespReader(in);
    boolean isOpen = false;
    while (!in.atEnd()) {
      if (in.peek() == '#') {
        while (in.readByte() != '\n') {
          // to the end of the line
        }
      } else {
        Optional<List<byte[]>> command = commands.readCommand();
        String name = new String(command.orElseThrow().getFirst(), ISO_8859_1);
        isOpen = name.equalsIgnoreCase("MULTI") || (isOpen && !name.equalsIgnoreCase("EXEC"));
      }
      if (!isOpen) {
        boundaries.add((int) in.offset());
      }
    }
    return boundaries;
  }

  /// What `redis-check-aof --fix` leaves is what our repair leaves, wherever the log is cut; only
  /// the beginning of an annotation, which it leaves, goes: a server would append to it, and lose
  /// the command that it appends.
  @Test
  void agreesWithTheServersOwnTool() throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/redis-check-aof")),
        "redis-check-aof is not installed");
    Path golden = AofCorpus.golden("redis-7.0.15", "timestamps");
    byte[] log = Files.readAllBytes(golden.resolve("appendonlydir/appendonly.aof.2.incr.aof"));
    Path file = directory.resolve("appendonly.aof");
    for (int cut = 1; cut <= log.length; cut += 3) {
      Files.write(file, Arrays.copyOf(log, cut));
      AofCheckReport.CheckedFile ours = AofCheck.check(file).files().getFirst();
      fix(file);
      long left = Files.size(file);
      String more =
          new String(log, (int) ours.soundBytes(), (int) (left - ours.soundBytes()), ISO_8859_1);
      if (left > ours.soundBytes() && more.startsWith("#")) {
        assertThat(more).as("cut at %d", cut).doesNotContain("\n");
      } else {
        assertThat(left).as("cut at %d", cut).isEqualTo(ours.soundBytes());
      }
    }
  }

  private void fix(Path file) throws IOException, InterruptedException {
    Path answer = Files.writeString(directory.resolve("answer"), "y\n");
    Process tool =
        new ProcessBuilder("redis-check-aof", "--fix", file.toString())
            .redirectErrorStream(true)
            .redirectInput(answer.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(tool.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
