package io.redrill.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.redrill.aof.AofFinding.Severity;
import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AofRepairTest {

  private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";
  private static final String MULTI = "*1\r\n$5\r\nMULTI\r\n";
  private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";

  @TempDir Path directory;

  /// Where the server's own tool can repair a set, we leave the same bytes in each of its files.
  @ParameterizedTest
  @MethodSource("io.redrill.aof.AofCorpus#damagedSets")
  void leavesWhatTheServersOwnToolLeaves(Path set) throws IOException, NoSuchAlgorithmException {
    JsonNode fix = AofCorpus.beside(set, ".expect.json").path("check_aof_fix");
    Path target = directory.resolve("repaired");
    AofDirectory source;
    AofRepairPlan plan;
    try {
      source = AofDirectory.open(set);
      plan = AofRepair.plan(source, dropped -> {});
    } catch (CorruptInputException | NoSuchFileException | UnrepairableException e) {
      assertThat(fix.path("exit_code").asInt(1)).as("the tool repairs it").isNotZero();
      return;
    }
    Map<String, String> before = hashes(source.directory());
    AofRepair.copy(plan, target);
    assertThat(hashes(source.directory())).as("the source").isEqualTo(before);
    assertThat(plan.isNeeded()).isEqualTo(AofCheck.check(source).worst() != Severity.NOTE);
    assertThat(AofCheck.check(target).worst()).isEqualTo(Severity.NOTE);
    if (fix.path("exit_code").asInt(1) == 0) {
      Map<String, String> repaired = hashes(target);
      fix.get("files_after")
          .propertyStream()
          .filter(file -> !file.getKey().endsWith(".manifest"))
          .forEach(file ->
              assertThat(repaired)
                  .containsEntry(
                      Path.of(file.getKey()).getFileName().toString(),
                      file.getValue().get("sha256").asText()));
    }
  }

  @Test
  void saysWhatItDropsCommandByCommand() throws IOException {
    String log =
        SET
            + MULTI
            + SET
            + "garbage\r\n*3\r\n$3\r\nSET*\r\n"
            + EXEC
            + "#TS:12\r\n"
            + "*3\r\n$3\r\nDEL\r\n$1\r\na\r\n$1\r\nb\r\n"
            + "*3\r\n$3\r\nSET\r\n$1\r\nz\r\n$9\r\nsho";
    Path file = Files.writeString(directory.resolve("appendonly.aof"), log, ISO_8859_1);
    List<String> dropped = new ArrayList<>();
    AofRepairPlan plan =
        AofRepair.plan(AofDirectory.open(file), found -> dropped.add(text(found, log)));

    assertThat(plan.torn()).contains(new AofRepairPlan.TornFile(file, SET.length(), log.length()));
    assertThat(plan.isBaseCut()).isFalse();
    assertThat(dropped)
        .containsExactly(
            "MULTI - of 1",
            "SET k of 3",
            "bytes: garbage\r\n*3\r\n$3\r\nSET*\r\n",
            "EXEC - of 1",
            "DEL a of 3",
            "SET z of 3, cut short");
  }

  private static String text(Dropped dropped, String log) {
    return switch (dropped) {
      case Dropped.Command command ->
          "%s %s of %d%s"
              .formatted(
                  new String(command.name(), ISO_8859_1),
                  command.key().map(key -> new String(key, ISO_8859_1)).orElse("-"),
                  command.arguments(),
                  command.isWhole() ? "" : ", cut short");
      case Dropped.Bytes bytes ->
          "bytes: " + log.substring((int) bytes.offset(), (int) (bytes.offset() + bytes.length()));
    };
  }

  @Test
  void dropsTheFilesBehindTheFault() throws IOException {
    Path source = directory.resolve("source");
    AofDirectoryWriter writer = new AofDirectoryWriter(source, AofNames.DEFAULT);
    Files.writeString(writer.addIncrement(), SET);
    Files.writeString(writer.addIncrement(), SET + "*1\r\n$4");
    Files.writeString(writer.addIncrement(), SET + SET);
    writer.commit();
    List<Dropped> dropped = new ArrayList<>();
    AofRepairPlan plan = AofRepair.plan(AofDirectory.open(source), dropped::add);
    assertThat(plan.dropped()).containsExactly(source.resolve("appendonly.aof.3.incr.aof"));
    assertThat(dropped)
        .extracting(Dropped::file)
        .containsExactly(
            "appendonly.aof.2.incr.aof", "appendonly.aof.3.incr.aof", "appendonly.aof.3.incr.aof");

    Path target = directory.resolve("target");
    AofRepair.copy(plan, target);
    assertThat(AofDirectory.open(target).files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("appendonly.aof.1.incr.aof", "appendonly.aof.2.incr.aof");
    assertThat(target.resolve("appendonly.aof.2.incr.aof")).hasContent(SET);
    assertThatThrownBy(() -> AofRepair.copy(plan, target))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void keepsTheOriginalsWhereItRepairsInPlace() throws IOException, NoSuchAlgorithmException {
    Path source = directory.resolve("appendonlydir");
    AofDirectoryWriter writer = new AofDirectoryWriter(source, AofNames.DEFAULT);
    Files.writeString(writer.addIncrement(), SET);
    Files.writeString(writer.addIncrement(), SET + MULTI + SET);
    Files.writeString(writer.addIncrement(), SET + SET);
    writer.commit();
    Map<String, String> before = hashes(source);
    Path backup = directory.resolve("kept");
    AofRepairPlan plan = AofRepair.plan(AofDirectory.open(source), dropped -> {});
    AofRepair.inPlace(plan, backup);

    assertThat(AofCheck.check(source).findings()).isEmpty();
    assertThat(source.resolve("appendonly.aof.2.incr.aof")).hasContent(SET);
    assertThat(source.resolve("appendonly.aof.3.incr.aof")).doesNotExist();
    Map<String, String> kept = hashes(backup);
    kept.put("appendonly.aof.1.incr.aof", before.get("appendonly.aof.1.incr.aof"));
    assertThat(kept).isEqualTo(before);
    assertThat(AofRepair.plan(AofDirectory.open(source), dropped -> {}).isNeeded()).isFalse();
  }

  @Test
  void repairsASingleFileInPlace() throws IOException {
    Path file = Files.writeString(directory.resolve("appendonly.aof"), SET + "\0\0\0\0");
    AofRepair.inPlace(
        AofRepair.plan(AofDirectory.open(file), dropped -> {}), directory.resolve("kept"));
    assertThat(file).hasContent(SET);
    assertThat(directory.resolve("kept/appendonly.aof")).hasContent(SET + "\0\0\0\0");
  }

  /// The server has to go on appending, whoever repairs; and a repair that was killed is no
  /// obstacle.
  @Test
  void keepsOwnerAndModeAndPassesOverWhatAKilledRepairLeft() throws IOException {
    Path file = Files.writeString(directory.resolve("appendonly.aof"), SET + "*1\r\n");
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rw-rw----");
    Files.setPosixFilePermissions(file, mode);
    Files.writeString(directory.resolve("temp-repaired-appendonly.aof"), "left");
    AofRepair.inPlace(
        AofRepair.plan(AofDirectory.open(file), dropped -> {}), directory.resolve("kept"));
    assertThat(file).hasContent(SET);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(mode);
    assertThat(directory.resolve("temp-repaired-appendonly.aof")).doesNotExist();
  }

  @Test
  void doesNotReplaceALinkByAFile() throws IOException {
    Path real = Files.writeString(directory.resolve("real"), SET + "*1\r\n");
    Path link = Files.createSymbolicLink(directory.resolve("appendonly.aof"), real);
    AofRepairPlan plan = AofRepair.plan(AofDirectory.open(link), dropped -> {});
    assertThatThrownBy(() -> AofRepair.inPlace(plan, directory.resolve("kept")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("symbolic link");
    assertThat(real).hasContent(SET + "*1\r\n");
    assertThat(directory.resolve("kept")).doesNotExist();
  }

  @Test
  void touchesNothingThatChangedMeanwhile() throws IOException {
    Path file = Files.writeString(directory.resolve("appendonly.aof"), SET + "*1\r\n");
    AofRepairPlan plan = AofRepair.plan(AofDirectory.open(file), dropped -> {});
    Files.writeString(file, SET + SET);
    assertThatThrownBy(() -> AofRepair.inPlace(plan, directory.resolve("kept")))
        .isInstanceOf(CorruptInputException.class)
        .hasMessageContaining("changed since it was checked");
    assertThat(file).hasContent(SET + SET);
  }

  @Test
  void doesNotBeginWithoutABase() throws IOException {
    Path source = directory.resolve("source");
    AofDirectoryWriter writer = new AofDirectoryWriter(source, AofNames.DEFAULT);
    Path base = writer.addBase(true);
    Files.writeString(base, "REDIS0011");
    Files.writeString(writer.addIncrement(), SET);
    writer.commit();
    assertThatThrownBy(() -> AofRepair.plan(AofDirectory.open(source), dropped -> {}))
        .isInstanceOfSatisfying(
            UnrepairableException.class,
            e -> assertThat(e.reason()).isEqualTo(UnrepairableException.Reason.RDB_DAMAGED));
    Files.delete(base);
    assertThatThrownBy(() -> AofRepair.plan(AofDirectory.open(source), dropped -> {}))
        .isInstanceOfSatisfying(
            UnrepairableException.class,
            e -> assertThat(e.reason()).isEqualTo(UnrepairableException.Reason.BASE_MISSING));
  }

  private static Map<String, String> hashes(Path folder)
      throws IOException, NoSuchAlgorithmException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        hashes.put(String.valueOf(file.getFileName()), HexFormat.of().formatHex(digest));
      }
    }
    return hashes;
  }
}
