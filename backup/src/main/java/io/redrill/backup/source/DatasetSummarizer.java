package io.redrill.backup.source;

import io.redrill.backup.repository.DatasetSummary;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts and fingerprints the records of an RDB.
public final class DatasetSummarizer {

  private final Map<Integer, EnumMap<RdbKind, long[]>> counts = new TreeMap<>();
  private long keys;
  private long libraries;

  /// Takes the next record.
  ///
  /// @throws IOException if it holds a value that cannot be decoded
  public void add(RdbRecord record) throws IOException {
    switch (record) {
      case RdbRecord.Entry entry -> {
        keys++;
        long[] count =
            counts
                .computeIfAbsent(entry.db(), _ -> new EnumMap<>(RdbKind.class))
                .computeIfAbsent(entry.type().kind(), _ -> new long[2]);
        count[0]++;
        count[1] += entry.expireAtMillis() == RdbRecord.Entry.NO_EXPIRY ? 0 : 1;
      }
      case RdbRecord.FunctionLibrary _ -> libraries++;
      case RdbRecord.Aux _,
          RdbRecord.SelectDb _,
          RdbRecord.ResizeDb _,
          RdbRecord.Verbatim _,
          RdbRecord.End _ -> {
        // No data.
      }
    }
  }

  /// The number of keys so far.
  public long keys() {
    return keys;
  }

  /// What was counted so far.
  public DatasetSummary summary() {
    List<DatasetSummary.Database> databases = new ArrayList<>();
    counts.forEach((db, kinds) -> databases.add(database(db, kinds)));
    return new DatasetSummary(databases, new DatasetSummary.Functions(libraries, ""));
  }

  private static DatasetSummary.Database database(int db, Map<RdbKind, long[]> kinds) {
    List<DatasetSummary.Kind> each = new ArrayList<>();
    kinds.forEach((kind, count) -> each.add(new DatasetSummary.Kind(kind, count[0], count[1], "")));
    return new DatasetSummary.Database(
        db,
        each.stream().mapToLong(DatasetSummary.Kind::keys).sum(),
        each.stream().mapToLong(DatasetSummary.Kind::expiring).sum(),
        "",
        each);
  }
}
