package io.redrill.rdb.check;

import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.spill.SecretHash;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

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
    Judge judge = new Judge(breaches);
    spill.each(judge);
    judge.endParts();
  }

  private static final class Judge implements RecordSpill.Visitor {

    private final Breaches breaches;

    /// The fact whose records come in parts, empty where none does, and how many there were so far.
    private byte[] inParts = {};

    private long statedInParts;
    private long ownedInParts;

    Judge(Breaches breaches) {
      this.breaches = breaches;
    }

    @Override
    public void visit(RecordBatch batch) throws IOException {
      batch.eachPayload(
          GroupFact.ROLE_BYTES,
          same -> {
            int owned = owned(batch, same);
            judge(
                batch.array(), batch.from(same[0]), batch.to(same[0]), same.length - owned, owned);
          });
    }

    @Override
    public void visitSome(RecordBatch some) throws IOException {
      some.eachPayload(
          GroupFact.ROLE_BYTES,
          same -> {
            byte[] fact = Arrays.copyOfRange(some.array(), some.from(same[0]), some.to(same[0]));
            if (!isInParts(fact)) {
              endParts();
              inParts = fact;
            }
            int owned = owned(some, same);
            statedInParts += same.length - owned;
            ownedInParts += owned;
          });
    }

    private boolean isInParts(byte[] fact) {
      int role = GroupFact.ROLE_BYTES;
      return inParts.length > 0
          && Arrays.equals(fact, role, fact.length, inParts, role, inParts.length);
    }

    /// Judges the fact that came in parts, if one did.
    void endParts() {
      if (inParts.length > 0) {
        judge(inParts, 0, inParts.length, statedInParts, ownedInParts);
      }
      inParts = new byte[0];
      statedInParts = 0;
      ownedInParts = 0;
    }

    private static int owned(RecordBatch batch, int[] same) {
      int owned = 0;
      for (int each : same) {
        owned += GroupFact.isOwned(batch.array(), batch.from(each)) ? 1 : 0;
      }
      return owned;
    }

    /// Judges the fact at `from`, of which there are so many records of the group, and of
    /// consumers.
    private void judge(byte[] bytes, int from, int to, long stated, long owned) {
      StreamRule rule = GroupFact.rule(bytes, from);
      if (stated > 1) {
        breaches.broken(rule, bytes, from, to);
      }
      if (owned > 1 || owned > stated) {
        breaches.broken(StreamRule.OWNED_IS_PENDING, bytes, from, to);
      }
      if (rule == StreamRule.PENDING_DIFFER && owned == 0) {
        breaches.broken(StreamRule.PENDING_IS_OWNED, bytes, from, to);
      }
    }
  }

  @Override
  public void close() throws IOException {
    spill.close();
  }
}
