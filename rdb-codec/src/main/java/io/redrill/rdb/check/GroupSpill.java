package io.redrill.rdb.check;

import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.spill.SecretHash;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Compares the [GroupFact]s of a stream whatever their number: beyond the memory they go to
/// temporary files. Not safe for use by several threads.
final class GroupSpill implements Closeable {

  /// Takes what breaks a rule.
  @FunctionalInterface
  interface Breaches {
    /// Takes the fact of `bytes` from `from` to `to`, which is lent.
    void broken(StreamRule rule, byte[] bytes, int from, int to);
  }

  private final RecordSpill spill;
  private final SecretHash hash = new SecretHash();

  GroupSpill(SpillLimits limits) {
    // A spill allocates up to twice its limit.
    this.spill = new RecordSpill(limits.part(2));
  }

  /// Takes `fact`.
  ///
  /// @throws UncheckedIOException if the temporary files fail
  void add(GroupFact fact) {
    int skipped = GroupFact.ROLE_BYTES;
    try {
      spill.add(
          hash.of(fact.array(), skipped, fact.length() - skipped), fact.array(), 0, fact.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Hands each fact that breaks a rule to `breaches`.
  ///
  /// @throws IOException if the temporary files fail
  void each(Breaches breaches) throws IOException {
    spill.each(
        new RecordSpill.Visitor() {
          @Override
          public void visit(RecordBatch batch) throws IOException {
            batch.eachPayload(GroupFact.ROLE_BYTES, same -> judge(batch, same, true, breaches));
          }

          @Override
          public void visitSome(RecordBatch some) throws IOException {
            some.eachPayload(GroupFact.ROLE_BYTES, same -> judge(some, same, false, breaches));
          }
        });
  }

  /// @param isAll whether these are all records of the fact: what is not among them is missing
  private static void judge(RecordBatch batch, int[] same, boolean isAll, Breaches breaches) {
    byte[] bytes = batch.array();
    int from = batch.from(same[0]);
    int to = batch.to(same[0]);
    int owned = 0;
    for (int each : same) {
      owned += GroupFact.isOwned(bytes, batch.from(each)) ? 1 : 0;
    }
    int stated = same.length - owned;
    StreamRule rule = GroupFact.rule(bytes, from);
    if (stated > 1) {
      breaches.broken(rule, bytes, from, to);
    }
    if (owned > 1 || (isAll && owned > stated)) {
      breaches.broken(StreamRule.OWNED_IS_PENDING, bytes, from, to);
    }
    if (isAll && rule == StreamRule.PENDING_DIFFER && owned == 0) {
      breaches.broken(StreamRule.PENDING_IS_OWNED, bytes, from, to);
    }
  }

  @Override
  public void close() throws IOException {
    spill.close();
  }
}
