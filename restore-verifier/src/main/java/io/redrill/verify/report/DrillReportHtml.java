package io.redrill.verify.report;

import static io.redrill.verify.report.PageText.bytes;
import static io.redrill.verify.report.PageText.count;
import static io.redrill.verify.report.PageText.duration;
import static io.redrill.verify.report.PageText.escape;
import static io.redrill.verify.report.PageText.time;

import io.redrill.verify.report.DrillReport.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// The readable form of a report: one HTML file that needs no other, no script and no network.
///
/// The order is that of an auditor's questions: what is this, did it work, what does it cover, what
/// would recovery cost, how long did each step take, which objects were read, what was checked,
/// where did it run, what was found, and how does one know that the report is genuine.
public final class DrillReportHtml {

  /// A log is shipped every second: more segments than this are told as one line.
  private static final int SEGMENTS_LISTED = 12;

  private final DrillReport report;
  private final StringBuilder page = new StringBuilder(32 * 1024);

  private DrillReportHtml(DrillReport report) {
    this.report = report;
  }

  /// The whole page.
  public static String write(DrillReport report) {
    return new DrillReportHtml(report).page();
  }

  private String page() {
    head();
    identity();
    verdict();
    scope();
    measured();
    timeline();
    custody();
    checks();
    environment();
    findings();
    integrity();
    page.append("</main>\n</body>\n</html>\n");
    return page.toString();
  }

