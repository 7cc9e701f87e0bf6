package io.redrill.cli.output;

import io.redrill.aof.Dropped;
import io.redrill.rdb.KeyEscape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a repair leaves out, one by one and in sum. Memory: what is shown, and at most a hundred
/// names of commands.
public final class DroppedView {

  /// How many are shown unless more are asked for.
  public static final int MOST = 100;

  private static final int NAMES = 100;
  private static final int NAME_BYTES = 64;

  private final long most;
  private final List<Map<String, Object>> shown = new ArrayList<>();
  private final TreeMap<String, Long> names = new TreeMap<>();
  private boolean beginsWithMulti;
  private boolean hasForeignBytes;
  private long wholeCommands;
  private long otherBytes;
  private long bytes;
  private long count;

  /// Shows up to `most` of them.
  public DroppedView(long most) {
    this.most = most;
  }

  /// Takes one; gives the line for it, if it is to be shown.
  public Optional<String> add(Dropped dropped) {
    count++;
    bytes += dropped.length();
    switch (dropped) {
      case Dropped.Command command -> {
        if (command.isWhole()) {
          String name = name(command);
          beginsWithMulti |= wholeCommands == 0 && name.equalsIgnoreCase("MULTI");
          wholeCommands++;
          if (names.size() < NAMES || names.containsKey(name)) {
            names.merge(name, 1L, Long::sum);
          }
        } else {
          otherBytes += command.length();
        }
      }
      case Dropped.Bytes other -> {
        otherBytes += other.length();
        hasForeignBytes = true;
      }
    }
    if (count > most) {
      return Optional.empty();
    }
    if (count <= MOST) {
      shown.add(tree(dropped));
    }
    return Optional.of(line(dropped));
  }

  private static String name(Dropped.Command command) {
    byte[] name = command.name();
    return KeyEscape.of(name.length > NAME_BYTES ? Arrays.copyOf(name, NAME_BYTES) : name);
  }

  private static String line(Dropped dropped) {
    String place = "gone  %s:%d  ".formatted(Output.oneLine(dropped.file()), dropped.offset());
    return switch (dropped) {
      case Dropped.Command command ->
          place
              + (command.name().length == 0 ? "(beginning of a command)" : name(command))
              + command.key().map(key -> " " + KeyEscape.of(key)).orElse("")
              + " (%s, %s%s)"
                  .formatted(
                      Quantity.count(command.arguments(), "argument", "arguments"),
                      Quantity.count(command.length(), "byte", "bytes"),
                      command.isWhole() ? "" : ", cut short");
      case Dropped.Bytes other ->
          place + Quantity.count(other.length(), "byte", "bytes") + " that are no command";
    };
  }

  private static Map<String, Object> tree(Dropped dropped) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("file", dropped.file());
    tree.put("offset", dropped.offset());
    tree.put("length", dropped.length());
    if (dropped instanceof Dropped.Command command) {
      tree.put("command", name(command));
      command.key().ifPresent(key -> KeyLine.Json.key(tree, key));
      tree.put("arguments", command.arguments());
      tree.put("whole", command.isWhole());
    }
    return tree;
  }

  /// Whether it is nothing, or a single write that was not finished: the beginning of a command, or
  /// of a transaction.
  public boolean isUnfinishedWrite() {
    return !hasForeignBytes && (wholeCommands == 0 || beginsWithMulti);
  }

  /// How many whole commands there are.
  public long wholeCommands() {
    return wholeCommands;
  }

  /// What they are in sum; nothing, where there are none.
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    if (count > most) {
      lines.add("      ... and %s more; --all names them".formatted(Quantity.count(count - most)));
    }
    if (count > 0) {
      StringBuilder kinds = new StringBuilder();
      names.forEach(
          (name, commands) -> kinds.append(" %s %s".formatted(name, Quantity.count(commands))));
      lines.add(
          "      in all %s, %s of other bytes%s"
              .formatted(
                  Quantity.count(wholeCommands, "whole command", "whole commands"),
                  Quantity.bytes(otherBytes),
                  kinds.isEmpty() ? "" : ":" + kinds));
    }
    return lines;
  }

  /// All of it for JSON.
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("droppedCommands", wholeCommands);
    tree.put("droppedBytes", bytes);
    tree.put("dropped", shown);
    tree.put("droppedByCommand", names);
    return tree;
  }
}
