package io.redrill.aof;

import io.redrill.rdb.CorruptInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Makes an append-only file whole again: [#plan] says what has to go and changes nothing, [#copy]
/// writes what stays elsewhere, and [#inPlace] replaces the damaged files after their originals
/// have been kept.
///
/// The form stays: a single file of an older server remains one, and a directory keeps its names,
/// with a manifest for what stays. No server may be writing to it meanwhile.
public final class AofRepair {

  private static final String TEMPORARY = "temp-repaired-";

  private final AofRepairPlan plan;

  private AofRepair(AofRepairPlan plan) {
    this.plan = plan;
  }

  /// Finds out what a repair of `source` keeps, and tells `dropped` of everything else: each
  /// command that can be recognised, file by file. Reads every byte.
  ///
  /// @throws UnrepairableException if nothing is left to begin with
  public static AofRepairPlan plan(AofDirectory source, Consumer<Dropped> dropped)
      throws IOException {
    Map<String, AofCheckReport.CheckedFile> checked = new HashMap<>();
    for (AofCheckReport.CheckedFile file : AofCheck.check(source).files()) {
      checked.put(file.name(), file);
    }
    List<Path> whole = new ArrayList<>();
    Optional<AofRepairPlan.TornFile> torn = Optional.empty();
    List<Path> behind = new ArrayList<>();
    boolean isBaseCut = false;
    boolean isSound = true;
    for (Path file : source.files()) {
      Optional<AofCheckReport.CheckedFile> found =
          Optional.ofNullable(checked.get(String.valueOf(file.getFileName())));
      boolean isBase = source.isBase(file);
      if (isBase) {
        requireSound(file, found);
      }
      if (isSound && found.isPresent() && found.get().soundBytes() == found.get().sizeBytes()) {
        whole.add(file);
      } else if (isSound && found.isPresent()) {
        long sound = found.get().soundBytes();
        torn = Optional.of(new AofRepairPlan.TornFile(file, sound, found.get().sizeBytes()));
        isBaseCut = isBase && source.manifest().isPresent();
        isSound = false;
        DroppedReader.read(file, sound, dropped);
      } else {
        isSound = false;
        if (found.isPresent()) {
          behind.add(file);
          DroppedReader.read(file, 0, dropped);
        }
      }
    }
    if (whole.isEmpty() && torn.isEmpty()) {
      throw new UnrepairableException(
          UnrepairableException.Reason.BASE_MISSING,
          source.files().isEmpty()
              ? source.path().toString()
              : source.files().getFirst().toString(),
          "the first file of the log is gone");
    }
    return new AofRepairPlan(source, whole, torn, behind, isBaseCut);
  }

  private static void requireSound(Path base, Optional<AofCheckReport.CheckedFile> found)
      throws UnrepairableException {
    if (found.isEmpty()) {
      throw new UnrepairableException(
          UnrepairableException.Reason.BASE_MISSING,
          base.toString(),
          "the file that the rest builds on is gone");
    }
    if (found.get().isRdbDamaged()) {
      throw new UnrepairableException(
          UnrepairableException.Reason.RDB_DAMAGED,
          base.toString(),
          "the rdb that the rest builds on is damaged");
    }
  }

  /// Writes what stays into `directory`, which is made and must not hold any of it yet: durably,
  /// the manifest last. The source is only read.
  ///
  /// @throws CorruptInputException if the source is no longer as it was planned, or what was
  ///   written is not sound
  public static void copy(AofRepairPlan plan, Path directory) throws IOException {
    new AofRepair(plan).copy(directory);
  }

  private void copy(Path directory) throws IOException {
    Files.createDirectories(directory);
    if (plan.source().manifest().isPresent()) {
      requireNew(directory.resolve(manifestName()));
    }
    for (Path file : plan.whole()) {
      copy(file, Files.size(file), directory.resolve(file.getFileName()));
    }
    if (plan.torn().isPresent()) {
      copyTorn(directory.resolve(plan.torn().get().file().getFileName()));
    }
    Optional<AofManifest> manifest = manifest(false);
    if (manifest.isPresent()) {
      manifest.get().store(directory, manifestName());
    }
    Durable.forceDirectory(directory);
    prove(
        AofDirectory.open(
            manifest.isPresent()
                ? directory.resolve(manifestName())
                : directory.resolve(plan.source().files().getFirst().getFileName())));
  }

  /// Keeps the originals of all that changes in `backup`, which is made and must not exist, and
  /// then repairs the source itself. At every moment a server would load either what it would have
  /// loaded before, or the repaired state.
  ///
  /// @throws CorruptInputException as for [#copy]
  public static void inPlace(AofRepairPlan plan, Path backup) throws IOException {
    new AofRepair(plan).inPlace(backup);
  }

  private void inPlace(Path backup) throws IOException {
    Path directory = plan.source().directory();
    refuseLinks();
    Files.createDirectory(backup);
    if (plan.source().manifest().isPresent()) {
      keep(directory.resolve(manifestName()), backup);
    }
    for (Path file : plan.dropped()) {
      keep(file, backup);
    }
    Optional<Path> repaired = Optional.empty();
    if (plan.torn().isPresent()) {
      Path torn = plan.torn().get().file();
      keep(torn, backup);
      Path temporary = directory.resolve(TEMPORARY + torn.getFileName());
      Files.deleteIfExists(temporary); // of a repair that was killed
      copyTorn(temporary);
      takeOwner(torn, temporary);
      repaired = Optional.of(temporary);
    }
    Durable.forceDirectory(backup);
    Durable.forceDirectory(directory);
    // The manifest first: with its last file still torn, a server refuses or drops the tail, while
    // a repaired file in front of others would hide the gap between them.
    Optional<AofManifest> manifest = manifest(true);
    if (manifest.isPresent()) {
      manifest.get().store(directory, manifestName());
      takeOwner(backup.resolve(manifestName()), directory.resolve(manifestName()));
    }
    if (repaired.isPresent()) {
      Files.move(
          repaired.get(),
          plan.torn().orElseThrow().file(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
    for (Path file : plan.dropped()) {
      Files.delete(file);
    }
    Durable.forceDirectory(directory);
    prove(AofDirectory.open(plan.source().path()));
  }

  /// Behind another name, the file that a link leads to would stay as it is.
  private void refuseLinks() throws FileSystemException {
    List<Path> changed = new ArrayList<>(plan.dropped());
    plan.torn().ifPresent(torn -> changed.add(torn.file()));
    changed.add(plan.source().path());
    for (Path file : changed) {
      if (Files.isSymbolicLink(file)) {
        throw new FileSystemException(
            file.toString(), null, "it is a symbolic link: repair the file that it leads to");
      }
    }
  }

  /// The server has to go on writing to what it could write to before, and nobody else to read it.
  private static void takeOwner(Path original, Path copy) throws IOException {
    PosixFileAttributeView from =
        Files.getFileAttributeView(original, PosixFileAttributeView.class);
    PosixFileAttributeView to = Files.getFileAttributeView(copy, PosixFileAttributeView.class);
    if (from == null || to == null) {
      return; // a file system without owners
    }
    PosixFileAttributes attributes = from.readAttributes();
    PosixFileAttributes now = to.readAttributes();
    if (!attributes.group().equals(now.group())) {
      to.setGroup(attributes.group());
    }
    if (!attributes.owner().equals(now.owner())) {
      to.setOwner(attributes.owner());
    }
    to.setPermissions(attributes.permissions());
  }

  /// The original is replaced or removed by name only, so that another name keeps it.
  private static void keep(Path original, Path backup) throws IOException {
    Path kept = backup.resolve(original.getFileName());
    try {
      Files.createLink(kept, original);
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      // Some file systems give a file one name only.
      Files.copy(original, kept, StandardCopyOption.COPY_ATTRIBUTES);
      Durable.force(kept);
    }
  }

  private void copyTorn(Path target) throws IOException {
    AofRepairPlan.TornFile torn = plan.torn().orElseThrow();
    if (Files.size(torn.file()) != torn.sizeBytes()) {
      throw new CorruptInputException(
          "changed since it was checked; is a server writing to it?",
          torn.file().toString(),
          torn.soundBytes());
    }
    copy(torn.file(), torn.soundBytes(), target);
  }

  private static void copy(Path file, long bytes, Path target) throws IOException {
    try (FileChannel channel =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel);
        InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[256 * 1024];
      long left = bytes;
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count < 0) {
          throw new CorruptInputException(
              "shorter than it was when it was checked", file.toString(), bytes - left);
        }
        out.write(buffer, 0, count);
        left -= count;
      }
      channel.force(true);
    }
  }

  private static void requireNew(Path file) throws FileAlreadyExistsException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
  }

  private String manifestName() {
    return String.valueOf(plan.source().path().getFileName());
  }

  /// The manifest for what stays. The end of a file that was cut is no longer known in offsets.
  ///
  /// @param withHistory whether superseded files are there, which a server is still to delete
  private Optional<AofManifest> manifest(boolean withHistory) {
    if (plan.source().manifest().isEmpty()) {
      return Optional.empty();
    }
    Set<String> kept = new HashSet<>();
    plan.whole().forEach(file -> kept.add(String.valueOf(file.getFileName())));
    Optional<String> torn = plan.torn().map(cut -> String.valueOf(cut.file().getFileName()));
    List<AofManifest.Part> parts = new ArrayList<>();
    for (AofManifest.Part part : plan.source().manifest().get().parts()) {
      if (part.type() == AofManifest.Type.HISTORY) {
        if (withHistory) {
          parts.add(part);
        }
      } else if (torn.isPresent() && torn.get().equals(part.name())) {
        parts.add(part.withoutEnd());
      } else if (kept.contains(part.name())) {
        parts.add(part);
      }
    }
    return Optional.of(new AofManifest(parts));
  }

  private static void prove(AofDirectory repaired) throws IOException {
    AofCheckReport report = AofCheck.check(repaired);
    for (AofFinding finding : report.findings()) {
      if (finding.severity() != AofFinding.Severity.NOTE) {
        throw new CorruptInputException(
            "not sound after the repair: " + finding.problem(), finding.file(), finding.offset());
      }
    }
  }
}
