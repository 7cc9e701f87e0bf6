package io.redrill.server.info;

import io.redrill.server.command.Clients;
import io.redrill.server.command.Command;
import io.redrill.server.command.Dispatcher;
import io.redrill.server.command.ServerStatistics;
import io.redrill.server.config.Directive;
import io.redrill.server.config.ServerConfig;
import io.redrill.server.config.ServerVersion;
import io.redrill.server.keyspace.Database;
import io.redrill.server.keyspace.Keyspace;
import io.redrill.server.persistence.Persistence;
import io.redrill.server.replication.Primary;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// The sections of `INFO`, as far as there are true figures for them.
public final class ServerInfo {

  private final ServerConfig config;
  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Clients clients;
  private final Persistence persistence;
  private final Primary primary;
  private final InstantSource time;
  private final MemoryUse memory = new MemoryUse();
  private final long startedMillis;
  private final String runId;

  /// Describes the server that these make up.
  public ServerInfo(
      ServerConfig config,
      Dispatcher dispatcher,
      Clients clients,
      Persistence persistence,
      Primary primary,
      InstantSource time,
      RandomGenerator random) {
    this.config = config;
    this.dispatcher = dispatcher;
    this.keyspace = dispatcher.keyspace();
    this.clients = clients;
    this.persistence = persistence;
    this.primary = primary;
    this.time = time;
    this.startedMillis = time.millis();
    byte[] id = new byte[20];
    random.nextBytes(id);
    this.runId = HexFormat.of().formatHex(id);
  }

  /// Adds the sections to `info`.
  public InfoCommand register(InfoCommand info) {
    return info.add("Server", true, this::server)
        .add("Clients", true, this::clients)
        .add("Memory", true, this::memory)
        .add("Persistence", true, persistence::describe)
        .add("Stats", true, this::statistics)
        .add("Replication", true, primary::describe)
        .add("CPU", true, this::cpu)
        .add("Commandstats", false, this::commandStatistics)
        .add("Keyspace", true, this::keyspace);
  }

  /// What `CONFIG RESETSTAT` does.
  public void resetStatistics() {
    dispatcher.statistics().reset();
    dispatcher.table().commands().forEach(Command::resetStatistics);
    memory.resetPeak();
  }

  private void server(InfoText info) {
    long uptime = (time.millis() - startedMillis) / 1000;
    info.field("redis_version", ServerVersion.REDIS);
    info.field("redrill_version", ServerVersion.REDRILL);
    info.field("redis_mode", "standalone");
    info.field(
        "os",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    info.field("arch_bits", 64);
    info.field("java_version", Runtime.version().toString());
    info.field("process_id", ProcessHandle.current().pid());
    info.field("process_supervised", "no");
    info.field("run_id", runId);
    info.field("tcp_port", config.number(Directive.PORT));
    info.field("server_time_usec", keyspace.clock().micros());
    info.field("uptime_in_seconds", uptime);
    info.field("uptime_in_days", uptime / 86_400);
    info.field("hz", config.number(Directive.HZ));
    info.field("configured_hz", config.number(Directive.HZ));
  }

  private void clients(InfoText info) {
    info.field("connected_clients", clients.count() - primary.count());
    info.field("maxclients", config.number(Directive.MAXCLIENTS));
    info.field("blocked_clients", dispatcher.blockedClients() + primary.waitingClients());
  }

  private void memory(InfoText info) {
    long used = memory.used();
    info.bytes("used_memory", used);
    info.bytes("used_memory_rss", MemoryUse.resident());
    info.bytes("used_memory_peak", memory.peak());
    info.field(
        "used_memory_peak_perc",
        String.format(Locale.ROOT, "%.2f%%", 100.0 * used / Math.max(1, memory.peak())));
    info.bytes("maxmemory", config.number(Directive.MAXMEMORY));
    info.field("maxmemory_policy", config.text(Directive.MAXMEMORY_POLICY));
    info.field(
        "mem_fragmentation_ratio",
        String.format(Locale.ROOT, "%.2f", (double) MemoryUse.resident() / Math.max(1, used)));
    info.field("mem_total_replication_buffers", primary.bufferBytes());
    info.field("mem_allocator", "jvm");
  }

  private void statistics(InfoText info) {
    ServerStatistics counts = dispatcher.statistics();
    info.field("total_connections_received", counts.connections());
    info.field("total_commands_processed", counts.commands());
    info.field("total_net_input_bytes", counts.bytesIn());
    info.field("total_net_output_bytes", counts.bytesOut());
    info.field("rejected_connections", counts.rejectedConnections());
    primary.describeStatistics(info);
    info.field("expired_keys", keyspace.expiredKeys());
    info.field("evicted_keys", 0);
    info.field("keyspace_hits", counts.hits());
    info.field("keyspace_misses", counts.misses());
    info.field("total_error_replies", counts.errorReplies());
  }

  private void cpu(InfoText info) {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean os) {
      info.field("used_cpu_user", String.format(Locale.ROOT, "%.6f", os.getProcessCpuTime() / 1e9));
    }
  }

  private void commandStatistics(InfoText info) {
    for (Command command : dispatcher.table().commands()) {
      commandStatistics(info, command);
      command.subcommands().values().forEach(sub -> commandStatistics(info, sub));
    }
  }

  private static void commandStatistics(InfoText info, Command command) {
    if (command.calls() + command.rejectedCalls() == 0) {
      return;
    }
    long micros = command.nanos() / 1000;
    info.field(
        "cmdstat_" + command.name(),
        String.format(
            Locale.ROOT,
            "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
            command.calls(),
            micros,
            (double) micros / Math.max(1, command.calls()),
            command.rejectedCalls(),
            command.failedCalls()));
  }

  private void keyspace(InfoText info) {
    for (int i = 0; i < keyspace.databaseCount(); i++) {
      Database db = keyspace.database(i);
      if (db.size() > 0) {
        info.field(
            "db" + i, "keys=%d,expires=%d,avg_ttl=0".formatted(db.size(), db.expiringCount()));
      }
    }
  }
}
