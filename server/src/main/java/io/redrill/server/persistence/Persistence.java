package io.redrill.server.persistence;

import io.redrill.aof.AofManifest;
import io.redrill.aof.AofNames;
import io.redrill.rdb.RdbRecord;
import io.redrill.server.command.Dispatcher;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import io.redrill.server.config.ServerVersion;
import io.redrill.server.info.InfoText;
import io.redrill.server.info.MemoryUse;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.log.ServerLog;
import io.redrill.server.network.ServerLoop;
import io.redrill.server.persistence.AppendOnlyLog.Fsync;
import io.redrill.server.persistence.SnapshotJob.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Conducts what the server writes to disk and reads from it.
///
/// One snapshot runs at a time, whatever it is for: a save, a new base of the append-only log, or a
/// replica's first synchronisation. Only a save that its caller waits for does not wait itself: it
/// has the running snapshot visit the rest of the data first. Everything here runs on the
/// keyspace's thread.
public final class Persistence {

  /// A failed automatic save is not tried again before this many seconds have passed.
  private static final long RETRY_SECONDS = 5;

  private final ServerConfig config;
  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final ServerLoop loop;
  private final InstantSource time;
  private final ServerLog log;
  private final CarriedRecords carried;
  private final PersistenceStatus status = new PersistenceStatus();
  private Supplier<ReplicationPosition> position = () -> new ReplicationPosition("", -1, 0);
  private Runnable whenIdle = () -> {};
  private Optional<AppendOnlyLog> appendOnly = Optional.empty();
  private Optional<Running> running = Optional.empty();
  private boolean saveScheduled;
  private boolean rewriteScheduled;

  /// What a snapshot is taken for.
  public enum Purpose {
    SAVE,
    REWRITE,
    SYNC
  }

  /// The snapshot that runs now.
  private record Running(Purpose purpose, SnapshotJob job, long startMillis, long dirty) {}

  /// Makes the persistence of the data behind `dispatcher`; nothing is read or written yet.
  public Persistence(
      ServerConfig config,
      Dispatcher dispatcher,
      ServerLoop loop,
      InstantSource time,
      ServerLog log) {
    this.config = config;
    this.dispatcher = dispatcher;
    this.keyspace = dispatcher.keyspace();
    this.loop = loop;
    this.time = time;
    this.log = log;
    this.carried = new CarriedRecords(keyspace.functions());
    status.lastSaveSeconds = seconds();
  }

  /// Sets where the replication position comes from.
  public void position(Supplier<ReplicationPosition> source) {
    position = source;
  }

  /// Sets what is to be run when a snapshot has ended and another one might begin.
  public void whenIdle(Runnable action) {
    whenIdle = action;
  }

  // ---- the start and the end

  /// Loads what there is, in Redis' order: with `appendonly yes` the append-only log, else the RDB
  /// file. Then opens the log.
  ///
  /// @throws IOException if the server must not start with these files; they are left as they are
  public LoadReport start() throws IOException {
    long start = System.nanoTime();
    keyspace.loading(true);
    try {
      status.load = config.yes(Directive.APPENDONLY) ? loadAppendOnly() : loadSnapshot();
    } finally {
      keyspace.loading(false);
    }
    status.dirtyAtLastSave = keyspace.dirty();
    if (status.load.keysLoaded() > 0) {
      log.notice(
          "Done loading RDB, keys loaded: %d, keys expired: %d."
              .formatted(status.load.keysLoaded(), status.load.keysExpired()));
    }
    if (config.yes(Directive.APPENDONLY)) {
      openAppendOnly();
    }
    log.notice("DB loaded in %.3f seconds".formatted((System.nanoTime() - start) / 1e9));
    config.watch(Directive.APPENDONLY, this::switchAppendOnly);
    return status.load;
  }

  private LoadReport loadSnapshot() throws IOException {
    Path file = snapshotFile();
    if (!Files.exists(file)) {
      return LoadReport.EMPTY;
    }
    boolean dropExpired = !config.yes(Directive.REDRILL_KEEP_EXPIRED);
    try {
      return new RdbLoader(keyspace, carried, log, dropExpired).load(file);
    } catch (io.redrill.rdb.FormatException e) {
      throw new LoadException(
          "Internal error in RDB reading offset %d: %s (%s). Terminating server after rdb file reading failure."
              .formatted(e.offset(), e.problem(), file),
          e);
    }
  }

