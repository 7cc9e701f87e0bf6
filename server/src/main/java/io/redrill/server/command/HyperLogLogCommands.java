package io.redrill.server.command;

import static io.redrill.server.command.Commands.GROW;
import static io.redrill.server.command.Commands.GROW_FAST;
import static io.redrill.server.command.Commands.KEY;
import static io.redrill.server.command.Commands.KEYS;
import static io.redrill.server.command.Commands.READ;

import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.RedisString;
import org.jspecify.annotations.Nullable;

/// Commands on HyperLogLogs, which are strings of a certain form.
final class HyperLogLogCommands {

  private static final String NOT_ONE = "WRONGTYPE Key is not a valid HyperLogLog string value.";

  private HyperLogLogCommands() {}

  static void register(CommandTable table) {
    table.add("pfadd", -2, KEY, GROW_FAST, HyperLogLogCommands::add);
    table.add("pfcount", -2, KEYS, READ, HyperLogLogCommands::count);
    table.add("pfmerge", -2, KEYS, GROW, HyperLogLogCommands::merge);
    table.add("pfdebug", 3, new KeyPositions(2, 2, 1), GROW, HyperLogLogCommands::debug);
  }

  private static @Nullable HyperLogLog of(@Nullable RedisString value) {
    if (value == null) {
      return null;
    }
    if (!HyperLogLog.isValid(value.bytes())) {
      throw new CommandException(NOT_ONE);
    }
    return new HyperLogLog(value.bytes());
  }

  private static @Nullable HyperLogLog read(Call call, int index) {
    return of(call.find(call.arg(index), RedisString.class));
  }

  private static void put(Call call, byte[] key, HyperLogLog log, long changes) {
    RedisString value = call.findForWrite(key, RedisString.class);
    if (value == null) {
      call.db().put(key, new RedisString(log.bytes(), RedisString.Origin.EDITED), false);
      call.changed(changes);
    } else {
      value.edited(log.bytes());
      call.changed(key, changes);
    }
  }

  private static void add(Call call) {
    byte[] key = call.arg(1);
    HyperLogLog log = of(call.findForWrite(key, RedisString.class));
    int changes = 0;
    if (log == null) {
      log = HyperLogLog.empty();
      changes++;
    }
    for (int i = 2; i < call.count(); i++) {
      if (log.add(call.arg(i))) {
        changes++;
      }
    }
    if (changes > 0) {
      log.forgetCardinality();
      put(call, key, log, changes);
    }
    call.reply().integer(changes > 0);
  }

  /// Counting one key writes the estimate into it, which a log shows and replicas must do too.
  private static void count(Call call) {
    if (call.count() > 2) {
      byte[] registers = new byte[HyperLogLog.REGISTERS];
      for (int i = 1; i < call.count(); i++) {
        HyperLogLog log = read(call, i);
        if (log != null) {
          log.raiseInto(registers);
        }
      }
      call.reply().integer(HyperLogLog.estimate(registers));
      return;
    }
    HyperLogLog log = read(call, 1);
    if (log == null) {
      call.reply().integer(0);
      return;
    }
    if (!log.knowsCardinality()) {
      byte[] registers = new byte[HyperLogLog.REGISTERS];
      log.raiseInto(registers);
      log.rememberCardinality(HyperLogLog.estimate(registers));
      put(call, call.arg(1), log, 1);
      call.propagate(call.args());
    }
    call.reply().integer(log.knownCardinality());
  }

  private static void merge(Call call) {
    byte[] registers = new byte[HyperLogLog.REGISTERS];
    boolean dense = false;
    for (int i = 1; i < call.count(); i++) {
      HyperLogLog log = read(call, i);
      if (log != null) {
        dense |= log.isDense();
        log.raiseInto(registers);
      }
    }
    byte[] key = call.arg(1);
    HyperLogLog target = of(call.findForWrite(key, RedisString.class));
    if (target == null) {
      target = HyperLogLog.empty();
    }
    if (dense) {
      target.makeDense();
    }
    for (int i = 0; i < HyperLogLog.REGISTERS; i++) {
      if (registers[i] > 0) {
        target.raise(i, registers[i]);
      }
    }
    target.forgetCardinality();
    put(call, key, target, 1);
    call.reply().ok();
  }

  /// `GETREG` and `TODENSE` make a HyperLogLog dense, and so may stand in a log.
  private static void debug(Call call) {
    KeyEntry entry = call.db().peek(call.arg(2));
    HyperLogLog log = entry == null ? null : of(Call.cast(entry, RedisString.class));
    if (log == null) {
      throw new CommandException("ERR The specified key does not exist");
    }
    boolean wasSparse = !log.isDense();
    switch (call.word(1)) {
      case "ENCODING" -> call.reply().status(wasSparse ? "sparse" : "dense");
      case "GETREG" -> {
        makeDense(call, log, wasSparse);
        byte[] dense = log.bytes();
        call.reply().array(HyperLogLog.REGISTERS);
        for (int i = 0; i < HyperLogLog.REGISTERS; i++) {
          call.reply().integer(HyperLogLog.denseRegister(dense, i));
        }
      }
      case "TODENSE" -> {
        makeDense(call, log, wasSparse);
        call.reply().integer(wasSparse);
      }
      default ->
          throw new CommandException("ERR Unknown PFDEBUG subcommand '%s'".formatted(call.text(1)));
    }
  }

  private static void makeDense(Call call, HyperLogLog log, boolean wasSparse) {
    if (wasSparse) {
      log.makeDense();
      put(call, call.arg(2), log, 1);
    }
  }
}
