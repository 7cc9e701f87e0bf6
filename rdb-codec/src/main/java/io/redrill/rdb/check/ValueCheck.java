package io.redrill.rdb.check;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.ElementHandler;
import io.redrill.rdb.RdbKind;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.digest.KeyDigest;
import io.redrill.rdb.spill.SpillLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Sees what must hold of a value that can be walked, and shows only in all its elements together;
/// the digest is taken on the way.
///
/// That two members seem to be the same is told by hashes of 64 bits, of which files can be made to
/// hold two that are equal: [RdbCheck] looks at the bytes, or says that it cannot.
///
/// [#begin], a walk of the value, then [#end]. Serves value after value. Memory: 16 to 64 bytes for
/// each member of the largest collection, and what [StreamCheck] keeps of a stream; each up to an
/// eighth of the heap. What there is no room for is not compared, and said ([#unchecked]); a check
/// that may write temporary files compares it nevertheless. Not safe for use by several threads.
public final class ValueCheck implements ElementHandler {

  private static final byte[] NOTHING = {};

  private final KeyDigest digest;
  private final DuplicateFinder members;
  private final StreamCheck stream;
  private final List<String> problems = new ArrayList<>();
  private RdbType type = RdbType.STRING;
  private boolean areDistinct;
  private boolean isCompared;
  private boolean hasDuplicate;
  private byte[] duplicate = NOTHING;
  private boolean isOrdered;
  private double lastScore;
  private long lastExpiry;
  private long lastIndex;
  private boolean hasIndex;
  private long missingVectors;

  /// Begins; `digest` takes the digest of each value.
  public ValueCheck(KeyDigest digest) {
    this(digest, Runtime.getRuntime().maxMemory() / 8, Optional.empty());
  }

  /// As above, with up to `roomBytes` for members, and as much for a stream; beyond that, what a
  /// stream has goes where `limits` say.
  ValueCheck(KeyDigest digest, long roomBytes, Optional<SpillLimits> limits) {
    this.digest = digest;
    this.members = new DuplicateFinder(roomBytes);
    this.stream = new StreamCheck(roomBytes, limits);
  }

  /// Begins the value, stored as `type`, of a key.
  public void begin(ByteSlice key, long expireAtMillis, RdbType type) {
    this.type = type;
    digest.begin(key, expireAtMillis, type.kind());
    areDistinct = type.kind() == RdbKind.SET;
    isCompared = true;
    hasDuplicate = false;
    duplicate = NOTHING;
    isOrdered = true;
    lastScore = Double.NEGATIVE_INFINITY;
    lastExpiry = 0;
    hasIndex = false;
    missingVectors = 0;
    problems.clear();
    members.clear();
    if (type.kind() == RdbKind.STREAM) {
      stream.begin();
    }
  }

  /// Leaves the members of the value that was begun to somebody else: they are not compared.
  void leaveMembers() {
    isCompared = false;
  }

  /// Ends the value: one sentence for each rule that it breaks, but for duplicates.
  ///
  /// @throws IOException if temporary files fail, where there may be such
  public List<String> end() throws IOException {
    digest.end();
    if (type.kind() == RdbKind.STREAM) {
      problems.addAll(stream.end());
    }
    if (missingVectors != 0) {
      problems.add("a vector set holds another number of vectors than it says");
    }
    return problems;
  }

  /// Whether two members, fields or indexes seem to be the same.
  public boolean hasDuplicate() {
    return hasDuplicate;
  }

  /// The first of the members, fields or indexes ([DuplicateElements#ofIndex]) that seem to be the
  /// same as another, by the order of their bytes.
  byte[] duplicate() {
    return duplicate;
  }

  /// Whether there was no room for all members, so that others may stand twice.
  boolean areMembersMissing() {
    return members.isFull();
  }

  /// One sentence for each thing that was not checked, as there was no room for it.
  List<String> unchecked() {
    if (members.isFull()) {
      return List.of(
          "only %d of %d elements were looked at for one that stands twice: there is no memory for more (-Xmx)"
              .formatted(members.size(), digest.count()));
    }
    if (type.kind() == RdbKind.STREAM && stream.isFull()) {
      return List.of(
          "it was not looked whether each pending entry has one consumer: there is no memory for so many (-Xmx)");
    }
    return List.of();
  }