  private LoadReport loadAppendOnly() throws IOException {
    AofNames names = names();
    Path directory = appendOnlyDirectory();
    Path manifestFile = directory.resolve(names.manifest());
    Path singleFile = config.dir().resolve(names.prefix());
    if (!Files.exists(manifestFile) && Files.exists(singleFile)) {
      takeOver(singleFile);
    }
    if (!Files.exists(manifestFile)) {
      if (Files.exists(snapshotFile())) {
        log.warning(
            "appendonly is on and there is no append only file yet: %s is not loaded, as in Redis"
                .formatted(config.text(Directive.DBFILENAME)));
      }
      return LoadReport.EMPTY;
    }
    AofManifest manifest = loadManifest(manifestFile);
    Optional<AofManifest.Part> base = manifest.base();
    if (base.isPresent()
        && base.get().name().equals(names.prefix())
        && !Files.exists(directory.resolve(names.prefix()))
        && Files.exists(singleFile)) {
      takeOver(singleFile); // A crash came between the manifest and the move.
    }
    return new AofLoader(dispatcher, carried, log, config.yes(Directive.AOF_LOAD_TRUNCATED))
        .load(directory, manifest);
  }

  private AofManifest loadManifest(Path file) throws IOException {
    try {
      return AofManifest.load(file);
    } catch (io.redrill.rdb.CorruptInputException e) {
      throw new LoadException(
          "Invalid AOF manifest file format: %s (%s, offset %d)"
              .formatted(e.problem(), file, e.offset()),
          e);
    }
  }

  /// Makes the one file of an older server the base of the new log: first the manifest, then the
  /// move, which is made up for if a crash comes between them.
  private void takeOver(Path singleFile) throws IOException {
    AofNames names = names();
    Path directory = appendOnlyDirectory();
    Files.createDirectories(directory);
    new AofManifest(List.of(new AofManifest.Part(names.prefix(), 1, AofManifest.Type.BASE)))
        .store(directory, names.manifest());
    DurableFiles.rename(singleFile, directory.resolve(names.prefix()));
    log.notice(
        "Successfully migrated an old-style AOF into the AOF directory %s.".formatted(directory));
  }

  private void openAppendOnly() throws IOException {
    Path directory = appendOnlyDirectory();
    Path manifestFile = directory.resolve(names().manifest());
    AofManifest manifest =
        Files.exists(manifestFile) ? AofManifest.load(manifestFile) : new AofManifest(List.of());
    AppendOnlyLog opened = new AppendOnlyLog(directory, names(), manifest, log);
    if (manifest.base().isEmpty() && manifest.increments().isEmpty()) {
      Files.createDirectories(directory);
      Path base = opened.nextBase(true);
      SnapshotJob.run(keyspace, head(true), writer(opened.temporaryBase(), base), loop);
      opened.finishRewrite(base);
      log.notice("Creating AOF base file %s on server start".formatted(base.getFileName()));
    }
    opened.open();
    appendOnly = Optional.of(opened);
  }

  /// Ends everything in order: a snapshot that runs is given up, a last one is taken if asked for,
  /// the log is made durable.
  ///
  /// @throws IOException if something could not be written; the server should then go on
  public void shutDown(boolean save) throws IOException {
    if (running.isPresent()) {
      log.warning("There is a background snapshot running. Stopping it!");
      running.get().job().abort();
      running.get().job().awaitFile();
    }
    if (appendOnly.isPresent()) {
      log.notice("Calling fsync() on the AOF file.");
      appendOnly.get().flush(Fsync.ALWAYS);
    }
    if (save) {
      log.notice("Saving the final RDB snapshot before exiting.");
      try {
        save();
      } catch (IOException e) {
        log.warning("Error trying to save the DB, can't exit.");
        throw e;
      }
    }
    if (appendOnly.isPresent()) {
      appendOnly.get().close();
      appendOnly = Optional.empty();
    }
  }

  // ---- effects

  /// Takes one effect for the append-only log.
  public void append(int db, byte[][] command) {
    if (appendOnly.isPresent()) {
      boolean marked = config.yes(Directive.AOF_TIMESTAMP_ENABLED);
      appendOnly.get().append(db, command, marked ? seconds() : -1);
    }
  }

  /// Writes what the last commands appended; to be called before their replies leave.
  ///
  /// @throws IOException if the effects must not be answered for: `appendfsync always` failed
  public void beforeReplies() throws IOException {
    if (appendOnly.isPresent()) {
      appendOnly.get().flush(fsync());
    }
  }

  /// Why writes must be refused now, as an error reply, if they must.
  public Optional<String> refusal() {
    if (!status.lastSaveOk
        && config.yes(Directive.STOP_WRITES_ON_BGSAVE_ERROR)
        && !config.text(Directive.SAVE).isEmpty()) {
      return Optional.of(
          "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.");
    }
    return appendOnly
        .flatMap(AppendOnlyLog::error)
        .map(error -> "MISCONF Errors writing to the AOF file: " + error);
  }

