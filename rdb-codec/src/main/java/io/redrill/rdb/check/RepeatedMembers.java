package io.redrill.rdb.check;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.spill.RecordBatch;
import io.redrill.rdb.spill.RecordSpill;
import io.redrill.rdb.spill.SecretHash;
import io.redrill.rdb.spill.SpillLimits;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/// Finds what stands twice in one collection whose elements are distinct, by their bytes
/// ([MemberIdentity]) and whatever their number: beyond the memory they go to temporary files.
///
/// A walk of the value, then [#first]. Failures of the files come out of the walk as
/// [UncheckedIOException]s, as handlers cannot throw others. Not safe for use by several threads.
final class RepeatedMembers implements ElementHandler, Closeable {

  private final boolean isSet;
  private final RecordSpill spill;
  private final SecretHash hash = new SecretHash();
  private final MemberIdentity identity = new MemberIdentity(0);
  private Optional<byte[]> first = Optional.empty();

  /// Begins a value of `kind`.
  RepeatedMembers(RdbKind kind, SpillLimits limits) {
    this.isSet = kind == RdbKind.SET;
    // A spill allocates up to twice its limit.
    this.spill = new RecordSpill(limits.part(2));
  }

  private void add(ByteSlice member) {
    identity.set(member);
    add(identity.array(), identity.length());
  }

  private void add(byte[] bytes, int length) {
    try {
      spill.add(hash.of(bytes, 0, length), bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void element(ByteSlice element) {
    if (isSet) {
      add(element);
    }
  }

  @Override
  public void member(ByteSlice member, double score) {
    add(member);
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    add(field);
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    add(element);
  }

  private void index(long index) {
    byte[] bytes = DuplicateElements.ofIndex(index);
    add(bytes, bytes.length);
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    index(index);
  }

  @Override
  public void arrayInteger(long index, long value) {
    index(index);
  }

  @Override
  public void arrayDouble(long index, double value) {
    index(index);
  }

  /// Of what stands twice or more often, the first by the order of bytes; of a long one its
  /// beginning, and more of it than messages show.
  ///
  /// @throws IOException if the temporary files fail
  Optional<byte[]> first() throws IOException {
    spill.each(
        new RecordSpill.Visitor() {
          @Override
          public void visit(RecordBatch batch) throws IOException {
            batch.eachRepeated(0, same -> found(batch, same[0]));
          }

          // All of them are one member, which stands twice among these, too.
          @Override
          public void visitSome(RecordBatch some) throws IOException {
            visit(some);
          }
        });
    return first;
  }

  private void found(RecordBatch batch, int index) {
    byte[] bytes = batch.array();
    int from = batch.from(index);
    int to = batch.to(index);
    if (first.isEmpty()
        || Arrays.compareUnsigned(bytes, from, to, first.get(), 0, first.get().length) < 0) {
      first = Optional.of(Arrays.copyOfRange(bytes, from, to));
    }
  }

  @Override
  public void close() throws IOException {
    spill.close();
  }
}
