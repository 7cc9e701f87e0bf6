package io.redrill.rdb.digest;

import io.redrill.rdb.RdbKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// The counts and sums of one database, by kind, in place.
final class DatabaseSums {

  private final Map<RdbKind, KindSum> sums = new EnumMap<>(RdbKind.class);

  private static final class KindSum {
    private long keys;
    private long expiring;
    private final Sum sum = new Sum();

    KindDigest digest() {
      return new KindDigest(keys, expiring, new Digest128(sum.high, sum.low));
    }
  }

  private KindSum of(RdbKind kind) {
    return sums.computeIfAbsent(kind, absent -> new KindSum());
  }

  void add(RdbKind kind, boolean expires, long high, long low) {
    KindSum to = of(kind);
    to.keys++;
    if (expires) {
      to.expiring++;
    }
    to.sum.add(high, low);
  }

  void add(RdbKind kind, KindDigest added) {
    KindSum to = of(kind);
    to.keys += added.keys();
    to.expiring += added.expiring();
    to.sum.add(added.digest().high(), added.digest().low());
  }

  void subtract(RdbKind kind, KindDigest removed) {
    KindSum from = of(kind);
    from.keys -= removed.keys();
    from.expiring -= removed.expiring();
    Digest128 negative = Digest128.ZERO.minus(removed.digest());
    from.sum.add(negative.high(), negative.low());
  }

  /// What there is, in the order of [RdbKind]; a copy that cannot be changed.
  Map<RdbKind, KindDigest> kinds() {
    Map<RdbKind, KindDigest> kinds = new EnumMap<>(RdbKind.class);
    sums.forEach((kind, sum) -> {
      KindDigest digest = sum.digest();
      if (!digest.equals(KindDigest.NONE)) {
        kinds.put(kind, digest);
      }
    });
    return Collections.unmodifiableMap(kinds);
  }
}
