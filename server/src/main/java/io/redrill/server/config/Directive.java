package io.redrill.server.config;

import io.redrill.server.config.DirectiveType.Choice;
import io.redrill.server.config.DirectiveType.Directory;
import io.redrill.server.config.DirectiveType.FileName;
import io.redrill.server.config.DirectiveType.Memory;
import io.redrill.server.config.DirectiveType.OutputLimits;
import io.redrill.server.config.DirectiveType.SavePoints;
import io.redrill.server.config.DirectiveType.Text;
import io.redrill.server.config.DirectiveType.WholeNumber;
import io.redrill.server.config.DirectiveType.Words;
import io.redrill.server.config.DirectiveType.YesNo;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Every directive that this server acts on or reports, with its default.
///
/// Names, types and defaults are those of Redis 7.0, but for `bind` (loopback only, as
/// distributions ship it) and those that begin with `redrill-`, which are ours.
public enum Directive {
  APPENDDIRNAME("appenddirname", new FileName(), "appendonlydir", Change.NEVER),
  APPENDFILENAME("appendfilename", new FileName(), "appendonly.aof", Change.NEVER),
  APPENDFSYNC("appendfsync", new Choice("everysec", "always", "no"), "everysec"),
  APPENDONLY("appendonly", new YesNo(), "no"),
  AOF_LOAD_TRUNCATED("aof-load-truncated", new YesNo(), "yes"),
  AOF_TIMESTAMP_ENABLED("aof-timestamp-enabled", new YesNo(), "no"),
  /// A base is always an RDB; one of commands is read, not written.
  AOF_USE_RDB_PREAMBLE("aof-use-rdb-preamble", new Choice("yes"), "yes"),
  AUTO_AOF_REWRITE_MIN_SIZE("auto-aof-rewrite-min-size", new Memory(0, Long.MAX_VALUE), "67108864"),
  AUTO_AOF_REWRITE_PERCENTAGE(
      "auto-aof-rewrite-percentage", new WholeNumber(0, Integer.MAX_VALUE), "100"),
  BIND("bind", new Words(), "127.0.0.1 -::1", Change.NEVER),
  CLIENT_OUTPUT_BUFFER_LIMIT(
      "client-output-buffer-limit",
      new OutputLimits(),
      "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"),
  DAEMONIZE("daemonize", new Choice("no"), "no", Change.NEVER),
  DATABASES("databases", new WholeNumber(1, 65536), "16", Change.NEVER),
  DBFILENAME("dbfilename", new FileName(), "dump.rdb", Change.PROTECTED),
  DIR("dir", new Directory(), "", Change.PROTECTED),
  ENABLE_DEBUG_COMMAND(
      "enable-debug-command", new Choice("no", "yes", "local"), "no", Change.NEVER),
  ENABLE_PROTECTED_CONFIGS(
      "enable-protected-configs", new Choice("no", "yes", "local"), "no", Change.NEVER),
  HASH_MAX_LISTPACK_ENTRIES(
      "hash-max-listpack-entries",
      new WholeNumber(0, Long.MAX_VALUE),
      "512",
      "hash-max-ziplist-entries"),
  HASH_MAX_LISTPACK_VALUE(
      "hash-max-listpack-value", new Memory(0, Long.MAX_VALUE), "64", "hash-max-ziplist-value"),
  HZ("hz", new WholeNumber(1, 500), "10"),
  LIST_COMPRESS_DEPTH("list-compress-depth", new WholeNumber(0, Integer.MAX_VALUE), "0"),
  LIST_MAX_LISTPACK_SIZE(
      "list-max-listpack-size",
      new WholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE),
      "-2",
      "list-max-ziplist-size"),
  LOGFILE("logfile", new Text(), "", Change.NEVER),
  LOGLEVEL("loglevel", new Choice("debug", "verbose", "notice", "warning", "nothing"), "notice"),
  MAXCLIENTS("maxclients", new WholeNumber(1, Integer.MAX_VALUE), "10000"),
  MAXMEMORY("maxmemory", new Memory(0, Long.MAX_VALUE), "0"),
  MAXMEMORY_POLICY("maxmemory-policy", new Choice("noeviction"), "noeviction"),
  PORT("port", new WholeNumber(0, 65535), "6379", Change.NEVER),
  PROTO_MAX_BULK_LEN("proto-max-bulk-len", new Memory(1024 * 1024, Integer.MAX_VALUE), "536870912"),
  RDBCHECKSUM("rdbchecksum", new YesNo(), "yes", Change.NEVER),
  RDBCOMPRESSION("rdbcompression", new YesNo(), "yes"),
  /// Keys are neither expired nor hidden, whatever their time: a scratch instance must show and
  /// save exactly what was restored.
  REDRILL_KEEP_EXPIRED("redrill-keep-expired", new YesNo(), "no", Change.NEVER),
  /// A file that receives the bound port, as decimal text, once connections are accepted.
  REDRILL_PORT_FILE("redrill-port-file", new Text(), "", Change.NEVER),
  REPL_BACKLOG_SIZE("repl-backlog-size", new Memory(1, Integer.MAX_VALUE), "1048576"),
  REPL_PING_REPLICA_PERIOD(
      "repl-ping-replica-period",
      new WholeNumber(1, Integer.MAX_VALUE),
      "10",
      "repl-ping-slave-period"),
  REPL_TIMEOUT("repl-timeout", new WholeNumber(1, Integer.MAX_VALUE), "60"),
  REQUIREPASS("requirepass", new Text(), ""),
  SAVE("save", new SavePoints(), "3600 1 300 100 60 10000"),
  SET_MAX_INTSET_ENTRIES("set-max-intset-entries", new WholeNumber(0, Long.MAX_VALUE), "512"),
  SET_MAX_LISTPACK_ENTRIES("set-max-listpack-entries", new WholeNumber(0, Long.MAX_VALUE), "128"),
  SET_MAX_LISTPACK_VALUE("set-max-listpack-value", new WholeNumber(0, Long.MAX_VALUE), "64"),
  STOP_WRITES_ON_BGSAVE_ERROR("stop-writes-on-bgsave-error", new YesNo(), "yes"),
  TCP_KEEPALIVE("tcp-keepalive", new WholeNumber(0, Integer.MAX_VALUE), "300"),
  TIMEOUT("timeout", new WholeNumber(0, Integer.MAX_VALUE), "0"),
  ZSET_MAX_LISTPACK_ENTRIES(
      "zset-max-listpack-entries",
      new WholeNumber(0, Long.MAX_VALUE),
      "128",
      "zset-max-ziplist-entries"),
  ZSET_MAX_LISTPACK_VALUE(
      "zset-max-listpack-value", new Memory(0, Long.MAX_VALUE), "64", "zset-max-ziplist-value");

  private static final Map<String, Directive> BY_NAME = new HashMap<>();

  static {
    for (Directive directive : values()) {
      for (String name : directive.names) {
        BY_NAME.put(name, directive);
      }
    }
  }

  /// When a running server may change a directive.
  enum Change {
    ALWAYS,
    /// Only with `enable-protected-configs`.
    PROTECTED,
    NEVER
  }

  // Both are immutable; only Error Prone's own annotation, which we do not ship, could tell it so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> names;

  @SuppressWarnings("ImmutableEnumChecker")
  private final DirectiveType type;

  private final String defaultValue;
  private final Change change;

  Directive(String name, DirectiveType type, String defaultValue) {
    this(List.of(name), type, defaultValue, Change.ALWAYS);
  }

  Directive(String name, DirectiveType type, String defaultValue, String alias) {
    this(List.of(name, alias), type, defaultValue, Change.ALWAYS);
  }

  Directive(String name, DirectiveType type, String defaultValue, Change change) {
    this(List.of(name), type, defaultValue, change);
  }

  Directive(List<String> names, DirectiveType type, String defaultValue, Change change) {
    this.names = names;
    this.type = type;
    this.defaultValue = defaultValue;
    this.change = change;
  }

  /// The directive called `name`, or by that older name, in any case.
  public static Optional<Directive> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }

  /// The name that `redis.conf` uses.
  public String redisName() {
    return names.getFirst();
  }

  /// The name and, after it, older names for the same directive.
  public List<String> names() {
    return names;
  }

  DirectiveType type() {
    return type;
  }

  String defaultValue() {
    return defaultValue;
  }

  Change change() {
    return change;
  }
}
