package io.redrill.backup.log;

import io.redrill.aof.AofManifest;
import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.LogPosition;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.AofLocation;
import io.redrill.backup.source.DataDirSource;
import io.redrill.backup.source.SnapshotFeed;
import io.redrill.backup.source.SnapshotTaker;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The incremental files of a server's multi-part AOF, one stretch each.
///
/// ```
/// manifest   base.1 incr.1         start of rewrite     incr.1 incr.2        end    base.2 incr.2
/// timeline   |---- incr.1 ---------------------------->|---- incr.2 ---------------------->
/// snapshots  base.1                                     base.2 (stored when it is there)
/// ```
///
/// A rewrite shows the moment at which the server began the new incremental file; therefore the
/// base that comes out of it is a snapshot with an exact position. Bases are stored on a thread of
/// their own, from a file that was opened before anything could replace it.
final class AofOrigin implements LogOrigin {

  static final String PREFIX = "aof-";

  private static final Logger LOG = LoggerFactory.getLogger(AofOrigin.class);

  private final DataDirSource source;
  private final Repository repository;
  private final SnapshotTaker taker;
  private final SourceName name;
  private final RandomGenerator random;
  private final Duration pause;
  private final Consumer<RedrillException> whenFailing;
  private Optional<Place> next = Optional.empty();
  private Optional<Place> current = Optional.empty();

  /// The base that is stored, is being stored, or is not to be stored.
  private volatile String storedBase = "";

  /// Where a file begins in its timeline.
  private record Place(String timeline, long offset, int db, AofManifest.Part part) {}

  /// @param pause before a base is tried again that could not be stored
  /// @param whenFailing is told why it could not
  AofOrigin(
      DataDirSource source,
      Repository repository,
      SnapshotTaker taker,
      SourceName name,
      RandomGenerator random,
      Duration pause,
      Consumer<RedrillException> whenFailing) {
    this.source = source;
    this.repository = repository;
    this.taker = taker;
    this.name = name;
    this.random = random;
    this.pause = pause;
    this.whenFailing = whenFailing;
  }

  @Override
  public boolean owns(String timeline) {
    return timeline.startsWith(PREFIX);
  }

  @Override
  public LogFeed open(Optional<LogTail> tail) throws IOException {
    AofLocation location = source.aof();
    AofManifest manifest = location.manifest();
    if (next.isPresent()) {
      Place place = next.get();
      next = Optional.empty();
      return open(location, place, 0);
    }
    if (tail.isPresent()) {
      Optional<AofManifest.Part> part = resumable(location, manifest, tail.get());
      if (part.isPresent() && leadsSomewhere(tail.get(), manifest, part.get())) {
        LogTail stored = tail.get();
        return feed(
            location,
            part.get(),
            stored.segment().timeline(),
            stored.segment().end(),
            stored.db(),
            stored.header().origin().map(FileOrigin::end).orElse(0L));
      }
    }
    return begin(location, manifest);
  }

  /// Whether something stored leads to the log that ends in `part`: a base is stored beside the
  /// log, and whoever was killed meanwhile may have stored log alone.
  private boolean leadsSomewhere(LogTail tail, AofManifest manifest, AofManifest.Part part) {
    String timeline = tail.segment().timeline();
    if (current
        .filter(place -> place.timeline().equals(timeline))
        .filter(place -> place.part().name().equals(part.name()))
        .isPresent()) {
      return true; // its base is stored, being stored, or tried again
    }
    boolean hasBase =
        repository.manifests(name).stream()
            .flatMap(snapshot -> snapshot.position().stream())
            .anyMatch(position -> position.timeline().equals(timeline));
    if (!hasBase) {
      LOG.warn("the log of {} begins anew: no base of it is stored", name);
      return false;
    }
    // Where the file began is not known, so that the next base is the first to be stored.
    storedBase = manifest.base().map(AofManifest.Part::name).orElse("");
    current = Optional.empty();
    return true;
  }

  /// The base and the files of before are what there is until the next rewrite.
  @Override
  public boolean beginsBehindTheLog() {
    return false;
  }

  @Override
  public LogFeed begin() throws IOException {
    AofLocation location = source.aof();
    next = Optional.empty();
    return begin(location, location.manifest());
  }

  /// Begins a timeline with the base and its first incremental file.
  private LogFeed begin(AofLocation location, AofManifest manifest) throws IOException {
    if (manifest.increments().isEmpty()) {
      throw new RedrillException(
          ErrorCode.AOF_REPLACED,
          "directory",
          location.directory(),
          "problem",
          "no file to follow");
    }
    if (manifest.base().isPresent()) {
      source.requireRdb(location.path(manifest.base().get()));
    }
    String timeline = PREFIX + HexFormat.of().toHexDigits(random.nextLong());
    Place place = new Place(timeline, 0, 0, manifest.increments().getFirst());
    storedBase = "";
    LogFeed feed = open(location, place, 0);
    looked(location, manifest);
    return feed;
  }

  private LogFeed open(AofLocation location, Place place, long from) throws IOException {
    current = Optional.of(place);
    return feed(location, place.part(), place.timeline(), place.offset(), place.db(), from);
  }

  private LogFeed feed(
      AofLocation location, AofManifest.Part part, String timeline, long offset, int db, long from)
      throws IOException {
    AofTail tail =
        new AofTail(
            location,
            part,
            from,
            manifest -> looked(location, manifest),
            () -> stillWritten(location));
    ByteInput commands = new ByteInput(tail, location.path(part).toString());
    commands.renumber(from);
    return new Feed(this, tail, commands, part, timeline, offset, db, from);
  }

