package io.redrill.cli.config;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.SourceName;
import io.redrill.storage.StoreUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What `redrill.yaml` says; `docs/reference/configuration.md` describes every key.
///
/// @param repository where backups are kept; a directory is absolute
/// @param data the directory of the daemon's own state, absolute
/// @param sources at least one, in the order of the file, each name once
public record Configuration(
    StoreUrl repository, Path data, ConsoleConfig console, List<SourceConfig> sources) {

  /// Keeps its own copy of the list.
  public Configuration {
    sources = List.copyOf(sources);
  }

  /// Reads a file. Relative paths in it are taken from the directory that it lies in, so that a
  /// daemon finds the same data from wherever it is started.
  ///
  /// @throws RedrillException with one of the codes `CONFIG_…`, naming file, line and column
  public static Configuration read(Path file) {
    return ConfigurationReader.read(file);
  }

  /// The source of that name, if there is one.
  public Optional<SourceConfig> source(SourceName name) {
    return sources.stream().filter(source -> source.name().equals(name)).findFirst();
  }

  /// The source of that name.
  ///
  /// @throws RedrillException if there is none
  public SourceConfig needSource(SourceName name) {
    return source(name)
        .orElseThrow(() ->
            new RedrillException(
                ErrorCode.CONFIG_MISSING_KEY,
                "source",
                name,
                "configured",
                sources.stream().map(SourceConfig::name).toList()));
  }
}
