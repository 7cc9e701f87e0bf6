package io.redrill.cli.command;

import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.SourceName;
import io.redrill.backup.source.SourceUrl;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.composition.Engines;
import io.redrill.cli.config.Configuration;
import io.redrill.cli.config.SourceConfig;
import io.redrill.cli.output.ReportView;
import io.redrill.storage.ObjectStore;
import io.redrill.verify.Drill;
import io.redrill.verify.DrillOptions;
import io.redrill.verify.DrillPoint;
import io.redrill.verify.instance.ScratchKind;
import io.redrill.verify.report.DrillReport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Rehearses a restore, and reports what recovery costs.
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Restore into a throwaway server, prove what came back, and write down what recovery costs.",
      "The newest recovery point, unless another is named."
    },
    footer = {
      "",
      "Examples:",
      "  redrill drill --repo file:/backups --report-dir /tmp/drill",
      "  redrill drill orders -c redrill.yaml --scratch redis-server"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {
      "0:recovery works, and the objectives were met",
      "3:recovery works, but the report could not be stored",
      "5:recovery would fail, is not proven, or an assertion failed",
      "6:there is no recovery point",
      "8, 9 or 1:it could not run, which says nothing about the backup",
      "10:the data is proven, but an objective was missed",
      "130:interrupted"
    })
final class DrillCommand implements Callable<Integer> {

  private final CommandContext context;
  @Mixin private RepositoryOption repository;

  @Parameters(
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "Whose backup, where the repository holds several sources.")
  private @Nullable String source;

  @Option(
      names = "--scratch",
      paramLabel = "PROGRAM",
      description = {
        "What to restore into: bundled, or a server's program such as redis-server or",
        "/usr/bin/valkey-server (default: what the configuration says, else bundled)."
      })
  private @Nullable String scratch;

  @Option(
      names = "--snapshot",
      paramLabel = "SNAPSHOT",
      description = "Drill this snapshot, without the log after it.")
  private @Nullable String snapshot;

  @Option(
      names = "--random",
      description = "Drill a moment drawn from the recovery window; the report names the seed.")
  private boolean random;

  @Option(
      names = "--report-dir",
      paramLabel = "DIR",
      description = "Also write report.json, report.html and report.junit.xml into this directory.")
  private @Nullable Path reportDirectory;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  DrillCommand(CommandContext context) {
    this.context = context;
    this.repository = new RepositoryOption(context);
  }

  @Override
  public Integer call() throws IOException {
    Optional<SourceConfig> configured = configured();
    try (ObjectStore store = repository.openStore()) {
      Repository opened = Repository.open(store);
      SourceName name =
          configured.isPresent()
              ? configured.get().name()
              : repository.source(opened, source, "the argument SOURCE");
      SecureRandom seeds = new SecureRandom();
      Drill drill = new Drill(opened, context.clock(), System::nanoTime, seeds);
      DrillOptions options = options(name, configured, seeds);
      context.output().message("drilling " + name + ", which may take as long as a restore");
      DrillReport report = run(drill, options, configured);
      Optional<Path> html =
          Optional.ofNullable(reportDirectory)
              .map(directory -> ReportFiles.write(report, context.directory().resolve(directory)));
      if (json) {
        context.output().json(ReportView.tree(report));
      } else {
        ReportView.print(report, context.output());
      }
      html.ifPresent(file -> context.output().message("report: " + file));
      return report.exitStatus();
    }
  }

  /// Only the question how far the source is ahead needs its password: without, it is not asked.
  private DrillReport run(Drill drill, DrillOptions options, Optional<SourceConfig> configured) {
    if (configured.isEmpty()) {
      return drill.run(options);
    }
    Optional<String> password;
    try {
      password = configured.get().password().fetch(context.environment());
    } catch (RedrillException e) {
      context.output().message("the source is not asked how far it is ahead: " + e.getMessage());
      return drill.run(options);
    }
    return drill.run(options, configured.get().url().endpoint(password));
  }

  private Optional<SourceConfig> configured() {
    if (source != null && SourceUrl.isSourceUrl(source)) {
      throw repository.usage("a drill needs no server: name the source as the repository does");
    }
    Optional<Configuration> configuration = repository.configuration();
    if (configuration.isEmpty()) {
      return Optional.empty();
    }
    if (source != null) {
      return configuration.get().source(SourceName.of(source));
    }
    return configuration.get().sources().size() == 1
        ? Optional.of(configuration.get().sources().getFirst())
        : Optional.empty();
  }

  private DrillOptions options(
      SourceName name, Optional<SourceConfig> configured, SecureRandom seeds) {
    DrillOptions options = DrillOptions.of(name.value(), Engines.workDirectory(context));
    if (configured.isPresent()) {
      options =
          options
              .withScratch(configured.get().scratch())
              .withAssertions(configured.get().assertions())
              .withObjectives(configured.get().objectives());
    }
    if (scratch != null) {
      options =
          options.withScratch(
              scratch.equals("bundled")
                  ? ScratchKind.bundled()
                  : new ScratchKind.Executable(Path.of(scratch), 0));
    }
    if (snapshot != null && random) {
      throw repository.usage("--snapshot and --random exclude each other");
    }
    if (snapshot != null) {
      options = options.withPoint(new DrillPoint.OfSnapshot(snapshot));
    }
    return random ? options.withPoint(new DrillPoint.RandomInWindow(seeds.nextLong())) : options;
  }
}
