package io.redrill.cli.command;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.ExitStatus;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.cli.composition.CommandContext;
import io.redrill.cli.output.ReportView;
import io.redrill.storage.ObjectStore;
import io.redrill.verify.report.DrillHistory;
import io.redrill.verify.report.DrillReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows the reports of drills that were run.
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "List the drills that were run, or show the report of one.",
    footer = {
      "",
      "Examples:",
      "  redrill report --repo file:/backups",
      "  redrill report 20261124T03 --repo file:/backups --to /tmp/drill"
    },
    exitCodeListHeading = "%nExit statuses:%n",
    exitCodeList = {"0:shown, whatever the verdict is", "6:no such drill"})
final class ReportCommand implements Callable<Integer> {

  private static final int LISTED = 50;

  private final CommandContext context;
  @Mixin private RepositoryOption repository;

  @Parameters(
      arity = "0..1",
      paramLabel = "DRILL",
      description = "A drill's id, or the beginning of it; latest for the newest.")
  private @Nullable String drill;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Write report.json, report.html and report.junit.xml into this directory.")
  private @Nullable Path directory;

  @Option(names = "--json", description = "Print as JSON.")
  private boolean json;

  ReportCommand(CommandContext context) {
    this.context = context;
    this.repository = new RepositoryOption(context);
  }

  @Override
  public Integer call() throws IOException {
    try (ObjectStore store = repository.openStore()) {
      DrillHistory history = new DrillHistory(Repository.open(store));
      if (drill == null) {
        list(history.list(LISTED));
      } else {
        show(find(history, drill));
      }
    }
    return ExitStatus.PROVEN.code();
  }

  private static DrillReport find(DrillHistory history, String id) {
    return (id.equals("latest") ? history.list(1).stream().findFirst() : history.find(id))
        .orElseThrow(() -> new RedrillException(ErrorCode.NO_SUCH_DRILL, "drill", id));
  }

  private void list(List<DrillReport> reports) {
    if (json) {
      context.output().json(Map.of("drills", reports.stream().map(ReportView::tree).toList()));
      return;
    }
    if (reports.isEmpty()) {
      context.output().message("no drill has been run; run one with: redrill drill");
    }
    context.output().table(ReportView.rows(reports));
  }

  private void show(DrillReport report) {
    if (json) {
      context.output().json(ReportView.tree(report));
    } else {
      ReportView.print(report, context.output());
    }
    if (directory != null) {
      Path html = ReportFiles.write(report, context.directory().resolve(directory));
      context.output().message("report: " + html);
    }
  }
}