  private void head() {
    page.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Drill of %s: %s</title>
        <style>
        %s</style>
        </head>
        <body class="%s">
        <main>
        """
            .formatted(
                escape(report.source()), report.verdict().words(), stylesheet(), tone().name));
  }

  private void identity() {
    page.append(
        """
        <header>
        <p class="overline">Redrill &middot; recovery drill report</p>
        <h1>%s</h1>
        <p class="meta"><span>%s</span><span>ran for %s</span><span>started by %s</span>\
        <span class="mono">%s</span></p>
        <p class="meta"><span>repository <span class="mono">%s</span></span></p>
        </header>
        """
            .formatted(
                escape(report.source()),
                time(report.startedAt()),
                duration(report.duration()),
                escape(report.trigger()),
                escape(report.id()),
                escape(report.repository())));
  }

  private void verdict() {
    page.append(
        """
        <section class="verdict" aria-label="Verdict">
        %s
        <div>
        <p class="words">%s</p>
        <p class="summary">%s</p>
        """
            .formatted(
                tone().icon, capitalised(report.verdict().words()), escape(report.summary())));
    report.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .findFirst()
        .ifPresent(finding ->
            page.append("<p class=\"next\">Next step: ")
                .append(escape(finding.hint()))
                .append("</p>\n"));
    page.append("</div>\n</section>\n");
  }

  private void scope() {
    section("scope", "What this drill covers");
    page.append("<div class=\"columns\">\n");
    sentences("Shown by this drill", "covered", report.covered());
    sentences("Not shown by this drill", "uncovered", report.notCovered());
    page.append("</div>\n");
    report.point().ifPresent(this::point);
    page.append("</section>\n");
  }

  private void sentences(String title, String style, List<String> sentences) {
    page.append("<div>\n<h3>")
        .append(title)
        .append("</h3>\n<ul class=\"")
        .append(style)
        .append("\">\n");
    sentences.forEach(each -> page.append("<li>").append(escape(each)).append("</li>\n"));
    page.append("</ul>\n</div>\n");
  }

  private void point(RestoredPoint point) {
    page.append("<h3>Recovery point</h3>\n<dl>\n");
    fact("Moment", time(point.time()) + " (chosen: " + escape(point.choice()) + ")");
    fact(
        "Snapshot",
        "<span class=\"mono\">%s</span>, taken %s, %s"
            .formatted(
                escape(point.snapshotId()),
                time(point.snapshotTakenAt()),
                escape(point.consistency())));
    fact(
        "Log",
        point.segments() == 0
            ? "none replayed"
            : "%s commands from %s segments"
                .formatted(count(point.commands()), count(point.segments())));
    if (!point.replicationId().isEmpty()) {
      fact(
          "Position",
          "<span class=\"mono\">%s</span>, offset %s"
              .formatted(escape(point.replicationId()), count(point.offset())));
    }
    page.append("</dl>\n");
  }

  private void measured() {
    Measured measured = report.measured();
    section("measured", "What recovery would cost");
    page.append("<div class=\"cards\">\n");
    card(
        "Measured RPO",
        measured.rpo().map(PageText::duration).orElse("unknown"),
        "the writes of this time would be lost",
        objective(report.objectives().rpo(), measured.rpo()));
    card(
        "Measured RTO",
        measured.rto().map(PageText::duration).orElse("unknown"),
        "from the decision to the first read",
        objective(report.objectives().rto(), measured.rto()));
    card(
        "Time to proof",
        measured.timeToVerified().map(PageText::duration).orElse("unknown"),
        "until the last check had ended",
        "");
    card(
        "Log not stored",
        measured.unstoredLogBytes().map(PageText::bytes).orElse("unknown"),
        measured.unstoredLogBytes().isPresent()
            ? "between the live source and the repository"
            : "no live source was asked",
        "");
    page.append("</div>\n</section>\n");
  }

  private void card(String title, String figure, String meaning, String objective) {
    page.append(
        "<div class=\"card\"><p class=\"label\">%s</p><p class=\"figure\">%s</p><p>%s</p>%s</div>\n"
            .formatted(title, figure, meaning, objective));
  }

  private static String objective(Optional<Duration> objective, Optional<Duration> measured) {
    if (objective.isEmpty()) {
      return "<p class=\"objective\">no objective set</p>";
    }
    boolean met = measured.isPresent() && measured.get().compareTo(objective.get()) <= 0;
    return "<p class=\"objective %s\">objective %s: %s</p>"
        .formatted(met ? "good" : "bad", duration(objective.get()), met ? "met" : "missed");
  }

  private void timeline() {
    section("timeline", "Timeline");
    page.append(
        """
        <p class="legend"><span><span class="key recovery"></span>a real recovery takes this step \
        too</span><span><span class="key proof"></span>only the drill does</span></p>
        """);
    page.append("<div class=\"timeline\">\n");
    long whole = Math.max(1, report.duration().toMillis());
    for (PhaseTiming timing : report.phases()) {
      page.append(
          "<div class=\"phase\"><span class=\"name\">%s</span>%s<span class=\"took\">%s</span><span class=\"rate\">%s</span></div>\n"
              .formatted(
                  capitalised(timing.phase().words()),
                  bar(timing, whole),
                  timing.completed() ? duration(timing.duration()) : "failed",
                  rate(timing)));
    }
    page.append("</div>\n</section>\n");
  }

  private static String bar(PhaseTiming timing, long wholeMillis) {
    double from = Math.min(99.5, 100.0 * timing.start().toMillis() / wholeMillis);
    double width =
        Math.clamp(100.0 * timing.duration().toMillis() / wholeMillis, 0.5, 100.0 - from);
    String style = timing.completed() ? timing.phase().recovery() ? "recovery" : "proof" : "failed";
    return """
    <svg class="bar" height="12" role="img" aria-label="from %d ms, for %d ms">\
    <rect class="track" width="100%%" height="12" rx="3"/>\
    <rect class="%s" x="%s%%" width="%s%%" height="12" rx="3"/></svg>\
    """
        .formatted(
            timing.start().toMillis(),
            timing.duration().toMillis(),
            style,
            percent(from),
            percent(width));
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String rate(PhaseTiming timing) {
    StringBuilder text = new StringBuilder();
    if (timing.items() > 0) {
      text.append(count(timing.items())).append(' ').append(timing.phase().itemName());
    }
    OptionalDouble speed = timing.bytesPerSecond();
    if (timing.bytes() > 0) {
      text.append(text.isEmpty() ? "" : ", ").append(bytes(timing.bytes()));
    }
    if (speed.isPresent()) {
      text.append(" at ").append(bytes(Math.round(speed.getAsDouble()))).append("/s");
    }
    return text.toString();
  }

  private void custody() {
    section("custody", "Chain of custody");
    if (report.custody().isEmpty()) {
      page.append("<p class=\"empty\">No stored object was read.</p>\n</section>\n");
      return;
    }
    page.append(
        "<p>Each stored object that the drill read, and the SHA-256 of the bytes that came"
            + " back.</p>\n<div class=\"rows\">\n");
    List<CustodyEntry> sound = report.custody().stream().filter(DrillReportHtml::ofLog).toList();
    boolean many = sound.size() > SEGMENTS_LISTED;
    report.custody().stream()
        .filter(entry -> !many || !ofLog(entry))
        .sorted(Comparator.comparing(CustodyEntry::intact))
        .forEach(this::custody);
    if (many) {
      page.append(
          """
          <div class="row">%s<div><p>%s segments of the log</p>\
          <p class="faint">report.json lists each of them with its SHA-256</p></div>\
          <p class="amount">segments, %s</p></div>
          """
              .formatted(
                  badge("good", "intact"),
                  count(sound.size()),
                  bytes(sound.stream().mapToLong(CustodyEntry::sizeBytes).sum())));
    }
    page.append("</div>\n</section>\n");
  }

  private static boolean ofLog(CustodyEntry entry) {
    return entry.intact() && entry.role().equals("segment");
  }

  private void custody(CustodyEntry entry) {
    page.append(
        """
        <div class="row">%s<div><p class="mono">%s</p><p class="mono faint">%s</p></div>\
        <p class="amount">%s, %s</p></div>
        """
            .formatted(
                entry.intact() ? badge("good", "intact") : badge("bad", "damaged"),
                escape(entry.key()),
                entry.sha256().isEmpty() ? "not readable" : escape(entry.sha256()),
                escape(entry.role()),
                bytes(entry.sizeBytes())));
  }

  private void checks() {
    section("checks", "Checks");
    if (report.checks().isEmpty()) {
      page.append("<p class=\"empty\">No check ran.</p>\n");
    } else {
      page.append(
          "<table>\n<thead><tr><th>Check</th><th>Expected</th><th>Found</th></tr></thead>\n<tbody>\n");
      report.checks().forEach(this::check);
      page.append("</tbody>\n</table>\n");
    }
    if (!report.counts().isEmpty()) {
      counts();
    }
    page.append("</section>\n");
  }

  private void check(CheckResult check) {
    String badge =
        switch (check.outcome()) {
          case PASSED -> badge("good", "passed");
          case FAILED -> badge("bad", "failed");
          case SKIPPED -> badge("skipped", "skipped");
        };
    page.append(
        """
        <tr><td>%s <strong>%s</strong>%s<p class="proves">%s</p></td>\
        <td class="mono" data-label="Expected">%s</td><td class="mono" data-label="Found">%s</td></tr>
        """
            .formatted(
                badge,
                escape(check.name()),
                check.provesData() ? " <span class=\"tag\">proves data</span>" : "",
                escape(check.proves()),
                escape(check.expected()),
                escape(check.actual())));
  }

  private void counts() {
    page.append(
        """
        <h3>Keys by database and type</h3>
        <table class="numbers">
        <thead><tr><th>Database</th><th>Type</th><th>Backed up</th><th>Restored</th></tr></thead>
        <tbody>
        """);
    for (KeyCount row : report.counts()) {
      page.append(
          "<tr%s><td>%d</td><td>%s</td><td>%s</td><td>%s</td></tr>\n"
              .formatted(
                  row.expected() == row.actual() ? "" : " class=\"bad\"",
                  row.db(),
                  escape(row.kind()),
                  count(row.expected()),
                  count(row.actual())));
    }
    page.append("</tbody>\n</table>\n");
  }

  private void environment() {
    section("environment", "Environment");
    page.append("<dl>\n");
    for (Fact each : report.environment()) {
      fact(escape(each.name()), escape(each.value()));
    }
    page.append("</dl>\n</section>\n");
  }

  private void findings() {
    section("findings", "Findings");
    if (report.findings().isEmpty()) {
      page.append("<p class=\"empty\">None.</p>\n");
    }
    for (Finding finding : report.findings()) {
      String tone =
          switch (finding.severity()) {
            case ERROR -> "bad";
            case WARNING -> "warn";
            case NOTE -> "skipped";
          };
      page.append(
          "<div class=\"finding %s\"><p>%s <strong>%s</strong> <span class=\"mono faint\">%s</span></p>%s<p>%s</p></div>\n"
              .formatted(
                  tone,
                  badge(tone, finding.severity().name().toLowerCase(Locale.ROOT)),
                  escape(capitalised(finding.message())),
                  escape(finding.code()),
                  finding
                      .object()
                      .map(object -> "<p class=\"mono\">" + escape(object) + "</p>")
                      .orElse(""),
                  escape(finding.hint())));
    }
    page.append("</section>\n");
  }

  private void integrity() {
    section("integrity", "Integrity of this report");
    page.append("<dl>\n");
    fact("Stored as", "<span class=\"mono\">drills/" + escape(report.id()) + ".json</span>");
    fact("Form", "drill report, version " + report.reportVersion());
    fact(
        "Follows",
        report
            .previous()
            .map(previous ->
                "<span class=\"mono\">%s</span><br><span class=\"mono faint\">SHA-256 %s</span>"
                    .formatted(escape(previous.id()), escape(previous.sha256())))
            .orElse("no report: this is the first of its repository"));
    page.append(
        """
        </dl>
        <p class="small">This page shows the stored report and adds nothing to it. The report holds \
        no stored value and no secret. Each report holds the hash of the one before, so that a \
        later change to any but the newest can be proven.</p>
        </section>
        """);
  }

  private void section(String id, String title) {
    page.append("<section id=\"%s\">\n<h2>%s</h2>\n".formatted(id, title));
  }

  private void fact(String name, String html) {
    page.append("<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(name, html));
  }

  private static String badge(String tone, String word) {
    return "<span class=\"badge %s\">%s</span>".formatted(tone, word);
  }

  private static String capitalised(String words) {
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private Tone tone() {
    return switch (report.verdict()) {
      case PASSED -> Tone.GOOD;
      case OBJECTIVE_MISSED, COULD_NOT_RUN -> Tone.WARN;
      case ASSERTION_FAILED, NOT_PROVEN, NOT_RECOVERED, NO_RECOVERY_POINT -> Tone.BAD;
    };
  }

  private enum Tone {
    GOOD("good", "<path d=\"M13 25l8 8 15-17\"/>"),
    WARN("warn", "<path d=\"M24 13v14M24 34v1\"/>"),
    BAD("bad", "<path d=\"M16 16l16 16M32 16l-16 16\"/>");

    private final String name;
    private final String icon;

    Tone(String name, String path) {
      this.name = name;
      this.icon =
          "<svg class=\"icon\" viewBox=\"0 0 48 48\" aria-hidden=\"true\"><circle cx=\"24\""
              + " cy=\"24\" r=\"22\"/>"
              + path
              + "</svg>";
    }
  }

  private static String stylesheet() {
    try (InputStream in = DrillReportHtml.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
