package io.redrill.console.page;

import static io.redrill.console.page.Html.nothing;
import static io.redrill.console.page.Html.tag;
import static io.redrill.console.page.Html.text;

import io.redrill.console.ArchiveState;
import io.redrill.console.Health;
import io.redrill.console.SourceStatus;
import io.redrill.console.Status;
import io.redrill.console.Words;
import io.redrill.scheduler.Firing;
import io.redrill.scheduler.history.Run;
import io.redrill.scheduler.history.RunEnd;
import io.redrill.scheduler.history.RunError;
import io.redrill.verify.report.DrillReport;
import io.redrill.verify.report.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The one page: first whether all is well, then each source, then what ran and what comes.
///
/// It is read by somebody who may have been woken by it. So the answer stands at the top in a
/// sentence, every figure says what it means, colour never stands alone, and no script has to run.
public final class StatusPage {

  /// Reloads by itself this often.
  private static final String REFRESH_SECONDS = "15";

  private final Status status;
  private final Health health;

  /// A page of that status.
  public StatusPage(Status status) {
    this.status = status;
    this.health = Health.of(status);
  }

  /// The page as HTML.
  public String write() {
    StringBuilder out = new StringBuilder("<!doctype html>\n");
    tag("html", head(), body()).with("lang", "en").write(out);
    return out.append('\n').toString();
  }

