package io.redrill.cli.command;

import io.redrill.backup.repository.CaptureMode;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SourceUrl;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.config.Configuration;
import io.redrill.cli.config.PasswordSource;
import io.redrill.cli.config.SourceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which Redis: a name from the configuration, or a URL, or the only one there is.
final class SourceArgument {

  /// Where the password of a source comes from that is given by its URL.
  static final String PASSWORD_VARIABLE = "REDRILL_SOURCE_PASSWORD";

  private final CommandContext context;

  @Parameters(
      arity = "0..1",
      paramLabel = "SOURCE",
      description = {
        "A source of the configuration by name, or redis://[user@]host:port, with TLS"
            + " rediss://[user@]host:port[?ca=FILE&cert=FILE&key=FILE&sni=NAME] (its password in the"
            + " variable REDRILL_SOURCE_PASSWORD). May be left out where there is only one."
      })
  private @Nullable String source;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "What a source given by its URL is called in the repository (default: host-port).")
  private @Nullable String name;

  @Option(
      names = "--capture",
      paramLabel = "MODE",
      description = {
        "How a source given by its URL is captured: psync (as a replica, the default) or data-dir"
            + " (BGSAVE, and the files in its directory on this host)."
      })
  private @Nullable String capture;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "With --capture data-dir: the server's directory, if it cannot be asked.")
  private @Nullable Path directory;

  SourceArgument(CommandContext context) {
    this.context = context;
  }

  /// The source that was meant, from the configuration or made of the URL.
  SourceConfig resolve(RepositoryOption options) {
    Optional<Configuration> configuration = options.configuration();
    if (source != null && SourceUrl.isSourceUrl(source)) {
      return ofUrl(SourceUrl.parse(source).in(context.directory()), options);
    }
    if (name != null || capture != null || directory != null) {
      throw options.usage("--name, --capture and --directory go with a redis:// or rediss:// URL");
    }
    if (source != null && source.indexOf(':') >= 0) {
      throw options.usage(
          "a source is redis://[user@]host:port, or a name of the configuration, not '"
              + source
              + "'");
    }
    if (source != null) {
      SourceName wanted = SourceName.of(source);
      return configuration
          .orElseThrow(() ->
              options.usage(
                  "'"
                      + wanted
                      + "' is no redis:// URL, and no configuration was given to look it up in"
                      + " (-c redrill.yaml)"))
          .needSource(wanted);
    }
    List<SourceConfig> sources = configuration.map(Configuration::sources).orElse(List.of());
    return switch (sources.size()) {
      case 0 ->
          throw options.usage("no source was named: give redis://host:port, or -c redrill.yaml");
      case 1 -> sources.getFirst();
      default ->
          throw options.usage(
              "the configuration has several sources; name one of them: "
                  + sources.stream().map(SourceConfig::name).toList());
    };
  }

  private SourceConfig ofUrl(SourceUrl url, RepositoryOption options) {
    SourceConfig plain =
        SourceConfig.of(name == null ? url.defaultName() : SourceName.of(name), url);
    PasswordSource password =
        context.environment().containsKey(PASSWORD_VARIABLE)
            ? new PasswordSource.Variable(PASSWORD_VARIABLE)
            : new PasswordSource.None();
    CaptureMode mode = captureMode(options);
    if (directory != null && mode != CaptureMode.DATA_DIR) {
      throw options.usage("--directory goes with --capture data-dir");
    }
    return new SourceConfig(
        plain.name(),
        url,
        mode,
        Optional.ofNullable(directory).map(context.directory()::resolve),
        plain.archive(),
        password,
        plain.objectives(),
        plain.schedule(),
        plain.assertions(),
        plain.scratch());
  }

  private CaptureMode captureMode(RepositoryOption options) {
    if (capture == null) {
      return CaptureMode.PSYNC;
    }
    try {
      return CaptureMode.of(capture);
    } catch (IllegalArgumentException e) {
      throw options.usage("--capture is psync or data-dir, not '" + capture + "'");
    }
  }
}
