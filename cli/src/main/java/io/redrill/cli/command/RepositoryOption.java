package io.redrill.cli.command;

import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Stores;
import io.redrill.cli.config.Configuration;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Where the repository is: `--repo`, else the environment, else the configuration.
final class RepositoryOption {

  private static final String VARIABLE = "REDRILL_REPO";

  private final CommandContext context;

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--repo",
      paramLabel = "URL",
      description = {
        "The repository: file:PATH, s3://BUCKET[/PREFIX] or gs://BUCKET[/PREFIX].",
        "Without it: the variable REDRILL_REPO, else the configuration."
      })
  private @Nullable String url;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration (redrill.yaml): its repository, and its sources by name.")
  private @Nullable Path file;

  RepositoryOption(CommandContext context) {
    this.context = context;
  }

  /// The configuration that was named, if one was.
  Optional<Configuration> configuration() {
    return Optional.ofNullable(file)
        .map(named -> Configuration.read(context.directory().resolve(named)));
  }

  /// The store that was named.
  ///
  /// @throws ParameterException if none was, or its URL is not one
  StoreUrl storeUrl() {
    String inEnvironment = context.environment().get(VARIABLE);
    if (url != null) {
      return parse(url);
    }
    if (inEnvironment != null && !inEnvironment.isBlank()) {
      return parse(inEnvironment);
    }
    return configuration()
        .map(Configuration::repository)
        .orElseThrow(() ->
            usage(
                "no repository was named: give --repo URL, set REDRILL_REPO, or give -c"
                    + " redrill.yaml (after ./redrill up: --repo"
                    + " file:./redrill-data/repository)"));
  }

  /// Opens the store; the caller closes it.
  ObjectStore openStore() {
    return Stores.open(storeUrl(), context.directory());
  }

  /// The source called `name`; without a name, the only one there is.
  ///
  /// @param how a source is named to the command
  /// @throws ParameterException if there are several to choose from
  SourceName source(Repository repository, @Nullable String name, String how) {
    if (name != null) {
      return SourceName.of(name);
    }
    List<SourceName> sources = repository.sources();
    return switch (sources.size()) {
      case 0 -> throw Stores.nothingBackedUp(repository);
      case 1 -> sources.getFirst();
      default ->
          throw usage(
              "several sources are in this repository; name one with %s: %s"
                  .formatted(how, sources));
    };
  }

  private StoreUrl parse(String text) {
    try {
      return StoreUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  ParameterException usage(String message) {
    if (spec == null) {
      throw new IllegalStateException("not mixed into a command");
    }
    return new ParameterException(spec.commandLine(), message);
  }
}