  private void stillWritten(AofLocation location) {
    if (!source.aof().equals(location)) {
      throw new RedrillException(
          ErrorCode.AOF_REPLACED,
          "directory",
          location.directory(),
          "problem",
          "the server writes into another one now");
    }
  }

  /// The file in which the stored log ends, if it still holds what was stored of it.
  private Optional<AofManifest.Part> resumable(
      AofLocation location, AofManifest manifest, LogTail tail) throws IOException {
    Optional<FileOrigin> origin = tail.header().origin();
    if (origin.isEmpty()) {
      return Optional.empty();
    }
    Optional<AofManifest.Part> part =
        manifest.increments().stream()
            .filter(candidate -> candidate.name().equals(origin.get().file()))
            .findFirst();
    if (part.isEmpty() || !holds(location.path(part.get()), origin.get(), tail)) {
      LOG.warn("the log of {} begins anew: {} was replaced", name, origin.get().file());
      return Optional.empty();
    }
    return part;
  }

  private boolean holds(Path file, FileOrigin origin, LogTail tail) throws IOException {
    if (!Files.exists(file) || Files.size(file) < origin.end()) {
      return false;
    }
    CommandDigest stored = new CommandDigest();
    try (SegmentReader reader = SegmentReader.open(repository, name, tail.segment())) {
      for (Optional<LogRecord> record = reader.next(); record.isPresent(); record = reader.next()) {
        stored.add(record.get().command().args());
      }
    }
    CommandDigest there = new CommandDigest();
    try (ByteInput in = new ByteInput(Files.newInputStream(file), file.toString())) {
      in.skip(origin.first());
      AofReader reader = new AofReader(in);
      while (in.offset() < origin.end()) {
        switch (reader.next()) {
          case AofRecord.Command command -> there.add(command.args());
          case AofRecord.TimeMark _,
              AofRecord.DatabaseMark _,
              AofRecord.PositionMark _,
              AofRecord.LengthMark _,
              AofRecord.Annotation _ -> {}
          case AofRecord.End _ -> {
            return false;
          }
        }
      }
    } catch (FormatException | EOFException e) {
      return false;
    }
    return stored.hex().equals(there.hex());
  }

  /// Stores the base that the manifest names, if it is a new one and belongs to the file being
  /// read: then its position is where that file began.
  private void looked(AofLocation location, AofManifest manifest) {
    Optional<AofManifest.Part> base = manifest.base();
    if (base.isEmpty() || base.get().name().equals(storedBase) || current.isEmpty()) {
      return;
    }
    Place place = current.get();
    if (!manifest.increments().getFirst().name().equals(place.part().name())) {
      return;
    }
    storedBase = base.get().name();
    LogPosition position = new LogPosition(place.timeline(), place.offset());
    Thread.ofVirtual()
        .name("store base " + name)
        .start(() -> store(location, base.get(), position));
  }

  private void store(AofLocation location, AofManifest.Part base, LogPosition position) {
    try (SnapshotFeed feed = source.base(location, base, position)) {
      taker.store(name, feed, source.capture());
    } catch (Throwable e) {
      // Also an error: a base that is not stored and not tried again makes its log useless, unsaid.
      RedrillException failure = Failures.of(e, "file", location.path(base));
      LOG.warn("could not store a base of {}: {}", name, failure.getMessage());
      whenFailing.accept(failure);
      if (failure.code() != ErrorCode.AOF_BASE_NOT_RDB) {
        tryAgain(base);
      }
    }
  }

  /// Without its base, the log behind it is of no use: a later look finds it unstored.
  private void tryAgain(AofManifest.Part base) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (storedBase.equals(base.name())) {
      storedBase = "";
    }
  }

  private void ended(Feed feed, long offset, int db) {
    next = feed.tail.successor().map(successor -> new Place(feed.timeline, offset, db, successor));
  }

  private static final class Feed implements LogFeed {
    private final AofOrigin owner;
    private final AofTail tail;
    private final ByteInput commands;
    private final AofManifest.Part part;
    private final String timeline;
    private final long offset;
    private final int db;
    private final long from;

    Feed(
        AofOrigin owner,
        AofTail tail,
        ByteInput commands,
        AofManifest.Part part,
        String timeline,
        long offset,
        int db,
        long from) {
      this.owner = owner;
      this.tail = tail;
      this.commands = commands;
      this.part = part;
      this.timeline = timeline;
      this.offset = offset;
      this.db = db;
      this.from = from;
    }

    @Override
    public Optional<SnapshotFeed> snapshot() {
      return Optional.empty();
    }

    @Override
    public String timeline() {
      return timeline;
    }

    @Override
    public Optional<String> after() {
      return Optional.empty();
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public int db() {
      return db;
    }

    @Override
    public ByteInput commands() {
      return commands;
    }

    @Override
    public Optional<FileOrigin> origin() {
      return Optional.of(new FileOrigin(part.name(), from, from));
    }

    @Override
    public void acknowledge(long durable) {
      // A file does not ask.
    }

    @Override
    public void finished(long end, int dbAtEnd) {
      owner.ended(this, end, dbAtEnd);
    }

    @Override
    public void release() throws IOException {
      tail.release();
    }

    @Override
    public boolean endIsLoss() {
      return tail.successor().isEmpty();
    }

    @Override
    public void close() throws IOException {
      tail.close();
    }
  }
}
