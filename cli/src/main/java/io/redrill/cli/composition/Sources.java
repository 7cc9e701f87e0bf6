package io.redrill.cli.composition;

import io.redrill.aof.resp.ServerEndpoint;
import io.redrill.backup.source.DataDirSource;
import io.redrill.backup.source.PsyncSource;
import io.redrill.backup.source.Source;
import io.redrill.cli.config.SourceConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/// The one place that makes sources of what was configured.
public final class Sources {

  /// Longer than any save of a server that works.
  private static final Duration SAVE_TIMEOUT = Duration.ofHours(2);

  private Sources() {}

  /// The source that `config` describes. Its password is fetched now; nothing is connected yet.
  public static Source of(
      SourceConfig config, Map<String, String> environment, InstantSource clock) {
    ServerEndpoint endpoint = config.url().endpoint(config.password().fetch(environment));
    return switch (config.capture()) {
      case PSYNC -> new PsyncSource(endpoint, clock);
      case DATA_DIR -> new DataDirSource(endpoint, config.directory(), SAVE_TIMEOUT, clock);
    };
  }
}
