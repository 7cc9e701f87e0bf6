package io.redrill.backup.log;

import com.github.luben.zstd.ZstdOutputStream;
import io.redrill.backup.repository.SegmentName;
import io.redrill.backup.repository.Sha256;
import io.redrill.backup.repository.SourceName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/// A segment that is being filled, in memory.
///
/// The caller appends whole commands or whole transactions. Time marks do not fall within a
/// segment: a clock that steps back is held until it catches up.
final class SegmentBuilder {

  private final SourceName source;
  private final String timeline;
  private final long first;
  private final int db;
  private final Optional<String> after;
  private Optional<FileOrigin> origin = Optional.empty();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final MessageDigest commands = Sha256.digest();
  private long end;
  private long firstMillis = -1;
  private long lastMillis = -1;
  private boolean hasWrites;

  /// Begins a segment at `first`, where database `db` is selected.
  SegmentBuilder(SourceName source, String timeline, long first, int db, Optional<String> after) {
    this.source = source;
    this.timeline = timeline;
    this.first = first;
    this.end = first;
    this.db = db;
    this.after = after;
  }

  /// Appends bytes of the log that were received at `atMillis`.
  ///
  /// @param writes whether they change data, or only keep the connection alive
  void append(byte[] bytes, int length, long atMillis, boolean writes) {
    long millis = Math.max(atMillis, lastMillis);
    if (millis != lastMillis) {
      body.writeBytes(ascii("#REDRILL:T=" + millis + "\r\n"));
      firstMillis = firstMillis < 0 ? millis : firstMillis;
      lastMillis = millis;
    }
    body.write(bytes, 0, length);
    commands.update(bytes, 0, length);
    end += length;
    hasWrites |= writes;
  }

  /// Says where in a followed file the bytes that were appended last stand.
  void origin(FileOrigin last) {
    long from = origin.map(FileOrigin::first).orElse(last.first());
    origin = Optional.of(new FileOrigin(last.file(), from, last.end()));
  }

  boolean isEmpty() {
    return end == first;
  }

  boolean hasWrites() {
    return hasWrites;
  }

  int sizeBytes() {
    return body.size();
  }

  long end() {
    return end;
  }

  Instant lastAt() {
    return Instant.ofEpochMilli(lastMillis);
  }

  SegmentName name() {
    return new SegmentName(timeline, first, end);
  }

  /// The SHA-256 of the commands alone; to be asked once, at the end.
  String commandsSha256() {
    return Sha256.hex(commands);
  }

  /// The object to store.
  byte[] compressed(int level) {
    ByteArrayOutputStream object = new ByteArrayOutputStream(body.size() / 2 + 1024);
    try (ZstdOutputStream zstd = new ZstdOutputStream(object, level)) {
      zstd.setChecksum(true);
      DigestOutputStream hashed = new DigestOutputStream(zstd, Sha256.digest());
      write(hashed);
      zstd.write(
          ascii("#REDRILL:END " + end + " " + Sha256.hex(hashed.getMessageDigest()) + "\r\n"));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return object.toByteArray();
  }

  private void write(OutputStream out) throws IOException {
    SegmentHeader header =
        new SegmentHeader(
            source,
            timeline,
            first,
            Instant.ofEpochMilli(firstMillis),
            Instant.ofEpochMilli(lastMillis),
            after,
            origin);
    out.write(header.toLine().getBytes(StandardCharsets.UTF_8));
    out.write(ascii("#REDRILL:DB=" + db + "\r\n"));
    body.writeTo(out);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
