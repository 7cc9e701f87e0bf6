package io.redrill.server.command;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One command or subcommand: its name, shape and handler, and how it has been used.
public final class Command {

  private final String name;
  private final byte[] nameBytes;
  private final int arity;
  private final Set<CommandFlag> flags;
  private final KeyPositions keys;
  private final CommandHandler handler;
  private final Map<String, Command> subcommands = new LinkedHashMap<>();

  // Asked for on every call, and so kept apart from the set.
  private final boolean write;

  private long calls;
  private long nanos;
  private long rejectedCalls;
  private long failedCalls;

  /// Where keys stand among the arguments; the command's name is argument 0.
  ///
  /// @param first the first key, or 0 if there is none
  /// @param last the last key; negative counts from the end
  /// @param step from one key to the next
  public record KeyPositions(int first, int last, int step) {
    /// No argument is a key.
    public static final KeyPositions NONE = new KeyPositions(0, 0, 0);

    /// The first argument is the key.
    public static final KeyPositions ONE = new KeyPositions(1, 1, 1);

    /// All arguments are keys.
    public static final KeyPositions ALL = new KeyPositions(1, -1, 1);
  }

  Command(
      String name, int arity, KeyPositions keys, Set<CommandFlag> flags, CommandHandler handler) {
    this.name = name;
    this.nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
    this.arity = arity;
    this.keys = keys;
    this.flags =
        flags.isEmpty()
            ? EnumSet.noneOf(CommandFlag.class)
            : Collections.unmodifiableSet(EnumSet.copyOf(flags));
    this.handler = handler;
    this.write = flags.contains(CommandFlag.WRITE);
  }

  /// The name in lower case; of a subcommand, `container|name`.
  public String name() {
    return name;
  }

  /// The number of arguments, the name included; negative for at least that many.
  public int arity() {
    return arity;
  }

  /// What the server must know of it.
  public Set<CommandFlag> flags() {
    return flags;
  }

  /// Whether it may change data.
  public boolean isWrite() {
    return write;
  }

  /// Whether it has this flag.
  public boolean has(CommandFlag flag) {
    return flags.contains(flag);
  }

  /// Where its keys stand.
  public KeyPositions keys() {
    return keys;
  }

  /// The subcommands by name.
  public Map<String, Command> subcommands() {
    return Collections.unmodifiableMap(subcommands);
  }

  /// How often it ran.
  public long calls() {
    return calls;
  }

  /// How long it ran in all, in nanoseconds.
  public long nanos() {
    return nanos;
  }

  /// How often it was refused before it ran.
  public long rejectedCalls() {
    return rejectedCalls;
  }

  /// How often it ran and answered with an error.
  public long failedCalls() {
    return failedCalls;
  }

  /// Adds a subcommand; `subArity` counts the container's name as well.
  public Command sub(
      String subName,
      int subArity,
      KeyPositions subKeys,
      Set<CommandFlag> subFlags,
      CommandHandler subHandler) {
    subcommands.put(
        subName, new Command(name + "|" + subName, subArity, subKeys, subFlags, subHandler));
    return this;
  }

  /// Adds a subcommand without keys that has this command's flags.
  public Command sub(String subName, int subArity, CommandHandler subHandler) {
    return sub(subName, subArity, KeyPositions.NONE, flags, subHandler);
  }

  boolean accepts(int argumentCount) {
    return arity >= 0 ? argumentCount == arity : argumentCount >= -arity;
  }

  boolean isNamed(byte[] word) {
    return CommandTable.equalsIgnoreCase(nameBytes, word);
  }

  @Nullable Command subcommand(byte[] word) {
    return subcommands.get(
        new String(word, StandardCharsets.ISO_8859_1).toLowerCase(java.util.Locale.ROOT));
  }

  CommandHandler handler() {
    return handler;
  }

  void countCall(long elapsedNanos, boolean failed) {
    calls++;
    nanos += elapsedNanos;
    if (failed) {
      failedCalls++;
    }
  }

  void countRejected() {
    rejectedCalls++;
  }

  /// Forgets the counts, for `CONFIG RESETSTAT`.
  public void resetStatistics() {
    calls = 0;
    nanos = 0;
    rejectedCalls = 0;
    failedCalls = 0;
    subcommands.values().forEach(Command::resetStatistics);
  }
}
