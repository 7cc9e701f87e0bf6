package io.redrill.console.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redrill.console.ArchiveState;
import io.redrill.console.Health;
import io.redrill.console.SourceStatus;
import io.redrill.console.Status;
import io.redrill.scheduler.Firing;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunEnd;
import io.redrill.verify.report.DrillReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/// The status and the health as JSON; `docs/reference/console.md` lists the fields.
///
/// Times are ISO 8601 in UTC, durations whole milliseconds, sizes bytes. What is not known is left
/// out.
public final class StatusJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private StatusJson() {}

  /// The answer of `/api/status`.
  public static String status(Status status) {
    ObjectNode root = JSON.objectNode();
    root.put("now", status.now().toString());
    root.put("version", status.version());
    root.put("repository", status.repository());
    root.setAll(health(Health.of(status)));
    status.sources().forEach(source -> root.withArray("sources").add(source(source, status.now())));
    status.nextFirings().forEach(firing -> root.withArray("nextFirings").add(firing(firing)));
    status.runs().forEach(run -> root.withArray("runs").add(run(run)));
    status.drills().forEach(drill -> root.withArray("drills").add(drill(drill)));
    return root.toPrettyString();
  }

  /// The answer of `/healthz`.
  public static String healthz(Status status) {
    return health(Health.of(status)).toPrettyString();
  }

  private static ObjectNode health(Health health) {
    ObjectNode node = JSON.objectNode();
    node.put("healthy", health.healthy());
    ArrayNode problems = node.putArray("problems");
    for (Health.Problem problem : health.problems()) {
      problems.addObject().put("subject", problem.subject()).put("problem", problem.sentence());
    }
    return node;
  }

  private static ObjectNode source(SourceStatus source, Instant now) {
    ObjectNode node = JSON.objectNode();
    node.put("name", source.name());
    node.put("location", source.location());
    node.put("capture", source.capture());
    node.set("archive", archive(source.archive()));
    millis(node, "recoveryPointAgeMillis", source.recoveryPointAge(now));
    millis(node, "rpoMillis", source.objectives().rpo());
    millis(node, "rtoMillis", source.objectives().rto());
    ArrayNode window = node.putArray("window");
    for (SourceStatus.RecoveryInterval interval : source.window()) {
      window
          .addObject()
          .put("from", interval.from().toString())
          .put("to", interval.to().toString());
    }
    node.put("snapshots", source.snapshots());
    source
        .newestSnapshot()
        .ifPresent(snapshot ->
            node.putObject("newestSnapshot")
                .put("id", snapshot.id())
                .put("taken", snapshot.taken().toString())
                .put("keys", snapshot.keys())
                .put("storedBytes", snapshot.storedBytes()));
    return node;
  }

  private static ObjectNode archive(ArchiveState state) {
    ObjectNode node = JSON.objectNode();
    switch (state) {
      case ArchiveState.Off() -> node.put("state", "off");
      case ArchiveState.Starting() -> node.put("state", "starting");
      case ArchiveState.Following(String position, Instant storedUpTo, long unstoredBytes) ->
          node.put("state", "following")
              .put("position", position)
              .put("storedUpTo", storedUpTo.toString())
              .put("unstoredBytes", unstoredBytes);
      case ArchiveState.Failing(String problem, Optional<Instant> since) -> {
        node.put("state", "failing").put("problem", problem);
        since.ifPresent(start -> node.put("since", start.toString()));
      }
    }
    return node;
  }

  private static ObjectNode firing(Firing firing) {
    return JSON.objectNode()
        .put("source", firing.job().source())
        .put("job", firing.job().kind().label())
        .put("at", firing.at().toString());
  }

  private static ObjectNode run(Run run) {
    ObjectNode node = JSON.objectNode();
    node.put("id", run.id());
    node.put("source", run.job().source());
    node.put("job", run.job().kind().label());
    node.put("trigger", run.trigger().label());
    node.put("started", run.started().toString());
    run.end().ifPresent(end -> end(node, end));
    return node;
  }

  private static void end(ObjectNode node, RunEnd end) {
    node.put("finished", end.finished().toString());
    node.put("outcome", end.outcome().label());
    end.error()
        .ifPresent(error ->
            node.putObject("error").put("code", error.code()).put("message", error.message()));
    end.reference().ifPresent(reference -> node.put("reference", reference));
    ObjectNode numbers = node.putObject("numbers");
    new TreeMap<>(end.numbers()).forEach(numbers::put);
  }

  private static ObjectNode drill(DrillReport drill) {
    ObjectNode node = JSON.objectNode();
    node.put("id", drill.id());
    node.put("source", drill.source());
    node.put("finished", drill.finishedAt().toString());
    node.put("verdict", drill.verdict().name());
    node.put("summary", drill.summary());
    millis(node, "measuredRpoMillis", drill.measured().rpo());
    millis(node, "measuredRtoMillis", drill.measured().rto());
    return node;
  }

  private static void millis(ObjectNode node, String field, Optional<Duration> duration) {
    duration.ifPresent(value -> node.put(field, value.toMillis()));
  }
}
