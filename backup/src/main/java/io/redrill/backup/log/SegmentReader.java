package io.redrill.backup.log;

import io.redrill.aof.AofReader;
import io.redrill.aof.AofRecord;
import io.redrill.backup.ErrorCode;
import io.redrill.backup.Failures;
import io.redrill.backup.RedrillException;
import io.redrill.backup.repository.Repository;
import io.redrill.backup.repository.RepositoryKeys;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.SourceName;
import io.redrill.rdb.ByteInput;
import io.redrill.rdb.FormatException;
import io.redrill.storage.ObjectKey;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Reads the commands of a segment, and proves it: when [#next] says that there is no more, the
/// checksum was right and the offsets add up.
///
/// Damage is a [RedrillException] with [ErrorCode#REPOSITORY_DAMAGED] that names the object; a
/// segment that is not there is [ErrorCode#OBJECT_MISSING]. Memory: one command.
public final class SegmentReader implements Closeable {

  private final SegmentName name;
  private final ObjectKey key;
  private final ByteInput in;
  private final AofReader records;
  private final SegmentHeader header;
  private long offset;

  private SegmentReader(Repository repository, SourceName source, SegmentName name) {
    this.name = name;
    this.key = RepositoryKeys.segment(source, name);
    this.offset = name.first();
    this.in = new ByteInput(new SegmentStream(repository, source, name), key.value());
    this.records = new AofReader(in);
    this.header = readHeader(source);
  }

  /// Opens a segment and reads its first line.
  public static SegmentReader open(Repository repository, SourceName source, SegmentName name) {
    return new SegmentReader(repository, source, name);
  }

  /// Reads only the first line.
  public static SegmentHeader header(Repository repository, SourceName source, SegmentName name) {
    try (SegmentReader reader = open(repository, source, name)) {
      return reader.header();
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private SegmentHeader readHeader(SourceName source) {
    if (read() instanceof AofRecord.Annotation annotation) {
      Optional<SegmentHeader> parsed = SegmentHeader.parse(annotation.text());
      if (parsed.isPresent()
          && parsed.get().source().equals(source)
          && parsed.get().timeline().equals(name.timeline())
          && parsed.get().first() == name.first()) {
        return parsed.get();
      }
    }
    throw damaged("it does not begin with the first line of this segment");
  }

  /// What the first line says.
  public SegmentHeader header() {
    return header;
  }

  /// The timeline of the segment.
  public String timeline() {
    return name.timeline();
  }

  /// The database that is selected after the command that was read last.
  public int db() {
    return records.db();
  }

  /// The next command, or empty at the proven end.
  public Optional<LogRecord> next() {
    while (true) {
      switch (read()) {
        case AofRecord.Command command -> {
          long start = offset;
          offset += command.length();
          long millis = command.time().map(AofRecord.TimeMark::unixMillis).orElse(0L);
          return Optional.of(new LogRecord(start, offset, millis, command));
        }
        case AofRecord.End(_, _, AofRecord.Tail tail) -> {
          if (offset != name.end() || !(tail instanceof AofRecord.Tail.Clean)) {
            throw damaged("its commands end at " + offset + ", not at its end");
          }
          return Optional.empty();
        }
        case AofRecord.TimeMark _,
            AofRecord.DatabaseMark _,
            AofRecord.PositionMark _,
            AofRecord.LengthMark _,
            AofRecord.Annotation _ -> {
          // They do not count.
        }
      }
    }
  }

  private AofRecord read() {
    try {
      return records.next();
    } catch (FormatException e) {
      throw RedrillException.causedBy(
          e, ErrorCode.REPOSITORY_DAMAGED, "object", key, "problem", e.problem());
    } catch (IOException e) {
      throw Failures.of(e, "object", key);
    }
  }

  private RedrillException damaged(String problem) {
    return new RedrillException(ErrorCode.REPOSITORY_DAMAGED, "object", key, "problem", problem);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
