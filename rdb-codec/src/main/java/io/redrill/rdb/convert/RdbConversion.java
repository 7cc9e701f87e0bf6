package io.redrill.rdb.convert;

import io.redrill.rdb.PackingLimits;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbWriterOptions;
import io.redrill.rdb.TargetTooOldException;
import io.redrill.rdb.filter.RdbFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes a file anew for a target.
///
/// Two passes: the first, [#plan], finds what the target cannot hold and whether the structure of
/// the file is sound, and is over before anything is written; the second, [#write], writes. What
/// the target reads as it is stays byte for byte, so a file that is the target's own already
/// changes in nothing.
///
/// One pass alone could not keep that promise to a stream. The second one is cheap where everything
/// stays as it is or is left out: it carries out a [CopyPlan] of the first, and does not look at
/// what it copies; the checksum vouches for what the first pass read. Where something changes its
/// form, the second pass reads record by record, and checks the file's own checksum again. A large
/// value is read some times more for that, and has to be the same each time.
///
/// Memory: a value, stored, where it changes its form, and decoded if it is small; an element of
/// one that is larger than [io.redrill.rdb.RdbReading#heldBytes]; what a stream says of its groups;
/// else buffers. A packed value that would change its form and is larger than a quarter of the heap
/// is refused by the first pass, and so is such a stream whose groups would take more than half of
/// it. Not safe for use by several threads.
public final class RdbConversion {

  /// A heap of 64 MiB has room for several such values and what they are encoded to.
  static final int DECODED_BYTES = 1024 * 1024;

  private static final byte[] NO_VALUE = {};

  private final RdbSource source;
  private final RecordFitting fitting;
  private final RdbFilter filter;
  private final RdbWriterOptions options;
  private final CompatReport survey;
  private final CopyPlan plan;
  private final int decodedBytes;
  private final LargeValues large;

  private RdbConversion(
      RdbSource source,
      RecordFitting fitting,
      RdbFilter filter,
      RdbWriterOptions options,
      CompatReport survey,
      CopyPlan plan,
      int decodedBytes) {
    this.source = source;
    this.fitting = fitting;
    this.filter = filter;
    this.options = options;
    this.survey = survey;
    this.plan = plan;
    this.decodedBytes = decodedBytes;
    this.large = new LargeValues(source, fitting);
  }

  /// Surveys what `filter` keeps of `source`. The caller closes `source`.
  ///
  /// @param limits up to where values that change their form are packed
  /// @param compression whether long strings in such values are packed with LZF
  /// @param nowMillis Unix time, by which keys count as expired
  /// @throws io.redrill.rdb.FormatException if the file is damaged
  public static RdbConversion plan(
      RdbSource source,
      RdbTarget target,
      RdbFilter filter,
      PackingLimits limits,
      boolean compression,
      long nowMillis)
      throws IOException {
    return plan(source, target, filter, limits, compression, nowMillis, DECODED_BYTES);
  }

  /// As above; values that take more than about `decodedBytes` when they are decoded as a whole
  /// change their form element by element.
  static RdbConversion plan(
      RdbSource source,
      RdbTarget target,
      RdbFilter filter,
      PackingLimits limits,
      boolean compression,
      long nowMillis,
      int decodedBytes)
      throws IOException {
    CopyPlan plan = new CopyPlan();
    return new RdbConversion(
        source,
        new RecordFitting(target, limits, compression),
        filter,
        new RdbWriterOptions(target.version(), compression, true),
        CompatSurvey.of(source, target, filter, nowMillis, plan),
        plan,
        decodedBytes);
  }

  /// What the first pass found.
  public CompatReport survey() {
    return survey;
  }

  /// What of the file the target cannot hold.
  public List<LossCount> losses() {
    return survey.targets().getFirst().losses();
  }

  /// Writes the file to `out`, which is flushed and stays open.
  ///
  /// @param accepted what may be lost
  /// @throws TargetTooOldException if something else would be; nothing is then written
  /// @throws io.redrill.rdb.FormatException if a value that changes its form proves damaged inside,
  ///   or the file is another by now
  public void write(OutputStream out, Set<Loss> accepted) throws IOException {
    for (LossCount lost : losses()) {
      if (!accepted.contains(lost.loss())) {
        throw new TargetTooOldException(lost.loss().content(), options.version());
      }
    }
    RdbSink sink = new RdbSink(out, options);
    if (!plan.isGivenUp()) {
      plan.write(source, sink, _ -> Optional.empty());
      sink.write(new RdbRecord.End(0, RdbRecord.Checksum.MATCHES));
      return;
    }
    KeptRecords kept = new KeptRecords(filter);
    source.each(pass -> {
      if (kept.keeps(pass.cursor())) {
        put(pass, sink);
      }
    });
  }

  private void put(RecordPass pass, RdbSink sink) throws IOException {
    RdbCursor cursor = pass.cursor();
    WalkedValue value = new WalkedValue(pass, true);
    switch (fitting.form(cursor, value)) {
      case AS_IS -> pass.copyTo(sink);
      case VALUE_AS_IS -> pass.copyValueTo(sink, fitting.entry(cursor, cursor.type(), NO_VALUE));
      case ENCODED_ANEW -> {
        pass.leaveOut();
        long crcBefore = cursor.crc();
        if (value.isLarger(decodedBytes)) {
          large.write(pass, crcBefore, sink);
        } else {
          pass.write(sink, fitting.encode(cursor));
        }
      }
      case LEFT_OUT -> {
        // its loss was accepted, or it is none
      }
    }
  }
}
