package io.redrill.rdb;

import io.redrill.rdb.encoding.Lz4Frame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// The compression envelope of Valkey 9.2, in which a whole RDB is one LZ4 or zstd frame. Known
/// from descriptions only.
///
/// | bytes | what |
/// |---|---|
/// | 3 | `VCS` |
/// | 1 | 1, the version of the envelope |
/// | 1 | codec: 1 LZ4, 2 zstd |
/// | 1 | zero |
/// | 1 | 1 for an RDB, 2 for a replication stream |
/// | ... | one frame, which holds the RDB with its own header and checksum |
///
/// An older form has `VKCS`, version, codec, flags (bit 0: the frame has a checksum) and kind.
///
/// @param codec how the RDB is packed
public record RdbEnvelope(Codec codec) {

  private static final int MOST_BYTES = 8;
  private static final int VERSION = 1;
  private static final int RDB = 1;

  /// How the RDB is packed.
  public enum Codec {
    /// One LZ4 frame.
    LZ4,
    /// One zstd frame.
    ZSTD
  }

  /// Unpacks what this module, which has nothing but the JDK, cannot.
  @FunctionalInterface
  public interface Decompressor {

    /// Opens the zstd frame that begins with the next byte of `packed`; closing the result closes
    /// `packed`. Memory has to be bounded whatever the frame says.
    ///
    /// @param name what errors call the file
    /// @throws IOException if it fails to be read; a damaged frame is a [CorruptInputException],
    ///   here or while it is read
    InputStream open(InputStream packed, String name) throws IOException;
  }

  /// An RDB out of its envelope.
  ///
  /// @param envelope what it was in, if it was in one
  /// @param rdb its bytes; to be closed by whoever opened it
  public record Opened(Optional<RdbEnvelope> envelope, InputStream rdb) {}

  /// Whether `first`, the first bytes of a file, begin an envelope of any version.
  static boolean begins(byte[] first) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    return text.startsWith("VCS") || text.startsWith("VKCS");
  }

  /// Opens the envelope that begins with the next byte of `in`, or gives `in` as it is where there
  /// is none. Closing the result closes `in`; it is closed too if this fails.
  ///
  /// @param name what errors call the file
  /// @throws TooNewException if the envelope is of another version, codec or kind
  /// @throws CorruptInputException if it is cut short or malformed
  public static Opened open(InputStream in, String name, Decompressor zstd) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in);
    try {
      buffered.mark(MOST_BYTES);
      byte[] first = buffered.readNBytes(MOST_BYTES);
      buffered.reset();
      if (!begins(first)) {
        return new Opened(Optional.empty(), buffered);
      }
      boolean isOlder = first[1] == 'K';
      int length = isOlder ? 8 : 7;
      if (first.length < length) {
        throw new CorruptInputException(
            "the file ends inside its compression envelope", name, first.length);
      }
      RdbEnvelope envelope = parse(first, isOlder, name);
      buffered.skipNBytes(length);
      return new Opened(
          Optional.of(envelope),
          switch (envelope.codec()) {
            case LZ4 -> new Lz4Frame(buffered, name);
            case ZSTD -> zstd.open(buffered, name);
          });
    } catch (IOException e) {
      buffered.close();
      throw e;
    }
  }

  private static RdbEnvelope parse(byte[] first, boolean isOlder, String name)
      throws FormatException {
    int version = isOlder ? 4 : 3;
    if (first[version] != VERSION) {
      throw new TooNewException(
          "a compression envelope of Valkey of the unknown version " + (first[version] & 0xff),
          name,
          version);
    }
    int flags = first[version + 2] & (isOlder ? 0xfe : 0xff);
    if (flags != 0) {
      throw new TooNewException(
          "a compression envelope of Valkey with the unknown flags " + flags, name, version + 2);
    }
    int kind = first[version + 3] & 0xff;
    if (kind != RDB) {
      throw new TooNewException(
          "a compression envelope of Valkey that holds no RDB, but kind " + kind,
          name,
          version + 3);
    }
    return switch (first[version + 1]) {
      case 1 -> new RdbEnvelope(Codec.LZ4);
      case 2 -> new RdbEnvelope(Codec.ZSTD);
      default ->
          throw new TooNewException(
              "a compression envelope of Valkey with the unknown codec "
                  + (first[version + 1] & 0xff),
              name,
              version + 1);
    };
  }

  /// The refusal of a reader that was handed an envelope instead of what is in it.
  static TooNewException refusal(byte[] first, String input, long offset) {
    int codec = first[first[1] == 'K' ? 5 : 4] & 0xff;
    String name =
        codec >= 1 && codec <= Codec.values().length
            ? Codec.values()[codec - 1].name().toLowerCase(Locale.ROOT)
            : "codec " + codec;
    return new TooNewException(
        "the RDB is in a compression envelope of Valkey 9.2 ("
            + name
            + "), which the commands of redrill rdb open",
        input,
        offset);
  }
}
