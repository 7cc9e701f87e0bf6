package io.redrill.backup.source;

import io.redrill.backup.repository.DatasetSummary;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.digest.DatasetDigest;
import io.redrill.rdb.digest.Digest128;
import io.redrill.rdb.digest.KindDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts and fingerprints the records of an RDB.
public final class DatasetSummarizer {

  private final DatasetDigest digest;
  private long entries;

  /// Takes every key, expired ones too.
  public DatasetSummarizer() {
    this(new DatasetDigest());
  }

  private DatasetSummarizer(DatasetDigest digest) {
    this.digest = digest;
  }

  /// Passes over the keys and hash fields that expire up to `millis`, Unix time.
  public static DatasetSummarizer notExpiredAt(long millis) {
    return new DatasetSummarizer(DatasetDigest.notExpiredAt(millis));
  }

  /// Takes what `rdb` has arrived at. Values of any size are walked, and none is kept.
  ///
  /// @throws IOException if it is a value that cannot be decoded, or the input fails
  public void add(RdbCursor rdb) throws IOException {
    if (rdb.isAtKey()) {
      digest.add(rdb);
      entries++;
    } else if (rdb.record() instanceof RdbRecord.FunctionLibrary library) {
      digest.addFunction(library.source());
    }
  }

  /// The number of keys in the RDB so far.
  public long keys() {
    return entries;
  }

  /// What was read so far.
  public DatasetSummary summary() {
    return summary(digest);
  }

  /// The form that manifests have of `digest`.
  public static DatasetSummary summary(DatasetDigest digest) {
    List<DatasetSummary.Database> databases = new ArrayList<>();
    digest.databases().forEach((db, kinds) -> databases.add(database(db, kinds)));
    return new DatasetSummary(
        databases, new DatasetSummary.Functions(digest.functionCount(), digest.functions().hex()));
  }

  private static DatasetSummary.Database database(int db, Map<RdbKind, KindDigest> kinds) {
    List<DatasetSummary.Kind> each = new ArrayList<>();
    Digest128 sum = Digest128.ZERO;
    for (Map.Entry<RdbKind, KindDigest> entry : new TreeMap<>(kinds).entrySet()) {
      KindDigest found = entry.getValue();
      sum = sum.plus(found.digest());
      each.add(
          new DatasetSummary.Kind(
              entry.getKey(), found.keys(), found.expiring(), found.digest().hex()));
    }
    return new DatasetSummary.Database(
        db,
        each.stream().mapToLong(DatasetSummary.Kind::keys).sum(),
        each.stream().mapToLong(DatasetSummary.Kind::expiring).sum(),
        sum.hex(),
        each);
  }
}
