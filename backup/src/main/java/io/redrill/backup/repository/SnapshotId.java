package io.redrill.backup.repository;

import io.redrill.backup.ErrorCode;
import io.redrill.backup.RedrillException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The name of a snapshot: when its taking began, and eight random hex digits. Sorts by time.
public record SnapshotId(String value) implements Comparable<SnapshotId> {

  private static final Pattern FORM = Pattern.compile(ObjectTime.PATTERN);

  /// Checks the form.
  ///
  /// @throws RedrillException with [ErrorCode#SNAPSHOT_NOT_FOUND], since no snapshot has such a
  ///   name
  public SnapshotId {
    if (!isValid(value)) {
      throw new RedrillException(ErrorCode.SNAPSHOT_NOT_FOUND, "snapshot", value);
    }
  }

  /// The snapshot of that name.
  public static SnapshotId of(String value) {
    return new SnapshotId(value);
  }

  /// A new name for a snapshot whose taking begins at `at`.
  public static SnapshotId create(Instant at, RandomGenerator random) {
    return new SnapshotId(ObjectTime.name(at, random));
  }

  static Optional<SnapshotId> parse(String value) {
    return isValid(value) ? Optional.of(new SnapshotId(value)) : Optional.empty();
  }

  /// When the taking began, in whole milliseconds.
  public Instant startedAt() {
    return ObjectTime.time(value);
  }

  private static boolean isValid(String value) {
    if (!FORM.matcher(value).matches()) {
      return false;
    }
    try {
      ObjectTime.time(value);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  @Override
  public int compareTo(SnapshotId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
