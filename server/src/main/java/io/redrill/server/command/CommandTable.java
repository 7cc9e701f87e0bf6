package io.redrill.server.command;

import io.redrill.server.command.Command.KeyPositions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All commands by name.
///
/// Looked up for every request, with the bytes as they came: hence an open-addressing table of its
/// own, in which the case of letters does not matter.
public final class CommandTable {

  private static final int SLOTS = 1024;

  private final @Nullable Command[] slots = new @Nullable Command[SLOTS];
  private final List<Command> commands = new ArrayList<>();

  /// Adds a command. `arity` counts the name, and is negative for "at least".
  public Command add(
      String name, int arity, KeyPositions keys, Set<CommandFlag> flags, CommandHandler handler) {
    if (commands.size() >= SLOTS / 2) {
      throw new IllegalStateException("the command table is full");
    }
    Command command = new Command(name, arity, keys, flags, handler);
    int slot = hash(name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    while (slots[slot] != null) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    slots[slot] = command;
    commands.add(command);
    return command;
  }

  /// The command of this name in any case, or null.
  public @Nullable Command find(byte[] name) {
    for (int slot = hash(name); ; slot = (slot + 1) & (SLOTS - 1)) {
      Command command = slots[slot];
      if (command == null || command.isNamed(name)) {
        return command;
      }
    }
  }

  /// The command of this name, which must be there: to add subcommands to it.
  public Command require(String name) {
    return java.util.Objects.requireNonNull(find(Call.bytes(name)), name);
  }

  /// All commands, in the order they were added.
  public List<Command> commands() {
    return Collections.unmodifiableList(commands);
  }

  private static int hash(byte[] name) {
    int hash = 0;
    for (byte letter : name) {
      hash = hash * 31 + (letter | 0x20);
    }
    return (hash ^ hash >>> 10) & (SLOTS - 1);
  }

  /// Whether two words are equal but for the case of ASCII letters; `lower` is in lower case.
  static boolean equalsIgnoreCase(byte[] lower, byte[] word) {
    if (lower.length != word.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      int letter = word[i];
      if (letter >= 'A' && letter <= 'Z') {
        letter |= 0x20;
      }
      if (letter != lower[i]) {
        return false;
      }
    }
    return true;
  }
}
