package io.redrill.rdb.check;

import io.redrill.rdb.RdbHeader;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import java.util.Optional;

/// Tells from the expiries of an early file whether they are read in the byte order in which they
/// were written: each one that is absurd as it was read, and a time of our century the other way
/// round, speaks against it.
final class ExpiryOrder {

  /// The years 2001 to 2099.
  private static final long EARLIEST = 978_307_200_000L;

  private static final long LATEST = 4_102_444_800_000L;

  private final boolean readsBigEndian;
  private long reversed;
  private long firstOffset;

  ExpiryOrder(RdbReading reading) {
    this.readsBigEndian = reading.bigEndianExpiries();
  }

  /// Takes the expiry of the key whose record begins at `offset`.
  void expiry(RdbHeader header, long millis, long offset) {
    if (millis != RdbRecord.Entry.NO_EXPIRY
        && RdbReading.isOrderOfMachine(header.version())
        && !isSane(millis)
        && isSane(Long.reverseBytes(millis))) {
      firstOffset = reversed == 0 ? offset : firstOffset;
      reversed++;
    }
  }

  /// Adds what `later` saw, behind what was seen here.
  void plus(ExpiryOrder later) {
    firstOffset = reversed == 0 ? later.firstOffset : firstOffset;
    reversed += later.reversed;
  }

  private static boolean isSane(long millis) {
    return millis >= EARLIEST && millis < LATEST;
  }

  /// The record with the first expiry that seems to be reversed.
  long firstOffset() {
    return firstOffset;
  }

  /// What to say, if there is something.
  Optional<String> doubt() {
    if (reversed == 0) {
      return Optional.empty();
    }
    String expiries = reversed == 1 ? "1 expiry makes" : reversed + " expiries make";
    return Optional.of(
        readsBigEndian
            ? expiries
                + " sense only read little-endian: the file was probably not written on a big-endian machine; check it without --big-endian-expiries"
            : expiries
                + " sense only read big-endian: the file was probably written on a big-endian machine; check it with --big-endian-expiries");
  }
}
