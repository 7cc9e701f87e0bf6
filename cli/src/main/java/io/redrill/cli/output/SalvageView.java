package io.redrill.cli.output;

import io.redrill.rdb.salvage.Loss;
import io.redrill.rdb.salvage.SalvageReport;
import io.redrill.rdb.salvage.SalvageReport.Basis;
import io.redrill.rdb.salvage.SalvageReport.Checksum;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What came back of a damaged file, as text for people and as a tree for JSON. Fields are only
/// ever added.
public final class SalvageView {

  private static final int MAX_LINES = 100;

  private final SalvageReport report;
  private final boolean isWritten;
  private final boolean withoutFunctions;

  /// Shows `report`.
  ///
  /// @param isWritten whether there was enough to write a file
  /// @param withoutFunctions whether function libraries were to be left out
  public SalvageView(SalvageReport report, boolean isWritten, boolean withoutFunctions) {
    this.report = report;
    this.isWritten = isWritten;
    this.withoutFunctions = withoutFunctions;
  }

  /// Prints what came back, a line for each loss, and what to know; `to` is the file that was
  /// written, if one was.
  public void print(Output output, Path to) {
    output.result(summary());
    for (Loss loss : report.losses().subList(0, Math.min(MAX_LINES, report.losses().size()))) {
      output.result("  " + line(loss));
    }
    if (report.losses().size() > MAX_LINES) {
      output.result(
          "  and "
              + Quantity.count(report.losses().size() - MAX_LINES)
              + " more; --json lists them all");
    }
    remarks().forEach(remark -> output.result(Output.oneLine(remark)));
    if (isWritten) {
      output.result("written to " + to);
    } else {
      output.result(
          "nothing was written: no key could be found"
              + (report.headerAssumed()
                  ? "; if this is an RDB whose header is lost, name its version with --rdb-version"
                  : "; another copy of the file is needed"));
    }
    if (isWritten && !report.isComplete()) {
      output.message(
          "redrill: before you rely on it, compare the number of keys with what you expect, and load it"
              + " into a spare server");
    }
  }

  private String summary() {
    if (report.keys() == 0 && !report.losses().isEmpty()) {
      return "recovered no keys; lost:";
    }
    String recovered = Quantity.count(report.keys(), "key", "keys");
    if (report.isComplete()) {
      return "recovered %s; nothing is lost".formatted(recovered);
    }
    if (report.losses().isEmpty()) {
      return "recovered %s, all that stand in the file; but:".formatted(recovered);
    }
    String all = Quantity.count(report.keys() + report.lostKeys(), "key", "keys");
    return switch (report.basis()) {
      case UNKNOWN -> "recovered %s; how many are lost nobody can tell; lost:".formatted(recovered);
      case NOTHING_LOST, NAMED ->
          "recovered %s of %s; lost:".formatted(Quantity.count(report.keys()), all);
      case DATABASE_SIZES ->
          "recovered %s of about %s; lost:".formatted(Quantity.count(report.keys()), all);
      case MEAN_SIZE ->
          "recovered %s of about %s%s; lost:"
              .formatted(
                  Quantity.count(report.keys()), all, report.endFound() ? "" : ", or of more");
    };
  }

  private String line(Loss loss) {
    return (loss.bytes() == 0
            ? "at the end of the file, byte %d".formatted(loss.offset())
            : "bytes %d-%d (%s)".formatted(loss.offset(), loss.end() - 1, keys(loss)))
        + ": "
        + Output.oneLine(loss.reason());
  }

