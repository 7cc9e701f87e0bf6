package io.redrill.aof;

import static io.redrill.aof.CommandBuffer.constant;

import io.redrill.rdb.ByteSlice;
import io.redrill.rdb.CorruptInputException;
import io.redrill.rdb.DumpPayload;
import io.redrill.rdb.RdbCursor;
import io.redrill.rdb.RdbReading;
import io.redrill.rdb.RdbRecord;
import io.redrill.rdb.RdbType;
import io.redrill.rdb.RdbVersions;
import io.redrill.rdb.digest.KeyDigest;
import io.redrill.rdb.encoding.Crc64;
import io.redrill.rdb.encoding.LittleEndian;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/// Writes the keys of an RDB as commands that give a running server the same keys: what `redis-cli
/// --pipe` sends.
///
/// A key is one command, `RESTORE key expiry payload [REPLACE] ABSTTL [IDLETIME s | FREQ n]`, whose
/// payload holds the value as it is stored, between its type and a footer:
///
/// | bytes | what |
/// |---|---|
/// | 1 | value type |
/// | ... | value |
/// | 2 | the oldest RDB version that has payloads and the type, little-endian |
/// | 8 | CRC-64 of all bytes before, little-endian |
///
/// Or, expanded, it is ordinary commands ([ExpandedCommands]), as is every value that is too large
/// to be held, and consists of items: its payload would not fit into memory, or, from 512 MiB on,
/// into what servers take as an argument unless they are told otherwise. What has no command is
/// counted ([#losses]). A collection without elements is no key, as for servers. A key that is
/// already expired is sent, and is gone as soon as the server has it.
///
/// Memory: a buffer of 256 KiB beside what the cursor holds, and where values are expanded a
/// megabyte and the largest element, an entry of a stream, or the pending ids of one. Writing may
/// block as the output does, which stays the caller's to close. Not safe for use by several
/// threads.
public final class RestoreCommands {

  private static final byte[] SELECT = constant("SELECT");
  private static final byte[] RESTORE = constant("RESTORE");
  private static final byte[] REPLACE = constant("REPLACE");
  private static final byte[] ABSTTL = constant("ABSTTL");
  private static final byte[] IDLETIME = constant("IDLETIME");
  private static final byte[] FREQ = constant("FREQ");
  private static final byte[] FUNCTION = constant("FUNCTION");
  private static final byte[] LOAD = constant("LOAD");

  private static final int FOOTER_BYTES = 10;

  /// A count of zero, an empty packed encoding, or a few nodes of such.
  private static final int MOST_EMPTY_BYTES = 64;

  private static final int MOST_ARGUMENT_BYTES = 512 << 20;

  private final CommandBuffer out;
  private final RestoreOptions options;
  private final RestoreLosses losses = new RestoreLosses();
  private final ExpandedCommands expanded;
  private final KeyDigest digest = new KeyDigest();
  private final byte[] type = new byte[1];
  private final byte[] footer = new byte[FOOTER_BYTES];
  private int selected = -1;
  private long keys;
  private long functions;
  private long largeKeys;

  /// How to read a file of which commands are written: values are held up to a quarter of the heap,
  /// as far as a server takes their payload.
  public static RdbReading reading() {
    return RdbReading.DEFAULT.holding(
        (int) Math.min(MOST_ARGUMENT_BYTES, Runtime.getRuntime().maxMemory() / 4));
  }

  /// Writes to `out`, in large pieces.
  public RestoreCommands(OutputStream out, RestoreOptions options) {
    this.out = new CommandBuffer(out);
    this.options = options;
    this.expanded = new ExpandedCommands(this.out, options, losses);
  }

  /// Writes the key that `cursor` is at.
  ///
  /// @throws IOException if its value is damaged, or the input or the output fails. A damaged value
  ///   may leave a part of the key's ordinary commands written, but never a part of a command
  public void key(RdbCursor cursor) throws IOException {
    if (cursor.db() != selected) {
      selected = cursor.db();
      out.begin(2);
      out.raw(SELECT);
      out.argument(selected);
    }
    if (!isKey(cursor)) {
      return;
    }
    boolean isExpanded = isExpanded(cursor);
    largeKeys += isExpanded && !options.expand() ? 1 : 0;
    if (isExpanded) {
      expanded.key(cursor);
    } else {
      restore(cursor);
    }
    keys++;
    if (cursor.hasMetadata() && (isExpanded || !options.metadata())) {
      losses.add(RestoreLoss.KEY_METADATA);
    }
  }

  /// Whether [#key] would write the key that `cursor` is at as `RESTORE`.
  ///
  /// @throws IOException as [#key] does
  public boolean isRestored(RdbCursor cursor) throws IOException {
    return isKey(cursor) && !isExpanded(cursor);
  }

