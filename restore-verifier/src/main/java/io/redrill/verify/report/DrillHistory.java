package io.redrill.verify.report;

import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The drill reports of a repository, under `drills/<UTC time>-<8 hex>.json`.
///
/// Each report holds the SHA-256 of the stored bytes of the one before, so that a report cannot be
/// changed or removed later without [#check] noticing; only the newest could be removed unseen. The
/// name begins with the time the drill *ended*, so order by name is order of storing. Two drills
/// that end at once may both name the same predecessor. That is no damage, and `check` calls it a
/// fork.
///
/// Every method blocks on the store, and throws its [io.redrill.storage.StoreException]s.
public final class DrillHistory {

  private static final String PREFIX = "drills/";
  private static final String SUFFIX = ".json";

  /// No report is larger; what is, was not written by us.
  private static final int MAX_REPORT_BYTES = 64 * 1024 * 1024;

  private final ObjectStore store;

  /// Keeps the reports in `store`, which stays open.
  public DrillHistory(ObjectStore store) {
    this.store = store;
  }

  /// Stores `report` behind the newest one, and returns it as stored.
  ///
  /// @throws io.redrill.storage.ObjectExistsException if a report of that id is stored
  public DrillReport append(DrillReport report) throws IOException {
    List<String> ids = ids();
    DrillReport chained = report;
    if (!ids.isEmpty()) {
      String newest = ids.getLast();
      chained = report.after(new DrillReport.Previous(newest, sha256(bytes(newest))));
    }
    byte[] json = DrillReportJson.write(chained);
    store.put(key(report.id()), new ByteArrayInputStream(json), json.length);
    return chained;
  }

  /// The ids of all reports, oldest first.
  public List<String> ids() throws IOException {
    try (Stream<ObjectInfo> objects = store.list(PREFIX)) {
      return objects
          .map(info -> info.key().value())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(PREFIX.length(), name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// The newest `limit` reports, newest first.
  public List<DrillReport> list(int limit) throws IOException {
    List<DrillReport> reports = new ArrayList<>();
    for (String id : ids().reversed().stream().limit(limit).toList()) {
      reports.add(DrillReportJson.read(bytes(id)));
    }
    return reports;
  }

  /// The report whose id is `id` or begins with it, if there is exactly one such.
  public Optional<DrillReport> find(String id) throws IOException {
    List<String> matching = ids().stream().filter(each -> each.startsWith(id)).toList();
    return matching.size() == 1
        ? Optional.of(DrillReportJson.read(bytes(matching.getFirst())))
        : Optional.empty();
  }

  /// The newest report of `source`.
  public Optional<DrillReport> newest(String source) throws IOException {
    for (String id : ids().reversed()) {
      DrillReport report = DrillReportJson.read(bytes(id));
      if (report.source().equals(source)) {
        return Optional.of(report);
      }
    }
    return Optional.empty();
  }

  /// Follows the chain from the oldest report to the newest, and says what is wrong with it, one
  /// sentence per report. Empty means that no report was changed, and none but the newest can have
  /// been removed.
  public List<String> check() throws IOException {
    List<String> problems = new ArrayList<>();
    List<DrillReport.Previous> seen = new ArrayList<>();
    for (String id : ids()) {
      byte[] json = bytes(id);
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

  private byte[] bytes(String id) throws IOException {
    try (InputStream in = store.open(key(id))) {
      byte[] json = in.readNBytes(MAX_REPORT_BYTES + 1);
      if (json.length > MAX_REPORT_BYTES) {
        throw new IOException("not a drill report: larger than 64 MiB (object=%s)".formatted(id));
      }
      return json;
    }
  }

  private static ObjectKey key(String id) {
    return ObjectKey.of(PREFIX + id + SUFFIX);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