  // ---- snapshots

  /// Saves to the RDB file; no command runs meanwhile. Must not be called while a background save
  /// runs, which writes the same file.
  public void save() throws IOException {
    long start = time.millis();
    long dirty = keyspace.dirty();
    running.ifPresent(now -> now.job().hurry());
    try {
      SnapshotJob.run(
          keyspace, head(false), writer(temporarySnapshot("save"), snapshotFile()), loop);
    } catch (IOException e) {
      log.warning("Error saving DB on disk: " + e.getMessage());
      throw e;
    }
    saved(start, dirty);
    log.notice("DB saved on disk");
  }

  /// Begins a save in the background. Must not be called while a snapshot runs.
  public void beginSave() {
    status.lastSaveTrySeconds = seconds();
    saveScheduled = false;
    long dirty = keyspace.dirty();
    begin(
        Purpose.SAVE,
        head(false),
        writer(temporarySnapshot("bgsave"), snapshotFile()),
        (run, outcome) -> {
          switch (outcome) {
            case Outcome.Saved _ -> {
              saved(run.startMillis(), dirty);
              log.notice("Background saving terminated with success");
            }
            case Outcome.Failed failed -> {
              status.lastSaveOk = false;
              log.warning("Background saving error: " + failed.reason());
            }
          }
        });
    log.notice("Background saving started");
  }

  /// Has a save begin as soon as no other snapshot runs.
  public void scheduleSave() {
    saveScheduled = true;
  }

  /// Begins a snapshot for replicas, into a temporary file that is the caller's to delete. Must not
  /// be called while a snapshot runs.
  ///
  /// @param done gets the file, or empty if it failed; the log has the reason
  public void beginSync(Consumer<Optional<Path>> done) {
    Path file = temporarySnapshot("sync");
    begin(
        Purpose.SYNC,
        head(false),
        writer(file, file),
        (run, outcome) -> {
          switch (outcome) {
            case Outcome.Saved saved -> done.accept(Optional.of(saved.written().file()));
            case Outcome.Failed failed -> {
              log.warning("Background RDB transfer error: " + failed.reason());
              done.accept(Optional.empty());
            }
          }
        });
  }

  /// Which snapshot runs now.
  public Optional<Purpose> running() {
    return running.map(Running::purpose);
  }

  // ---- the append-only log

  /// Begins a new base for the append-only log. Must not be called while a snapshot runs.
  ///
  /// @throws IOException if the next incremental file cannot be begun; the log goes on as before
  public void beginRewrite() throws IOException {
    rewriteScheduled = false;
    boolean on = config.yes(Directive.APPENDONLY);
    AppendOnlyLog target = rewriteTarget();
    boolean first = on && !target.isOpen();
    if (on) {
      target.beginRewrite(first);
      appendOnly = Optional.of(target);
    } else {
      Files.createDirectories(appendOnlyDirectory());
    }
    Path base = target.nextBase(true);
    begin(
        Purpose.REWRITE,
        head(true),
        writer(target.temporaryBase(), base),
        (run, outcome) -> {
          status.lastRewriteDuration = (time.millis() - run.startMillis()) / 1000;
          try {
            finishRewrite(target, base, outcome);
          } catch (IOException e) {
            rewriteFailed(String.valueOf(e.getMessage()));
          }
        });
    log.notice("Background append only file rewriting started");
  }

  /// Has a rewrite begin as soon as no other snapshot runs.
  public void scheduleRewrite() {
    rewriteScheduled = true;
  }

  private void finishRewrite(AppendOnlyLog target, Path base, Outcome outcome) throws IOException {
    switch (outcome) {
      case Outcome.Saved _ -> {
        target.finishRewrite(base);
        status.lastRewriteOk = true;
        status.rewrites++;
        log.notice("Background AOF rewrite finished successfully");
      }
      case Outcome.Failed failed -> rewriteFailed(failed.reason());
    }
  }

  private void rewriteFailed(String reason) {
    status.lastRewriteOk = false;
    log.warning("Background AOF rewrite terminated with error: " + reason);
  }

  private AppendOnlyLog rewriteTarget() throws IOException {
    if (appendOnly.isPresent()) {
      return appendOnly.get();
    }
    Path manifest = appendOnlyDirectory().resolve(names().manifest());
    return new AppendOnlyLog(
        appendOnlyDirectory(),
        names(),
        Files.exists(manifest) ? AofManifest.load(manifest) : new AofManifest(List.of()),
        log);
  }

