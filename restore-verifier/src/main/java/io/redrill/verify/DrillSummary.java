package io.redrill.verify;

import io.redrill.backup.RedrillException;
import io.redrill.verify.report.CheckResult;
import io.redrill.verify.report.Measured;
import io.redrill.verify.report.PageText;
import io.redrill.verify.report.RecoveryObjectives;
import io.redrill.verify.report.RestoredPoint;
import io.redrill.verify.report.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The verdict of a drill as one sentence, for somebody who reads nothing else.
///
/// @param keys how many keys came back
record DrillSummary(
    String source,
    Optional<RestoredPoint> point,
    long keys,
    List<CheckResult> assertions,
    RecoveryObjectives objectives,
    Measured measured) {

  /// The sentence for `verdict`.
  String of(Verdict verdict, Optional<RedrillException> failure) {
    return switch (verdict) {
      case PASSED -> "Recovery of %s works: %s.".formatted(source, cameBack());
      case OBJECTIVE_MISSED ->
          "The data of %s comes back and is proven, but recovery %s."
              .formatted(source, String.join(", and ", missed()));
      case ASSERTION_FAILED ->
          "The data of %s came back as it was backed up, but %d of %d assertions about it failed."
              .formatted(
                  source,
                  assertions.stream().filter(CheckResult::failed).count(),
                  assertions.size());
      case NOT_PROVEN ->
          "Nothing failed in the drill of %s, but no check that ran proves the data."
              .formatted(source);
      case NOT_RECOVERED ->
          "Recovery of %s would fail: %s."
              .formatted(
                  source,
                  failure
                      .map(DrillSummary::told)
                      .orElse("what came back is not what was backed up"));
      case NO_RECOVERY_POINT ->
          "%s cannot be recovered to the moment asked for: %s."
              .formatted(
                  source, failure.map(DrillSummary::toldInFull).orElse("there is no backup"));
      case COULD_NOT_RUN ->
          "The drill of %s could not run, which says nothing about its backup: %s."
              .formatted(source, failure.map(DrillSummary::told).orElse("unknown reason"));
    };
  }

  private String cameBack() {
    List<String> parts = new ArrayList<>();
    parts.add(
        "%s keys%s came back%s"
            .formatted(
                PageText.count(keys),
                point.map(restored -> " as of " + PageText.time(restored.time())).orElse(""),
                measured.rto().map(rto -> " in " + PageText.duration(rto)).orElse("")));
    long commands = point.map(RestoredPoint::commands).orElse(0L);
    parts.add(
        commands == 0
            ? "and are proven equal to what was backed up"
            : "from a snapshot that is proven and %s commands after it"
                .formatted(PageText.count(commands)));
    measured
        .rpo()
        .ifPresent(rpo ->
            parts.add(
                rpo.isZero()
                    ? "; nothing would have been lost"
                    : "; %s of writes would have been lost".formatted(last(rpo))));
    return String.join(" ", parts).replace(" ;", ";");
  }

  /// A bound: nobody knows whether the source has written since, and what it has sent since may be
  /// nothing but signs of life.
  private static String last(Duration rpo) {
    return "at most the last " + PageText.duration(rpo);
  }

  private List<String> missed() {
    List<String> missed = new ArrayList<>();
    if (!new RecoveryObjectives(Optional.empty(), objectives.rto()).metBy(measured)) {
      missed.add(
          "took %s where %s is the objective"
              .formatted(
                  measured.rto().map(PageText::duration).orElse("an unknown time"),
                  objectives.rto().map(PageText::duration).orElseThrow()));
    }
    if (!new RecoveryObjectives(objectives.rpo(), Optional.empty()).metBy(measured)) {
      missed.add(
          "would have lost %s of writes where %s is the objective"
              .formatted(
                  measured.rpo().map(DrillSummary::last).orElse("an unknown amount"),
                  objectives.rpo().map(PageText::duration).orElseThrow()));
    }
    return missed;
  }

  /// What happened, and to which object.
  private static String told(RedrillException failure) {
    String object = failure.context().getOrDefault("object", "");
    return failure.code().sentence() + (object.isEmpty() ? "" : " (" + object + ")");
  }

  /// What happened, and which moments or positions it concerns.
  private static String toldInFull(RedrillException failure) {
    String context =
        failure.context().entrySet().stream()
            .filter(entry -> !entry.getKey().equals("source"))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(", "));
    return failure.code().sentence() + (context.isEmpty() ? "" : " (" + context + ")");
  }
}
