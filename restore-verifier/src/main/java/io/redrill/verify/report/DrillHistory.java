package io.redrill.verify.report;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The drill reports of a repository, under `drills/<UTC time>-<8 hex>.json`.
///
/// Each report holds the SHA-256 of the stored bytes of the one before, so that a report cannot be
/// changed or removed later without [#check] noticing; only the newest could be removed unseen. The
/// name begins with the time the drill *ended*, so order by name is order of storing. Two drills
/// that end at once may both name the same predecessor. That is no damage, and `check` calls it a
/// fork.
///
/// Every method blocks on the store, and fails with a [RedrillException].
public final class DrillHistory {

  private final Repository repository;

  /// Keeps the reports in `repository`.
  public DrillHistory(Repository repository) {
    this.repository = repository;
  }

  /// Stores `report` behind the newest one, and returns it as stored.
  ///
  /// @throws RedrillException with [ErrorCode#OBJECT_EXISTS] if a report of that id is stored
  public DrillReport append(DrillReport report) {
    List<String> ids = repository.drills();
    DrillReport chained = report;
    if (!ids.isEmpty()) {
      String newest = ids.getLast();
      chained = report.after(new DrillReport.Previous(newest, sha256(repository.drill(newest))));
    }
    repository.putDrill(report.id(), DrillReportJson.write(chained));
    return chained;
  }

  /// The ids of all reports, oldest first.
  public List<String> ids() {
    return repository.drills();
  }

  /// The newest `limit` reports, newest first.
  public List<DrillReport> list(int limit) {
    return repository.drills().reversed().stream().limit(limit).map(this::read).toList();
  }

  /// The report whose id is `id` or begins with it, if there is exactly one such.
  public Optional<DrillReport> find(String id) {
    List<String> matching =
        repository.drills().stream().filter(each -> each.startsWith(id)).toList();
    return matching.size() == 1 ? Optional.of(read(matching.getFirst())) : Optional.empty();
  }

  /// The newest report of `source`.
  public Optional<DrillReport> newest(String source) {
    return repository.drills().reversed().stream()
        .map(this::read)
        .filter(report -> report.source().equals(source))
        .findFirst();
  }

  /// Follows the chain from the oldest report to the newest, and says what is wrong with it, one
  /// sentence per report. Empty means that no report was changed, and none but the newest can have
  /// been removed.
  public List<String> check() {
    List<String> problems = new ArrayList<>();
    List<DrillReport.Previous> seen = new ArrayList<>();
    for (String id : repository.drills()) {
      byte[] json = repository.drill(id);
      checkLink(id, json, seen).ifPresent(problems::add);
      seen.add(new DrillReport.Previous(id, sha256(json)));
    }
    return problems;
  }

  private static Optional<String> checkLink(
      String id, byte[] json, List<DrillReport.Previous> seen) {
    Optional<DrillReport.Previous> previous;
    try {
      previous = DrillReportJson.read(json).previous();
    } catch (IOException e) {
      return Optional.of("report " + id + " cannot be read: " + e.getMessage());
    }
    if (previous.isEmpty()) {
      return seen.isEmpty()
          ? Optional.empty()
          : Optional.of("report " + id + " names no report before it, but there is one");
    }
    DrillReport.Previous named = previous.get();
    Optional<DrillReport.Previous> found =
        seen.stream().filter(each -> each.id().equals(named.id())).findFirst();
    if (found.isEmpty()) {
      return Optional.of("report " + named.id() + ", which " + id + " follows, is missing");
    }
    if (!found.get().sha256().equals(named.sha256())) {
      return Optional.of("report " + named.id() + " was changed after " + id + " was stored");
    }
    return named.id().equals(seen.getLast().id())
        ? Optional.empty()
        : Optional.of("report " + id + " forks the chain: it follows " + named.id());
  }

  private DrillReport read(String id) {
    try {
      return DrillReportJson.read(repository.drill(id));
    } catch (IOException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPOSITORY_DAMAGED, "drill", id, "problem", String.valueOf(e.getMessage()));
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