  private boolean isExpanded(RdbCursor cursor) {
    return ExpandedCommands.expands(cursor.type().kind())
        && (options.expand() || (!cursor.isValueHeld() && cursor.type().consistsOfItems()));
  }

  /// Whether a server takes the value: it refuses a collection without elements, and so all that
  /// would come after it. What servers write of such a value is small, so that others need no look;
  /// a list of very many empty nodes, which none writes, is not noticed.
  private boolean isKey(RdbCursor cursor) throws IOException {
    if (!cursor.holdValue()
        || cursor.type() == RdbType.STRING
        || cursor.value().length() > MOST_EMPTY_BYTES) {
      return true;
    }
    digest.begin(cursor.key(), cursor.expireAtMillis(), cursor.type().kind());
    try {
      cursor.walk(digest);
    } catch (CorruptInputException e) {
      return true; // whether it is damaged is for whoever gets it to say, as of larger ones
    }
    digest.end();
    return digest.isKey();
  }

  private void restore(RdbCursor cursor) throws IOException {
    RdbType stored = cursor.type();
    if (options.metadata() && cursor.hasMetadata()) {
      byte[] payload = DumpPayload.of(cursor.entry());
      restore(cursor, () -> out.argument(payload, 0, payload.length));
    } else if (stored.refersToTemplate()) {
      // What it refers to stands elsewhere in the file.
      RdbRecord.Entry complete = cursor.entry();
      restore(cursor, () -> payload(complete.type(), ByteSlice.of(complete.value())));
    } else {
      ByteSlice value = cursor.value();
      restore(cursor, () -> payload(stored, value));
    }
  }

  private interface Argument {
    void write() throws IOException;
  }

  private void restore(RdbCursor cursor, Argument payload) throws IOException {
    boolean hasIdle = cursor.idleSeconds() >= 0;
    boolean hasFrequency = !hasIdle && cursor.frequency() >= 0;
    out.begin(5 + (options.replace() ? 1 : 0) + (hasIdle || hasFrequency ? 2 : 0));
    out.raw(RESTORE);
    out.argument(cursor.key());
    out.argument(expiry(cursor.expireAtMillis()));
    payload.write();
    out.raw(ABSTTL);
    if (options.replace()) {
      out.raw(REPLACE);
    }
    if (hasIdle) {
      out.raw(IDLETIME);
      out.argument(cursor.idleSeconds());
    } else if (hasFrequency) {
      out.raw(FREQ);
      out.argument(cursor.frequency());
    }
  }

  /// The expiry as `RESTORE` takes it: 0 is for never, and what lies before is refused.
  private static long expiry(long expireAtMillis) {
    return expireAtMillis == RdbRecord.Entry.NO_EXPIRY ? 0 : Math.max(1, expireAtMillis);
  }

  private void payload(RdbType stored, ByteSlice value) throws IOException {
    type[0] = (byte) stored.number();
    LittleEndian.putShort(footer, 0, (short) RdbVersions.oldestOfPayload(stored, value, false));
    Crc64 crc = new Crc64();
    crc.update(type, 0, 1);
    crc.update(value.array(), value.offset(), value.length());
    crc.update(footer, 0, 2);
    LittleEndian.putLong(footer, 2, crc.value());
    out.beginArgument(1L + value.length() + FOOTER_BYTES);
    out.raw(type);
    out.raw(value.array(), value.offset(), value.length());
    out.raw(footer);
    out.endArgument();
  }

  /// Writes a library of functions, where the server may have such.
  ///
  /// @throws IOException if the output fails
  public void function(byte[] source) throws IOException {
    if (!options.since70()) {
      losses.add(RestoreLoss.FUNCTIONS);
      return;
    }
    out.begin(options.replace() ? 4 : 3);
    out.raw(FUNCTION);
    out.raw(LOAD);
    if (options.replace()) {
      out.raw(REPLACE);
    }
    out.argument(source, 0, source.length);
    functions++;
  }

  /// Hands the output all that was written so far; without a call, up to a buffer may be missing.
  ///
  /// @throws IOException if the output fails
  public void flush() throws IOException {
    out.flush();
  }

  /// How many commands were begun, each of which a server answers once. All but the last are then
  /// written in full, to the output or to what [#flush] hands it.
  public long commands() {
    return out.commands();
  }

  /// How many keys were written.
  public long keys() {
    return keys;
  }

  /// How many keys were written as ordinary commands though that was not asked for, as their values
  /// are too large.
  public long largeKeys() {
    return largeKeys;
  }

  /// How many libraries of functions were written.
  public long functions() {
    return functions;
  }

  /// What has no command, and how often it was met; empty where everything that was given has its
  /// commands.
  public Map<RestoreLoss, Long> losses() {
    return losses.counts();
  }
}