  private void switchAppendOnly() {
    if (config.yes(Directive.APPENDONLY)) {
      rewriteScheduled = true;
      startWhatIsDue();
    } else if (appendOnly.isPresent()) {
      if (running().filter(purpose -> purpose == Purpose.REWRITE).isPresent()) {
        running.get().job().abort();
      }
      try {
        appendOnly.get().close();
      } catch (IOException e) {
        log.warning("Error closing the AOF file: " + e.getMessage());
      }
      appendOnly = Optional.empty();
    }
  }

  // ---- what happens from time to time

  /// Does what is due; to be called about ten times a second.
  ///
  /// @throws IOException as [#beforeReplies()]
  public void tick() throws IOException {
    if (appendOnly.isPresent()) {
      appendOnly.get().tick(fsync());
    }
    if (running.isEmpty()) {
      startWhatIsDue();
    }
  }

  private void startWhatIsDue() {
    if (running.isPresent()) {
      return;
    }
    if (rewriteScheduled || isRewriteDue()) {
      try {
        beginRewrite();
      } catch (IOException e) {
        rewriteFailed(String.valueOf(e.getMessage()));
      }
    } else if (saveScheduled || isSaveDue()) {
      beginSave();
    }
  }

  private boolean isSaveDue() {
    long changes = changesSinceSave();
    long now = seconds();
    if (!status.lastSaveOk && now - status.lastSaveTrySeconds <= RETRY_SECONDS) {
      return false;
    }
    for (SavePoint point : SavePoint.parse(config.text(Directive.SAVE))) {
      if (changes >= Math.max(1, point.changes())
          && now - status.lastSaveSeconds > point.seconds()) {
        log.notice(
            "%d changes in %d seconds. Saving...".formatted(point.changes(), point.seconds()));
        return true;
      }
    }
    return false;
  }

  private boolean isRewriteDue() {
    long percentage = config.number(Directive.AUTO_AOF_REWRITE_PERCENTAGE);
    if (appendOnly.isEmpty() || percentage == 0) {
      return false;
    }
    long size = appendOnly.get().size();
    long base = Math.max(1, appendOnly.get().sizeAtRewrite());
    long growth = (size - base) * 100 / base;
    if (size > config.number(Directive.AUTO_AOF_REWRITE_MIN_SIZE) && growth >= percentage) {
      log.notice("Starting automatic rewriting of AOF on %d%% growth".formatted(growth));
      return true;
    }
    return false;
  }

  // ---- debugging

  /// Saves if asked to, forgets everything if asked to, and loads what was saved.
  public void reload(boolean save, boolean flush) throws IOException {
    if (save) {
      save();
    }
    if (flush) {
      clear();
    }
    keyspace.loading(true);
    try {
      loadSnapshot();
    } finally {
      keyspace.loading(false);
    }
    log.notice("DB reloaded by DEBUG RELOAD");
  }

  /// Forgets everything, and loads the append-only log.
  public void reloadAppendOnly() throws IOException {
    if (appendOnly.isPresent()) {
      appendOnly.get().flush(Fsync.ALWAYS);
    }
    clear();
    keyspace.loading(true);
    try {
      loadAppendOnly();
    } finally {
      keyspace.loading(false);
    }
    log.notice("Append Only File loaded by DEBUG LOADAOF");
  }

