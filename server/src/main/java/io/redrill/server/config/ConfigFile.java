package io.redrill.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads `redis.conf` and command line arguments into a [ServerConfig].
///
/// A line is a directive and its words; `#` begins a comment line; of repeated directives the last
/// one wins, but for `save`, whose lines add up, and `client-output-buffer-limit`, whose lines each
/// set one class. `include FILE` stands for the lines of that file.
public final class ConfigFile {

  /// Directives of a stock `redis.conf` that tune what this server does not have. They are accepted
  /// so that such a file can be used as it is; those that would weaken what the operator asked for
  /// if they were ignored (access, encryption, replication, eviction) are not among them.
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "active-defrag-cycle-max",
          "active-defrag-cycle-min",
          "active-defrag-ignore-bytes",
          "active-defrag-max-scan-fields",
          "active-defrag-threshold-lower",
          "active-defrag-threshold-upper",
          "activerehashing",
          "always-show-logo",
          "aof-rewrite-incremental-fsync",
          "client-query-buffer-limit",
          "crash-log-enabled",
          "crash-memcheck-enabled",
          "disable-thp",
          "dynamic-hz",
          "io-threads",
          "io-threads-do-reads",
          "jemalloc-bg-thread",
          "latency-monitor-threshold",
          "latency-tracking",
          "lazyfree-lazy-eviction",
          "lazyfree-lazy-expire",
          "lazyfree-lazy-server-del",
          "lazyfree-lazy-user-del",
          "lazyfree-lazy-user-flush",
          "lfu-decay-time",
          "lfu-log-factor",
          "list-fill-factor",
          "locale-collate",
          "lua-time-limit",
          "maxmemory-samples",
          "busy-reply-threshold",
          "no-appendfsync-on-rewrite",
          "notify-keyspace-events",
          "oom-score-adj",
          "oom-score-adj-values",
          "pidfile",
          "proc-title-template",
          "rdb-del-sync-files",
          "rdb-save-incremental-fsync",
          "repl-disable-tcp-nodelay",
          "repl-diskless-load",
          "repl-diskless-sync",
          "repl-diskless-sync-delay",
          "repl-diskless-sync-max-replicas",
          "replica-lazy-flush",
          "replica-priority",
          "replica-read-only",
          "replica-serve-stale-data",
          "sanitize-dump-payload",
          "set-proc-title",
          "slowlog-log-slower-than",
          "slowlog-max-len",
          "stream-node-max-bytes",
          "stream-node-max-entries",
          "supervised",
          "syslog-enabled",
          "tcp-backlog");

  private static final int MAX_INCLUDE_DEPTH = 16;

  private final ServerConfig config;
  private final Set<Directive> seen = new HashSet<>();

  private ConfigFile(ServerConfig config) {
    this.config = config;
  }

  /// Reads the arguments of the server's command line: at most one file first, then options as
  /// `--name value...`, `"--name value"`, or bare words of a directive.
  ///
  /// @throws ConfigException if an argument or a line of the file cannot be used
  /// @throws IOException if the file cannot be read
  public static ServerConfig read(List<String> arguments) throws IOException {
    boolean withFile = !arguments.isEmpty() && !arguments.getFirst().startsWith("--");
    ServerConfig config = new ServerConfig();
    ConfigFile reader = new ConfigFile(config);
    List<String> lines = new ArrayList<>();
    if (withFile) {
      lines.addAll(readLines(Path.of(arguments.getFirst())));
    }
    lines.addAll(optionLines(arguments.subList(withFile ? 1 : 0, arguments.size())));
    reader.readLines(lines, 0);
    return config;
  }

  /// Reads the text of a configuration file.
  ///
  /// @throws ConfigException if a line cannot be used
  public static ServerConfig parse(String text) throws IOException {
    ServerConfig config = new ServerConfig();
    new ConfigFile(config).readLines(text.lines().toList(), 0);
    return config;
  }

  private static List<String> readLines(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
  }

  /// Turns options into the lines that they stand for. A word that begins with `--` is a name,
  /// unless a name without a value stands right before it; `--save` may stay without a value.
  private static List<String> optionLines(List<String> arguments) throws ConfigException {
    List<String> lines = new ArrayList<>();
    boolean nameMayFollow = true;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (nameMayFollow && argument.startsWith("--")) {
        boolean last = i == arguments.size() - 1;
        boolean bareName = ConfigWords.split(argument).size() == 1;
        boolean emptySave =
            bareName
                && argument.strip().equalsIgnoreCase("--save")
                && (last || arguments.get(i + 1).startsWith("--"));
        lines.add(argument.substring(2) + (emptySave ? " \"\"" : ""));
        nameMayFollow = !bareName || emptySave;
      } else {
        String before = lines.isEmpty() ? "" : lines.removeLast() + " ";
        lines.add(before + ConfigWords.quote(argument));
        nameMayFollow = true;
      }
    }
    return lines;
  }

  private void readLines(List<String> lines, int depth) throws IOException {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        readLine(ConfigWords.split(line), depth);
      } catch (ConfigException e) {
        throw new ConfigException(i + 1, line, String.valueOf(e.getMessage()));
      }
    }
  }

  private void readLine(List<String> words, int depth) throws IOException {
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    List<String> values = words.subList(1, words.size());
    if (name.equals("include") && values.size() == 1) {
      if (depth == MAX_INCLUDE_DEPTH) {
        throw new ConfigException("Too many levels of include files");
      }
      readLines(readLines(Path.of(values.getFirst())), depth + 1);
      return;
    }
    Optional<Directive> directive = Directive.find(name);
    if (directive.isPresent()) {
      set(directive.get(), values);
    } else if (WITHOUT_EFFECT.contains(name) && !values.isEmpty()) {
      config.ignore(name);
    } else {
      throw new ConfigException("Bad directive or wrong number of arguments");
    }
  }

  private void set(Directive directive, List<String> values) throws ConfigException {
    if (values.isEmpty()) {
      throw new ConfigException("wrong number of arguments");
    }
    List<String> words = new ArrayList<>();
    boolean repeatedSave = directive == Directive.SAVE && !seen.add(directive);
    if (repeatedSave && !values.equals(List.of(""))) {
      words.add(config.text(directive));
    }
    words.addAll(values);
    config.set(directive, words.toArray(String[]::new));
  }
}
