package io.redrill.rdb.encoding;

import io.redrill.rdb.CorruptInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// Reads what one LZ4 frame holds; read only, and proof against hostile frames.
///
/// | bytes | what |
/// |---|---|
/// | 4 | `04 22 4d 18` |
/// | 1 | bits 7, 6: version 1; 5: blocks stand alone; 4: blocks have checksums; 3: the length is told; 2: the content has a checksum; 1: zero; 0: a dictionary is needed |
/// | 1 | bits 6 to 4: the greatest block, 4 for 64 KiB to 7 for 4 MiB |
/// | 8 | length of the content, if told |
/// | 1 | second byte of the XXH32 of all after the first four |
/// | 4 + ... | per block: its length, with the highest bit where it is not packed; the block; its XXH32, if there are any |
/// | 4 | zero |
/// | 4 | XXH32 of the content, if it has one |
///
/// A packed block is sequences of a token (literal count above, match length - 4 below; 15 is
/// continued by bytes of which 255 is continued too), literals, and the distance of the match (2).
/// The last has literals only. A match may reach 64 KiB back, into earlier blocks unless blocks
/// stand alone.
///
/// Memory: two blocks of the greatest size that the frame says (at most 4 MiB each), and 64 KiB.
/// Nothing may follow the frame. Not safe for use by several threads.
public final class Lz4Frame extends InputStream {

  private static final int MAGIC = 0x184d2204;
  private static final int WINDOW = 64 * 1024;
  private static final int LEAST_MATCH = 4;

  private final InputStream in;
  private final String name;
  private final Xxh32 contentChecksum = new Xxh32();
  private boolean isOpen;
  private boolean isEnded;
  private boolean areIndependent;
  private boolean haveChecksums;
  private boolean hasContentChecksum;
  private long contentBytes = -1;
  private int blockBytes;
  private byte[] packed = {};
  private byte[] plain = {};

  // The window ends at `start`; the block stands in [start, end) and is given from `at` on.
  private int start;
  private int at;
  private int end;
  private long packedOffset;
  private long plainBytes;

  /// Reads the frame that begins with the next byte of `in`, which [#close()] closes; errors call
  /// it `name`.
  public Lz4Frame(InputStream in, String name) {
    this.in = Objects.requireNonNull(in);
    this.name = Objects.requireNonNull(name);
  }

  @Override
  public int read() throws IOException {
    return ready() ? plain[at++] & 0xff : -1;
  }