  private Html head() {
    return tag(
        "head",
        tag("meta").with("charset", "utf-8"),
        tag("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
        tag("meta").with("name", "color-scheme").with("content", "light dark"),
        tag("meta").with("http-equiv", "refresh").with("content", REFRESH_SECONDS),
        tag("title", health.healthy() ? "Redrill: all well" : "Redrill: attention needed"),
        tag("link").with("rel", "stylesheet").with("href", "console.css"));
  }

  private Html body() {
    return tag(
        "body",
        tag("header", tag("h1", "Redrill"), tag("p", Words.time(status.now()))),
        tag("main", verdict(), sources(), drills(), firings(), runs()),
        footer());
  }

  private Html verdict() {
    if (health.healthy()) {
      return tag(
              "section",
              tag("h2", "All well"),
              tag("p", "Every source can be restored, and no job has failed."))
          .with("class", "verdict ok");
    }
    return tag(
            "section",
            tag("h2", "Attention needed"),
            tag(
                "ul",
                health.problems().stream()
                    .map(problem ->
                        tag("li", tag("b", problem.subject()), text(": " + problem.sentence())))
                    .toList()))
        .with("class", "verdict alarm")
        .with("role", "alert");
  }

  private Html sources() {
    return tag("section", status.sources().stream().map(this::source).toList())
        .with("class", "sources")
        .with("aria-label", "sources");
  }

  private Html source(SourceStatus source) {
    return tag(
        "article",
        tag("h2", source.name()),
        tag("p", source.location() + " (" + source.capture() + ")").with("class", "quiet"),
        tag(
            "dl",
            fact("If it vanished now, this would be lost", age(source)),
            fact("Log", archive(source.archive())),
            fact("Newest snapshot", snapshot(source))),
        tag("h3", "Recovery window"),
        new WindowBar(source.window(), status.now()).html());
  }

  private static Html fact(String term, Html value) {
    return tag("div", tag("dt", term), tag("dd", value));
  }

  private Html age(SourceStatus source) {
    Optional<Duration> age = source.recoveryPointAge(status.now());
    if (age.isEmpty()) {
      return tag("span", "everything").with("class", "bad");
    }
    Optional<Duration> rpo = source.objectives().rpo();
    boolean missed = rpo.isPresent() && age.get().compareTo(rpo.get()) > 0;
    String objective =
        rpo.map(limit ->
                (missed ? ", objective missed: " : ", objective: ") + Words.duration(limit))
            .orElse("");
    return tag(
        "span",
        tag("b", "the last " + Words.duration(age.get())).with("class", missed ? "bad" : "good"),
        text(objective));
  }

  private Html archive(ArchiveState state) {
    return switch (state) {
      case ArchiveState.Off() -> tag("span", "not archived: only snapshots can be restored");
      case ArchiveState.Starting() -> tag("span", "connecting to the source");
      case ArchiveState.Following(String position, Instant storedUpTo, long unstoredBytes) ->
          tag(
              "span",
              tag("b", "archiving").with("class", "good"),
              text(
                  ", stored %s, %s waiting"
                      .formatted(
                          Words.relative(storedUpTo, status.now()), Words.bytes(unstoredBytes))),
              tag("small", position));
      case ArchiveState.Failing(String problem, Optional<Instant> since) ->
          tag(
              "span",
              tag("b", "not archiving").with("class", "bad"),
              text(since.map(start -> " since " + Words.time(start)).orElse("") + ": " + problem));
    };
  }

  private Html snapshot(SourceStatus source) {
    return source
        .newestSnapshot()
        .<Html>map(snapshot ->
            tag(
                "span",
                text(
                    "%s, %s keys, %s stored (%s in all)"
                        .formatted(
                            Words.relative(snapshot.taken(), status.now()),
                            Words.count(snapshot.keys()),
                            Words.bytes(snapshot.storedBytes()),
                            Words.count(source.snapshots()))),
                tag("small", snapshot.id())))
        .orElseGet(() -> tag("span", "none").with("class", "bad"));
  }

  private Html drills() {
    if (status.drills().isEmpty()) {
      return tag(
          "section",
          tag("h2", "Drills"),
          tag("p", "No restore has been rehearsed yet. A backup that was never restored is a hope.")
              .with("class", "quiet"));
    }
    List<Html> rows = new ArrayList<>();
    rows.add(columns("When", "Source", "Verdict", "Would lose", "Would take", "Report"));
    for (DrillReport drill : status.drills()) {
      rows.add(
          tag(
              "tr",
              cell("When", when(drill.finishedAt())),
              cell("Source", text(drill.source())),
              cell("Verdict", verdict(drill)),
              cell("Would lose", measured(drill.measured().rpo())),
              cell("Would take", measured(drill.measured().rto())),
              cell("Report", tag("a", "open").with("href", "drills/" + drill.id()))));
    }
    return tag("section", tag("h2", "Drills"), tag("table", rows));
  }

  private static Html verdict(DrillReport drill) {
    boolean passed = drill.verdict() == Verdict.PASSED;
    return tag("b", drill.verdict().words()).with("class", passed ? "good" : "bad");
  }

  private static Html measured(Optional<Duration> duration) {
    return text(duration.map(Words::duration).orElse("not measured"));
  }

  private Html firings() {
    if (status.nextFirings().isEmpty()) {
      return tag(
          "section", tag("h2", "Next"), tag("p", "Nothing is scheduled.").with("class", "quiet"));
    }
    List<Html> rows = new ArrayList<>();
    rows.add(columns("When", "Source", "Job"));
    for (Firing firing : status.nextFirings()) {
      rows.add(
          tag(
              "tr",
              cell("When", when(firing.at())),
              cell("Source", text(firing.job().source())),
              cell("Job", text(firing.job().kind().label()))));
    }
    return tag("section", tag("h2", "Next"), tag("table", rows));
  }

  private Html runs() {
    if (status.runs().isEmpty()) {
      return tag("section", tag("h2", "Last runs"), tag("p", "None yet.").with("class", "quiet"));
    }
    List<Html> rows = new ArrayList<>();
    rows.add(columns("When", "Source", "Job", "Outcome", "Took"));
    for (Run run : status.runs()) {
      rows.add(
          tag(
              "tr",
              cell("When", when(run.started())),
              cell("Source", text(run.job().source())),
              cell("Job", text(run.job().kind().label())),
              cell("Outcome", outcome(run)),
              cell("Took", text(run.duration().map(Words::duration).orElse("going on")))));
    }
    return tag("section", tag("h2", "Last runs"), tag("table", rows));
  }

  private static Html outcome(Run run) {
    if (run.end().isEmpty()) {
      return tag("b", "running");
    }
    RunEnd end = run.end().get();
    return switch (end.outcome()) {
      case SUCCEEDED ->
          tag(
              "span",
              tag("b", "succeeded").with("class", "good"),
              tag("small", end.reference().orElse("")));
      case INTERRUPTED -> tag("b", "interrupted");
      case FAILED ->
          tag(
              "span",
              tag("b", "failed").with("class", "bad"),
              end.error()
                  .map(RunError::message)
                  .<Html>map(message -> tag("small", message))
                  .orElse(nothing()));
    };
  }

  private static Html columns(String... names) {
    List<Html> cells = new ArrayList<>();
    for (String name : names) {
      cells.add(tag("th", name).with("scope", "col"));
    }
    return tag("tr", cells).with("class", "head");
  }

  /// A cell that still says what it is when a narrow screen stacks the columns.
  private static Html cell(String column, Html content) {
    return tag("td", content).with("data-column", column);
  }

  private Html when(Instant instant) {
    return tag(
        "span", text(Words.relative(instant, status.now())), tag("small", Words.time(instant)));
  }

  private Html footer() {
    return tag(
        "footer",
        tag("p", "Repository " + status.repository()),
        tag(
            "p",
            text("Redrill " + status.version() + " · "),
            tag("a", "metrics").with("href", "metrics"),
            text(" · "),
            tag("a", "health").with("href", "healthz"),
            text(" · "),
            tag("a", "JSON").with("href", "api/status"),
            text(" · all times are UTC · reloads every " + REFRESH_SECONDS + " s")));
  }
}