  private void clear() {
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      keyspace.flush(keyspace.database(i));
    }
    carried.clear();
  }

  // ---- figures

  /// Unix seconds of the last good save.
  public long lastSaveSeconds() {
    return status.lastSaveSeconds;
  }

  /// Changes since the last good save.
  public long changesSinceSave() {
    return keyspace.dirty() - status.dirtyAtLastSave;
  }

  /// The section `persistence` of `INFO`.
  public void describe(InfoText info) {
    Optional<Running> now = running;
    info.field("loading", keyspace.isLoading() ? 1 : 0);
    info.field("async_loading", 0);
    info.field("current_save_keys_processed", now.map(run -> run.job().keysSaved()).orElse(0L));
    info.field("current_save_keys_total", now.map(run -> run.job().keysTotal()).orElse(0L));
    info.field("rdb_changes_since_last_save", changesSinceSave());
    info.field("rdb_bgsave_in_progress", isRunning(Purpose.SAVE) ? 1 : 0);
    info.field("rdb_last_save_time", status.lastSaveSeconds);
    info.field("rdb_last_bgsave_status", status.lastSaveOk ? "ok" : "err");
    info.field("rdb_last_bgsave_time_sec", status.lastSaveDuration);
    info.field("rdb_current_bgsave_time_sec", runningSeconds(Purpose.SAVE));
    info.field("rdb_saves", status.saves);
    info.field("rdb_last_load_keys_expired", status.load.keysExpired());
    info.field("rdb_last_load_keys_loaded", status.load.keysLoaded());
    info.field("aof_enabled", config.yes(Directive.APPENDONLY) ? 1 : 0);
    info.field("aof_rewrite_in_progress", isRunning(Purpose.REWRITE) ? 1 : 0);
    info.field("aof_rewrite_scheduled", rewriteScheduled ? 1 : 0);
    info.field("aof_last_rewrite_time_sec", status.lastRewriteDuration);
    info.field("aof_current_rewrite_time_sec", runningSeconds(Purpose.REWRITE));
    info.field("aof_last_bgrewrite_status", status.lastRewriteOk ? "ok" : "err");
    info.field("aof_rewrites", status.rewrites);
    boolean failing = appendOnly.flatMap(AppendOnlyLog::error).isPresent();
    info.field("aof_last_write_status", failing ? "err" : "ok");
    appendOnly.ifPresent(open -> {
      info.field("aof_current_size", open.size());
      info.field("aof_base_size", open.sizeAtRewrite());
      info.field("aof_pending_rewrite", rewriteScheduled ? 1 : 0);
      info.field("aof_buffer_length", open.bufferedBytes());
      info.field("aof_pending_bio_fsync", open.isSyncing() ? 1 : 0);
    });
  }

  // ---- within

  @FunctionalInterface
  private interface Ending {
    void ended(Running run, Outcome outcome);
  }

  private void begin(Purpose purpose, List<RdbRecord> head, RdbFileWriter writer, Ending ending) {
    Running[] self = new Running[1];
    SnapshotJob job =
        SnapshotJob.start(
            keyspace,
            head,
            writer,
            loop,
            outcome -> {
              running = Optional.empty();
              ending.ended(self[0], outcome);
              startWhatIsDue();
              whenIdle.run();
            });
    self[0] = new Running(purpose, job, time.millis(), keyspace.dirty());
    running = Optional.of(self[0]);
  }

  private void saved(long startMillis, long dirty) {
    status.lastSaveSeconds = seconds();
    status.lastSaveDuration = (time.millis() - startMillis) / 1000;
    status.lastSaveOk = true;
    status.saves++;
    status.dirtyAtLastSave = dirty;
  }

  private RdbFileWriter writer(Path temporary, Path target) {
    return RdbFileWriter.start(
        temporary,
        target,
        new RdbFileWriter.Options(
            config.yes(Directive.RDBCOMPRESSION),
            config.yes(Directive.RDBCHECKSUM),
            keyspace.holdsValkeyForms()));
  }

  /// What stands in front of the keys.
  private List<RdbRecord> head(boolean base) {
    ReplicationPosition at = position.get();
    List<RdbRecord> head = new ArrayList<>();
    head.add(aux("redis-ver", ServerVersion.REDIS));
    head.add(aux("redis-bits", "64"));
    head.add(aux("ctime", Long.toString(seconds())));
    head.add(aux("used-mem", Long.toString(new MemoryUse().used())));
    if (at.offset() >= 0) {
      head.add(aux("repl-stream-db", Integer.toString(at.db())));
      head.add(aux("repl-id", at.id()));
      head.add(aux("repl-offset", Long.toString(at.offset())));
    }
    head.add(aux("aof-base", base ? "1" : "0"));
    head.addAll(carried.records());
    return head;
  }

  private static RdbRecord aux(String name, String value) {
    return new RdbRecord.Aux(
        name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isRunning(Purpose purpose) {
    return running().filter(now -> now == purpose).isPresent();
  }

  private long runningSeconds(Purpose purpose) {
    return running
        .filter(run -> run.purpose() == purpose)
        .map(run -> (time.millis() - run.startMillis()) / 1000)
        .orElse(-1L);
  }

  private Fsync fsync() {
    return Fsync.of(config.text(Directive.APPENDFSYNC));
  }

  private AofNames names() {
    return new AofNames(config.text(Directive.APPENDFILENAME));
  }

  private Path appendOnlyDirectory() {
    return config.dir().resolve(config.text(Directive.APPENDDIRNAME));
  }

  private Path snapshotFile() {
    return config.dir().resolve(config.text(Directive.DBFILENAME));
  }

  private Path temporarySnapshot(String what) {
    return config.dir().resolve("temp-%s-%d.rdb".formatted(what, ProcessHandle.current().pid()));
  }

  private long seconds() {
    return time.millis() / 1000;
  }
}