  /// Reads some bytes, at least one; -1 at the end.
  ///
  /// @throws CorruptInputException if the frame is damaged or cut short; the offset counts from its
  ///   first byte
  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!ready()) {
      return -1;
    }
    int count = Math.min(length, end - at);
    System.arraycopy(plain, at, target, from, count);
    at += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean ready() throws IOException {
    try {
      if (!isOpen) {
        header();
        isOpen = true;
      }
      while (at == end) {
        if (isEnded) {
          return false;
        }
        block();
      }
      return true;
    } catch (EOFException e) {
      CorruptInputException corrupt = corrupt("an LZ4 frame is cut short");
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  private void header() throws IOException {
    if (word() != MAGIC) {
      throw corrupt("this is no LZ4 frame: it begins with another magic");
    }
    byte[] descriptor = new byte[10];
    fill(descriptor, 0, 2);
    int flags = descriptor[0] & 0xff;
    int sizes = descriptor[1] & 0xff;
    if ((flags & 0xc2) != 0x40 || (sizes & 0x8f) != 0 || sizes < 0x40) {
      throw corrupt("the header of an LZ4 frame is malformed");
    }
    if ((flags & 1) != 0) {
      throw corrupt("an LZ4 frame needs a dictionary, which nobody has");
    }
    areIndependent = (flags & 0x20) != 0;
    haveChecksums = (flags & 0x10) != 0;
    hasContentChecksum = (flags & 0x04) != 0;
    blockBytes = 1 << (8 + 2 * (sizes >>> 4));
    int length = 2;
    if ((flags & 0x08) != 0) {
      fill(descriptor, 2, 8);
      length = 10;
      contentBytes = LittleEndian.getLong(descriptor, 2);
    }
    if (octet() != (Xxh32.of(descriptor, 0, length) >>> 8 & 0xff)) {
      throw corrupt("the header of an LZ4 frame does not match its checksum");
    }
  }

  private void block() throws IOException {
    int stored = word();
    if (stored == 0) {
      finish();
      return;
    }
    int length = stored & 0x7fff_ffff;
    if (length > blockBytes) {
      throw corrupt("a block of an LZ4 frame is longer than the frame allows");
    }
    packed = grown(packed, length);
    fill(packed, 0, length);
    if (haveChecksums && word() != Xxh32.of(packed, 0, length)) {
      throw corrupt("a block of an LZ4 frame does not match its checksum");
    }
    slide();
    if (stored < 0) {
      room(length);
      System.arraycopy(packed, 0, plain, end, length);
      end += length;
    } else {
      unpack(length);
    }
    plainBytes += end - start;
    if (hasContentChecksum) {
      contentChecksum.update(plain, start, end - start);
    }
  }

  /// Keeps of what was given the window that the next block may reach into.
  private void slide() {
    int kept = areIndependent ? 0 : Math.min(WINDOW, end);
    System.arraycopy(plain, end - kept, plain, 0, kept);
    start = kept;
    at = kept;
    end = kept;
  }

  private void unpack(int length) throws IOException {
    int from = 0;
    while (true) {
      if (from == length) {
        throw malformed();
      }
      int token = packed[from++] & 0xff;
      long literals = (long) token >>> 4;
      if (literals == 15) {
        int next;
        do {
          next = byteOf(from++, length);
          literals += next;
        } while (next == 255);
      }
      if (literals > length - from) {
        throw malformed();
      }
      room(literals);
      System.arraycopy(packed, from, plain, end, (int) literals);
      end += (int) literals;
      from += (int) literals;
      if (from == length) {
        return;
      }
      int distance = byteOf(from++, length) | byteOf(from++, length) << 8;
      long match = (token & 15L) + LEAST_MATCH;
      if ((token & 15) == 15) {
        int next;
        do {
          next = byteOf(from++, length);
          match += next;
        } while (next == 255);
      }
      if (distance == 0 || distance > end) {
        throw malformed();
      }
      room(match);
      // It may overlap with what it makes.
      for (int left = (int) match; left > 0; left--) {
        plain[end] = plain[end - distance];
        end++;
      }
    }
  }

  private int byteOf(int index, int length) throws CorruptInputException {
    if (index >= length) {
      throw malformed();
    }
    return packed[index] & 0xff;
  }

  /// Makes room for `count` more bytes of the block; it grows with what the block really holds.
  private void room(long count) throws CorruptInputException {
    if (count > blockBytes - (end - start)) {
      throw corrupt("a block of an LZ4 frame holds more than the frame allows");
    }
    plain = grown(plain, end + (int) count);
  }

  private byte[] grown(byte[] array, int needed) {
    if (needed <= array.length) {
      return array;
    }
    byte[] next = new byte[Math.min(WINDOW + blockBytes, Math.max(needed, 2 * array.length))];
    System.arraycopy(array, 0, next, 0, array.length);
    return next;
  }

  private void finish() throws IOException {
    if (hasContentChecksum && word() != contentChecksum.value()) {
      throw corrupt("what an LZ4 frame holds does not match its checksum");
    }
    if (contentBytes != -1 && contentBytes != plainBytes) {
      throw corrupt("an LZ4 frame does not hold as much as it says");
    }
    if (in.read() != -1) {
      throw corrupt("bytes follow after an LZ4 frame");
    }
    isEnded = true;
  }

  private int octet() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException(name);
    }
    packedOffset++;
    return next;
  }

  private int word() throws IOException {
    return octet() | octet() << 8 | octet() << 16 | octet() << 24;
  }

  private void fill(byte[] target, int from, int length) throws IOException {
    int read = in.readNBytes(target, from, length);
    packedOffset += read;
    if (read < length) {
      throw new EOFException(name);
    }
  }

  private CorruptInputException malformed() {
    return corrupt("a block of an LZ4 frame is malformed");
  }

  private CorruptInputException corrupt(String problem) {
    return new CorruptInputException(problem, name, packedOffset);
  }
}