  /// What servers load and do not write, if there is such.
  Optional<String> doubt() {
    if (isOrdered) {
      return Optional.empty();
    }
    return Optional.of(
        switch (type) {
          case HASH_LISTPACK_EX -> "the fields of a packed hash are not ordered by expiry";
          case ARRAY -> "the indexes of an array do not ascend";
          default -> "the members of a packed sorted set are not ordered by score";
        });
  }

  /// Removes the temporary files of the value, if there are such.
  void release() throws IOException {
    stream.release();
  }

  private void distinct(ByteSlice member) {
    if (isCompared && !members.add(digest.memberHash())) {
      if (!hasDuplicate || compare(member, duplicate) < 0) {
        duplicate = member.toByteArray();
      }
      hasDuplicate = true;
    }
  }

  private static int compare(ByteSlice one, byte[] other) {
    return Arrays.compareUnsigned(
        one.array(), one.offset(), one.offset() + one.length(), other, 0, other.length);
  }

  @Override
  public void string(ByteSlice string) {
    digest.string(string);
  }

  @Override
  public void element(ByteSlice element) {
    digest.element(element);
    if (areDistinct) {
      distinct(element);
    }
  }

  @Override
  public void member(ByteSlice member, double score) {
    digest.member(member, score);
    distinct(member);
    if (type == RdbType.ZSET_LISTPACK || type == RdbType.ZSET_ZIPLIST) {
      isOrdered &= lastScore <= score;
      lastScore = score;
    }
  }

  @Override
  public void field(ByteSlice field, ByteSlice value, long expireAtMillis) {
    digest.field(field, value, expireAtMillis);
    distinct(field);
    if (type == RdbType.HASH_LISTPACK_EX) {
      long expiry = expireAtMillis == -1 ? Long.MAX_VALUE : expireAtMillis;
      isOrdered &= lastExpiry <= expiry;
      lastExpiry = expiry;
    }
  }

  @Override
  public void streamEntry(long millis, long sequence) {
    digest.streamEntry(millis, sequence);
    stream.entry(millis, sequence);
  }

  @Override
  public void streamField(ByteSlice field, ByteSlice value) {
    digest.streamField(field, value);
  }

  @Override
  public void streamState(StreamState state) {
    digest.streamState(state);
    stream.state(state);
  }

  @Override
  public void group(ByteSlice name, long millis, long sequence, long entriesRead) {
    digest.group(name, millis, sequence, entriesRead);
    stream.group(name);
  }

  @Override
  public void pending(long millis, long sequence, long deliveredAtMillis, long deliveryCount) {
    digest.pending(millis, sequence, deliveredAtMillis, deliveryCount);
    stream.pending(millis, sequence);
  }

  @Override
  public void consumer(ByteSlice name, long seenAtMillis, long activeAtMillis) {
    digest.consumer(name, seenAtMillis, activeAtMillis);
    stream.consumer(name);
  }

  @Override
  public void consumerPending(long millis, long sequence) {
    digest.consumerPending(millis, sequence);
    stream.owned(millis, sequence);
  }

  @Override
  public void unownedPending(long millis, long sequence) {
    stream.owned(millis, sequence);
  }

  private void index(long index) {
    isOrdered &= !hasIndex || Long.compareUnsigned(lastIndex, index) < 0;
    if (isCompared && !members.add(index)) {
      byte[] again = DuplicateElements.ofIndex(index);
      if (!hasDuplicate || Arrays.compareUnsigned(again, duplicate) < 0) {
        duplicate = again;
      }
      hasDuplicate = true;
    }
    hasIndex = true;
    lastIndex = index;
  }

  @Override
  public void arrayText(long index, ByteSlice text) {
    digest.arrayText(index, text);
    index(index);
  }

  @Override
  public void arrayInteger(long index, long value) {
    digest.arrayInteger(index, value);
    index(index);
  }

  @Override
  public void arrayDouble(long index, double value) {
    digest.arrayDouble(index, value);
    index(index);
  }

  @Override
  public void vectorSet(VectorSetShape shape, ByteSlice payload) {
    digest.vectorSet(shape, payload);
    missingVectors = shape.count();
  }

  @Override
  public void vector(
      ByteSlice element, ByteSlice attributes, ByteSlice vector, float range, float norm) {
    digest.vector(element, attributes, vector, range, norm);
    distinct(element);
    missingVectors--;
  }

  @Override
  public void opaque(String typeName, ByteSlice payload) {
    digest.opaque(typeName, payload);
  }
}
