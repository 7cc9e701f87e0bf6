package io.redrill.rdb.convert;

import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.encoding.Crc64;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// What a survey found to be copied of a file, so that it can be copied without another look.
///
/// The plan is a list of stretches, each of which may choose a database and then holds ranges of
/// the file. Of a stretch the CRC-64 is noted as well. It is of the bytes that the survey read and
/// found sound, and goes into the checksum that is written: should the second reading give other
/// bytes, because the file changed or a disk failed, the checksum does not match them. Nobody takes
/// them for sound.
///
/// A range is two numbers of seven bits a byte, the lowest first, the highest bit set where more
/// follow: how many bytes are passed over, and how many are taken. Where the ranges take too much
/// room, or where something has to be written that stands in the file in another form, the plan is
/// given up, and the file has to be read record by record once more.
final class CopyPlan implements RecordSink {

  /// Enough for one or two million ranges.
  static final int MAX_RANGE_BYTES = 8 * 1024 * 1024;

  private static final int LEAST_RANGE_BYTES = 256;
  private static final int MAX_STRETCHES = 1024;
  private static final int NO_DB = -1;
  private static final int COPY_BYTES = 256 * 1024;
  private static final int SUMMED_BYTES = 32 * 1024;
  private static final int MAX_NUMBER_BYTES = 10;
  private static final byte[] NOTHING = {};

  /// @param db the database to choose in front of it, or -1
  /// @param rangesEnd where in [#ranges] its ranges end
  private record Stretch(int db, int rangesEnd, long length, long crc) {}

  private final RecordSink[] alone = {this};
  private final int maxRangeBytes;
  private final List<Stretch> stretches = new ArrayList<>();
  private byte[] ranges = NOTHING;
  private int rangesEnd;
  private int db = NO_DB;
  private boolean isGivenUp;

  // The stretch and the range that are not complete yet, and the end of the range before.
  private int chosenDb = NO_DB;
  private long length;
  private final Crc64 crc = new Crc64();
  private byte[] unsummed = NOTHING;
  private int unsummedBytes;
  private long rangeStart;
  private long rangeEnd;
  private long before;

  CopyPlan() {
    this(MAX_RANGE_BYTES);
  }

  /// As above, with room of `maxRangeBytes` for ranges.
  CopyPlan(int maxRangeBytes) {
    this.maxRangeBytes = maxRangeBytes;
  }

  /// Whether the file has to be read record by record once more.
  boolean isGivenUp() {
    return isGivenUp;
  }

  /// Gives the plan up: something does not stay as it is.
  void giveUp() {
    isGivenUp = true;
    stretches.clear();
    ranges = NOTHING;
    rangesEnd = 0;
    unsummed = NOTHING;
    unsummedBytes = 0;
  }

  /// Takes note that the bytes which are copied choose the database `selected`.
  void select(int selected) {
    db = selected;
  }

  @Override
  public RecordSink[] alone() {
    return alone;
  }

  @Override
  public int db() {
    return db;
  }

  @Override
  public void write(RdbRecord record) {
    switch (record) {
      case RdbRecord.SelectDb(int selected) -> {
        endStretch();
        chosenDb = selected;
        db = selected;
      }
      case RdbRecord.End _ -> {
        endStretch();
        unsummed = NOTHING;
      }
      default -> giveUp();
    }
  }

  @Override
  public void copy(byte[] records, int from, int length, long offset) {
    extend(offset, length);
    if (isGivenUp || length == 0) {
      return;
    }
    if (length >= SUMMED_BYTES) {
      sum();
      crc.update(records, from, length);
      return;
    }
    if (unsummed.length == 0) {
      unsummed = new byte[SUMMED_BYTES];
    }
    if (length > SUMMED_BYTES - unsummedBytes) {
      sum();
    }
    System.arraycopy(records, from, unsummed, unsummedBytes, length);
    unsummedBytes += length;
  }

  /// As [#copy], for `length` bytes that somebody else sums up, for [#summed].
  void extend(long offset, long length) {
    if (isGivenUp || length == 0) {
      return;
    }
    if (offset != rangeEnd) {
      endRange();
      rangeStart = offset;
    }
    rangeEnd = offset + length;
    this.length += length;
  }

  /// Adds the CRC-64 of the last `length` bytes of [#extend].
  void summed(long length, long crcOfBytes) {
    sum();
    crc.append(crcOfBytes, length);
  }

  private void sum() {
    crc.update(unsummed, 0, unsummedBytes);
    unsummedBytes = 0;
  }

  private void endRange() {
    if (rangeEnd > rangeStart) {
      putNumber(rangeStart - before);
      putNumber(rangeEnd - rangeStart);
      before = rangeEnd;
    }
    rangeStart = rangeEnd;
    if (rangesEnd > maxRangeBytes) {
      giveUp();
    }
  }

  private void putNumber(long number) {
    if (ranges.length - rangesEnd < MAX_NUMBER_BYTES) {
      ranges = Arrays.copyOf(ranges, Math.max(LEAST_RANGE_BYTES, 2 * ranges.length));
    }
    long rest = number;
    for (; rest > 0x7f; rest >>>= 7) {
      ranges[rangesEnd++] = (byte) (rest | 0x80);
    }
    ranges[rangesEnd++] = (byte) rest;
  }

  private void endStretch() {
    endRange();
    sum();
    if (isGivenUp) {
      return;
    }
    if (length > 0 || chosenDb != NO_DB) {
      stretches.add(new Stretch(chosenDb, rangesEnd, length, crc.value()));
    }
    chosenDb = NO_DB;
    length = 0;
    crc.reset();
    if (stretches.size() > MAX_STRETCHES) {
      giveUp();
    }
  }

  /// Writes what is planned, from `source`. The end of the file is not.
  ///
  /// @param sizes the sizes of a database, to be written after it was chosen
  /// @throws java.io.EOFException if the file is shorter by now
  void write(RdbSource source, RdbSink sink, IntFunction<Optional<RdbRecord.ResizeDb>> sizes)
      throws IOException {
    Copying copying = new Copying(source);
    for (Stretch stretch : stretches) {
      if (stretch.db != NO_DB) {
        sink.write(new RdbRecord.SelectDb(stretch.db));
        Optional<RdbRecord.ResizeDb> size = sizes.apply(stretch.db);
        if (size.isPresent()) {
          sink.write(size.get());
        }
      }
      sink.copy(stretch.length, stretch.crc, out -> copying.copy(stretch.rangesEnd, out));
    }
  }

  private final class Copying {

    private final RdbSource source;
    private final byte[] buffer = new byte[COPY_BYTES];
    private long bufferStart;
    private long bufferEnd;
    private int at;
    private long offset;

    Copying(RdbSource source) {
      this.source = source;
    }

    void copy(int end, OutputStream out) throws IOException {
      while (at < end) {
        offset += number();
        long rangeStop = offset + number();
        while (offset < rangeStop) {
          if (offset >= bufferEnd) {
            bufferStart = offset;
            bufferEnd = offset + source.read(buffer, offset);
          }
          int count = (int) (Math.min(bufferEnd, rangeStop) - offset);
          out.write(buffer, (int) (offset - bufferStart), count);
          offset += count;
        }
      }
    }

    private long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = ranges[at++];
        number |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }
  }
}