  private String keys(Loss loss) {
    if (loss.key().isPresent()) {
      return "key " + Output.oneLine(loss.key().get());
    }
    String counted = Quantity.count(loss.keys(), "key", "keys");
    if (report.basis() == Basis.UNKNOWN) {
      return loss.keys() == 0 ? "nobody knows how many keys" : "at least " + counted;
    }
    return loss.keys() == 0 ? "hardly a key" : "about " + counted;
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>(report.remarks());
    if (!isWritten) {
      return remarks; // the others are about what was written
    }
    if (report.headerAssumed()) {
      remarks.add(
          "the header is not the file's own: the result is RDB version %d; --rdb-version names another"
              .formatted(report.header().version()));
    }
    switch (report.basis()) {
      case NOTHING_LOST, NAMED -> {
        // exact
      }
      case DATABASE_SIZES ->
          remarks.add(
              "the number of lost keys comes from the sizes that the file gives of its databases");
      case MEAN_SIZE ->
          remarks.add(
              "the number of lost keys is estimated: those whose beginnings were seen, and of the other"
                  + " lost bytes as many as the mean size of a key says"
                  + (report.endFound()
                      ? ""
                      : "; what stood behind the end of the file is not in it"));
      case UNKNOWN ->
          remarks.add(
              "too few keys were read to estimate from their mean size how many the lost bytes held");
    }
    if (report.keysInAssumedDb() > 0) {
      remarks.add(
          "%s behind the damage may belong to another database, whose name was lost; --assume-db names one"
                  .formatted(Quantity.count(report.keysInAssumedDb(), "key", "keys"))
              + " to put such keys into, instead of the last that was named");
    }
    if (report.repeatedKeys() > 0) {
      remarks.add(
          "%s stood twice in one database, which servers refuse: one of the two was kept, and nobody can"
                  .formatted(Quantity.count(report.repeatedKeys(), "key", "keys"))
              + " say for sure which is right; if they are of two databases and the damage took the name of"
              + " one, --assume-db names it");
    }
    if (report.checksum() == Checksum.DIFFERS) {
      remarks.add(
          "the checksum does not match though every record could be read: some key or value may be altered,"
              + " and nobody can say which; prefer another copy");
    } else if (report.checksum() == Checksum.NOT_COMPARED) {
      remarks.add(
          report.losses().isEmpty()
              ? "the file has no checksum: a changed byte inside of a string would not be seen"
              : "a changed byte inside of a string cannot be seen, as the checksum is of no use where"
                  + " something is lost");
    }
    if (report.libraries() > 0) {
      libraries().ifPresent(remarks::add);
    }
    return remarks;
  }

  private Optional<String> libraries() {
    String are =
        Quantity.count(report.libraries(), "function library is", "function libraries are");
    if (withoutFunctions) {
      return Optional.of(are + " left out");
    }
    return report.checksum() == Checksum.MATCHES
        ? Optional.empty()
        : Optional.of(
            are
                + " in it; if a server refuses the file because one does not compile, add"
                + " --without-functions");
  }

  /// The same for JSON.
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("complete", report.isComplete());
    tree.put("written", isWritten);
    tree.put("version", report.header().version());
    tree.put("dialect", lower(report.header().dialect()));
    tree.put("headerAssumed", report.headerAssumed());
    tree.put("bytes", report.fileBytes());
    tree.put("keys", report.keys());
    Map<String, Object> databases = new LinkedHashMap<>();
    new TreeMap<>(report.keysByDb()).forEach((db, keys) -> databases.put(db.toString(), keys));
    tree.put("databases", databases);
    tree.put("keysInAssumedDatabase", report.keysInAssumedDb());
    tree.put("lostKeys", report.lostKeys());
    tree.put("lostKeysBasis", lower(report.basis()));
    tree.put("endFound", report.endFound());
    tree.put("trailingBytes", report.trailingBytes());
    tree.put("checksum", lower(report.checksum()));
    tree.put("repeatedKeys", report.repeatedKeys());
    tree.put("libraries", report.libraries());
    tree.put("losses", report.losses().stream().map(SalvageView::tree).toList());
    tree.put("remarks", remarks());
    return tree;
  }

  private static Map<String, Object> tree(Loss loss) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("offset", loss.offset());
    tree.put("bytes", loss.bytes());
    tree.put("keys", loss.keys());
    loss.key().ifPresent(key -> tree.put("key", key));
    tree.put("reason", loss.reason());
    return tree;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
