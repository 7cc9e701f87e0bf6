package io.redrill.server.command;

import static io.redrill.server.command.Commands.NONE;

import io.redrill.rdb.TargetTooOldException;
import io.redrill.rdb.digest.RedisDigest;
import io.redrill.server.keyspace.KeyEntry;
import io.redrill.server.type.StoredValue;

/// The parts of `DEBUG` that tests and proofs use.
final class DebugCommands {

  private DebugCommands() {}

  static void register(CommandTable table) {
    table
        .add("debug", -2, NONE, Commands.ADMIN, call -> {})
        .sub("sleep", 3, DebugCommands::sleep)
        .sub("digest", 2, call -> call.reply().status(DebugDigest.of(call.keyspace())))
        .sub("digest-value", -2, DebugCommands::digestValue)
        .sub("object", -3, DebugCommands::object)
        .sub("jmap", 2, call -> call.reply().ok())
        .sub("set-active-expire", 3, DebugCommands::setActiveExpire);
  }

  /// Holds the whole server up, which is the point of it.
  private static void sleep(Call call) {
    long millis = (long) (call.real(2) * 1000);
    try {
      Thread.sleep(Math.max(0, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    call.reply().ok();
  }

  private static void digestValue(Call call) {
    call.reply().array(call.count() - 2L);
    for (int i = 2; i < call.count(); i++) {
      KeyEntry entry = call.db().peek(call.arg(i));
      call.reply().status(entry == null ? RedisDigest.ofNothing() : DebugDigest.of(entry));
    }
  }

  private static void object(Call call) {
    KeyEntry entry = call.db().peek(call.arg(2));
    if (entry == null) {
      throw new CommandException("ERR no such key");
    }
    int length;
    try {
      length = StoredValue.of(entry.value(), true).bytes().length;
    } catch (TargetTooOldException e) {
      throw new IllegalStateException("the form was chosen to hold the value", e);
    }
    call.reply()
        .status(
            "Value at:0x%08x refcount:1 encoding:%s serializedlength:%d lru:%d lru_seconds_idle:%d"
                .formatted(
                    System.identityHashCode(entry),
                    entry.value().encoding(),
                    length,
                    entry.usedAtMillis() / 1000 & 0xffffff,
                    (call.now() - entry.usedAtMillis()) / 1000));
  }

  private static void setActiveExpire(Call call) {
    call.keyspace().activeExpiry(call.integer(2) != 0);
    call.reply().ok();
  }
}
