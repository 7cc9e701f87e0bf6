package io.redrill.server.config;

import io.redrill.server.command.Call;
import io.redrill.server.command.Client;
import io.redrill.server.command.Command.KeyPositions;
import io.redrill.server.command.CommandException;
import io.redrill.server.command.CommandFlag;
import io.redrill.server.command.CommandTable;
import io.redrill.server.command.Connection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// `CONFIG GET`, `CONFIG SET` and `CONFIG RESETSTAT`.
public final class ConfigCommands {

  private static final Set<CommandFlag> ADMIN =
      EnumSet.of(CommandFlag.ADMIN, CommandFlag.NOSCRIPT, CommandFlag.LOADING, CommandFlag.STALE);

  private final ServerConfig config;
  private final Runnable resetStatistics;

  /// Commands on `config`; `resetStatistics` is what `CONFIG RESETSTAT` does.
  public ConfigCommands(ServerConfig config, Runnable resetStatistics) {
    this.config = config;
    this.resetStatistics = resetStatistics;
  }

  /// Adds the commands to `table`.
  public void register(CommandTable table) {
    table
        .add("config", -2, KeyPositions.NONE, ADMIN, call -> {})
        .sub("get", -3, this::get)
        .sub("set", -4, this::set)
        .sub("resetstat", 2, this::resetStatistics);
  }

  private void get(Call call) {
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 2; i < call.count(); i++) {
      Pattern pattern = glob(call.text(i).toLowerCase(Locale.ROOT));
      for (Directive directive : Directive.values()) {
        for (String name : directive.names()) {
          if (pattern.matcher(name).matches()) {
            found.put(name, config.text(directive));
          }
        }
      }
    }
    call.reply().map(found.size());
    found.forEach((name, value) -> {
      call.reply().bulk(name);
      call.reply().bulk(value);
    });
  }

  private void set(Call call) {
    if (call.count() % 2 != 0) {
      throw new CommandException("ERR wrong number of arguments for 'config|set' command");
    }
    List<String> pairs = new ArrayList<>();
    for (int i = 2; i < call.count(); i++) {
      pairs.add(call.text(i));
    }
    try {
      config.change(pairs, admits(config.text(Directive.ENABLE_PROTECTED_CONFIGS), call.client()));
      call.reply().ok();
    } catch (ConfigException e) {
      throw new CommandException("ERR " + e.getMessage());
    }
  }

  /// Whether a value of `no`, `yes` or `local` lets this client in.
  public static boolean admits(String value, Client client) {
    Connection connection = client.connection();
    return switch (value) {
      case "yes" -> true;
      case "local" ->
          connection != null
              && (connection.remoteAddress().startsWith("127.")
                  || connection.remoteAddress().startsWith("0:0:0:0:0:0:0:1:"));
      default -> false;
    };
  }

  private void resetStatistics(Call call) {
    resetStatistics.run();
    call.reply().ok();
  }

  /// `*`, `?`, `[...]` and `\` as in the patterns of `KEYS`.
  private static Pattern glob(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '\\' -> {
          i = Math.min(i + 1, glob.length() - 1);
          regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
        }
        case '[' -> {
          int end = glob.indexOf(']', i + 1);
          if (end < 0) {
            regex.append("\\[");
          } else {
            String letters = glob.substring(i + 1, end).replaceAll("[^a-z0-9^-]", "\\\\$0");
            regex.append('[').append(letters).append(']');
            i = end;
          }
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }
}
