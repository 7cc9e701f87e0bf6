package io.redrill.server.persistence;

import io.redrill.server.command.Call;
import io.redrill.server.command.Command;
import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.CommandException;
import io.redrill.server.command.CommandFlag;
import io.redrill.server.command.CommandTable;
import io.redrill.server.command.Dispatcher;
import io.redrill.server.persistence.Persistence.Purpose;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// `SAVE`, `BGSAVE`, `LASTSAVE`, `BGREWRITEAOF`, and the parts of `DEBUG` that save and load.
public final class PersistenceCommands {

  private static final Set<CommandFlag> ADMIN = EnumSet.of(CommandFlag.ADMIN, CommandFlag.NOSCRIPT);

  private final Persistence persistence;
  private final Dispatcher dispatcher;

  /// Commands on `persistence`.
  public PersistenceCommands(Persistence persistence, Dispatcher dispatcher) {
    this.persistence = persistence;
    this.dispatcher = dispatcher;
  }

  /// Adds the commands to `table`, and to its `DEBUG`.
  public void register(CommandTable table, Command debug) {
    Set<CommandFlag> alone =
        EnumSet.of(CommandFlag.ADMIN, CommandFlag.NOSCRIPT, CommandFlag.NO_MULTI);
    table.add("save", 1, KeyPositions.NONE, alone, this::save);
    table.add("bgsave", -1, KeyPositions.NONE, ADMIN, this::backgroundSave);
    table.add("bgrewriteaof", 1, KeyPositions.NONE, ADMIN, this::rewriteAppendOnly);
    table.add(
        "lastsave",
        1,
        KeyPositions.NONE,
        EnumSet.of(CommandFlag.LOADING, CommandFlag.STALE, CommandFlag.FAST),
        call -> call.reply().integer(persistence.lastSaveSeconds()));
    debug.sub("reload", -2, this::reload);
    debug.sub("loadaof", 2, this::reloadAppendOnly);
  }

  private void save(Call call) {
    // A rewrite of the log does not stand in the way of a save, nor does it in Redis.
    if (persistence.running().filter(now -> now != Purpose.REWRITE).isPresent()) {
      throw new CommandException("ERR Background save already in progress");
    }
    try {
      persistence.save();
      call.reply().ok();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void backgroundSave(Call call) {
    boolean schedule = call.count() == 2 && call.is(1, "SCHEDULE");
    if (call.count() > 2 || (call.count() == 2 && !schedule)) {
      throw new CommandException(CommandException.SYNTAX);
    }
    Optional<Purpose> running = persistence.running();
    if (running.filter(now -> now == Purpose.SAVE).isPresent()) {
      throw new CommandException("ERR Background save already in progress");
    }
    if (running.isPresent() || dispatcher.isNested()) {
      if (running.isPresent() && !schedule) {
        throw new CommandException(
            "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.");
      }
      persistence.scheduleSave();
      call.reply().status("Background saving scheduled");
      return;
    }
    persistence.beginSave();
    call.reply().status("Background saving started");
  }

  private void rewriteAppendOnly(Call call) {
    Optional<Purpose> running = persistence.running();
    if (running.filter(now -> now == Purpose.REWRITE).isPresent()) {
      throw new CommandException("ERR Background append only file rewriting already in progress");
    }
    if (running.isPresent() || dispatcher.isNested()) {
      persistence.scheduleRewrite();
      call.reply().status("Background append only file rewriting scheduled");
      return;
    }
    try {
      persistence.beginRewrite();
      call.reply().status("Background append only file rewriting started");
    } catch (IOException e) {
      throw new CommandException(
          "ERR Can't execute an AOF background rewriting. Please check the server logs for more information.");
    }
  }

  private void reload(Call call) {
    boolean save = true;
    boolean flush = true;
    for (int i = 2; i < call.count(); i++) {
      switch (call.word(i)) {
        case "NOSAVE" -> save = false;
        case "NOFLUSH" -> flush = false;
        case "MERGE" ->
            throw new CommandException("ERR DEBUG RELOAD MERGE is not supported by this server");
        default ->
            throw new CommandException(
                "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
      }
    }
    requireNoSnapshot();
    try {
      persistence.reload(save, flush);
      call.reply().ok();
    } catch (IOException e) {
      throw new CommandException("ERR Error trying to load the RDB dump: " + e.getMessage());
    }
  }

  private void reloadAppendOnly(Call call) {
    requireNoSnapshot();
    try {
      persistence.reloadAppendOnly();
      call.reply().ok();
    } catch (IOException e) {
      throw new CommandException(
          "ERR Error trying to load the AOF files, check server logs: " + e.getMessage());
    }
  }

  private void requireNoSnapshot() {
    if (persistence.running().isPresent()) {
      throw new CommandException("ERR A snapshot is being taken: can't reload right now");
    }
  }

  private static CommandException failed(IOException cause) {
    CommandException refusal = new CommandException("ERR " + cause.getMessage());
    refusal.initCause(cause);
    return refusal;
  }
}
