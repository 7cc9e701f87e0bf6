package io.redrill.rdb;

import io.redrill.rdb.encoding.Crc64;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Puts an RDB, or a part of one, together byte by byte, for forms that no writer at hand writes.
public final class RdbBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// Begins with nothing.
  public RdbBytes() {}

  /// Begins with the nine characters of a header.
  public static RdbBytes file(String header) {
    return new RdbBytes().ascii(header);
  }

  /// Bytes as they are.
  public RdbBytes put(int... bytes) {
    for (int each : bytes) {
      out.write(each);
    }
    return this;
  }

  /// Bytes as they are.
  public RdbBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// Characters without a length.
  public RdbBytes ascii(String text) {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// A length in its shortest form.
  public RdbBytes length(long length) {
    RdbOutput shortest = new RdbOutput(false);
    shortest.putLength(length);
    return raw(shortest.toByteArray());
  }

  /// A string of these bytes, neither as an integer nor packed.
  public RdbBytes blob(byte[] bytes) {
    return length(bytes.length).raw(bytes);
  }

  /// A string, neither as an integer nor packed.
  public RdbBytes text(String text) {
    return blob(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Strings one after the other.
  public RdbBytes texts(String... texts) {
    for (String text : texts) {
      text(text);
    }
    return this;
  }

  /// `value` in `width` bytes, the lowest first.
  public RdbBytes little(int width, long value) {
    for (int i = 0; i < width; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  /// `value` in `width` bytes, the highest first.
  public RdbBytes big(int width, long value) {
    for (int i = width - 1; i >= 0; i--) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  /// The sixteen raw bytes of a stream's id.
  public RdbBytes id(long millis, long sequence) {
    return big(8, millis).big(8, sequence);
  }

  /// A key of type `type`; its value has to follow.
  public RdbBytes key(int type, String key) {
    return put(type).text(key);
  }

  /// How many bytes there are.
  public int size() {
    return out.size();
  }

  /// The bytes so far.
  public byte[] bytes() {
    return out.toByteArray();
  }

  /// The bytes with the end of a file and its checksum.
  public byte[] end() {
    put(Opcode.END);
    Crc64 crc = new Crc64();
    crc.update(out.toByteArray(), 0, out.size());
    return little(8, crc.value()).bytes();
  }

  /// The bytes with the end of a file that was written without a checksum.
  public byte[] endUnchecked() {
    return put(Opcode.END).little(8, 0).bytes();
  }
}
